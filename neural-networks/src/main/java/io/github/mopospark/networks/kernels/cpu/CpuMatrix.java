package io.github.mopospark.networks.kernels.cpu;

import io.github.mopospark.networks.kernels.Matrix;
import java.util.Objects;

/** A matrix in a heap array. */
final class CpuMatrix extends Matrix {
    private final float[] numbers;
    private final int offset;
    private final int stride;

    CpuMatrix(float[] numbers, int offset, int rows, int columns) {
        super(rows, columns);
        this.numbers = numbers;
        this.offset = offset;
        this.stride = stride();
        Objects.checkFromIndexSize(offset, Math.multiplyExact(rows, stride), numbers.length);
    }

    float[] numbers() {
        return numbers;
    }

    /** Where a row starts in the array. */
    int start(int row) {
        return offset + row * stride;
    }

    @Override
    public void read(int row, int column, float[] target, int targetOffset, int count) {
        checkPlace(row, column, count);
        System.arraycopy(numbers, start(row) + column, target, targetOffset, count);
    }

    @Override
    public void write(int row, int column, float[] source, int sourceOffset, int count) {
        checkPlace(row, column, count);
        System.arraycopy(source, sourceOffset, numbers, start(row) + column, count);
    }

    private void checkPlace(int row, int column, int count) {
        Objects.checkIndex(row, rows());
        Objects.checkFromIndexSize(column, count, columns());
    }
}

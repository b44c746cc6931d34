package io.github.mopospark.networks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

/** A matrix inside a longer vector, so that a test sees its padding and what lies before and after it. */
public final class Framed {
    /** What lies around; a result that depends on it is far off. */
    private static final float FRAME = 7e7f;

    private final Matrix vector;
    private final Matrix matrix;

    private Framed(Kernels kernels, int rows, int columns) {
        int size = Matrix.blockSize(rows, columns);
        vector = kernels.allocate(1, size + 2 * Matrix.ALIGNMENT);
        float[] memory = new float[vector.columns()];
        Arrays.fill(memory, FRAME);
        Arrays.fill(memory, Matrix.ALIGNMENT, Matrix.ALIGNMENT + size, 0f);
        vector.write(0, 0, memory, 0, memory.length);
        matrix = kernels.view(vector, Matrix.ALIGNMENT, rows, columns);
    }

    /** A matrix of given numbers. */
    public static Framed of(Kernels kernels, int rows, int columns, float... numbers) {
        Framed framed = new Framed(kernels, rows, columns);
        framed.matrix.writeRows(0, rows, numbers, 0);
        return framed;
    }

    /** A matrix of one number. */
    public static Framed filled(Kernels kernels, int rows, int columns, float number) {
        float[] numbers = new float[rows * columns];
        Arrays.fill(numbers, number);
        return of(kernels, rows, columns, numbers);
    }

    /** A matrix of uniform numbers from -1 to 1. */
    public static Framed random(Kernels kernels, int rows, int columns, Random random) {
        return of(kernels, rows, columns, numbers(rows * columns, random));
    }

    /** Uniform numbers from -1 to 1. */
    public static float[] numbers(int count, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    /** The matrix. */
    public Matrix matrix() {
        return matrix;
    }

    /** Its numbers, packed. */
    public float[] numbers() {
        return matrix.toArray();
    }

    /** Requires that nothing around the matrix changed. */
    public void requireFrame() {
        float[] memory = vector.toArray();
        int end = memory.length - Matrix.ALIGNMENT;
        for (int i = 0; i < Matrix.ALIGNMENT; i++) {
            assertThat(memory[i]).as("place %d before a %s", i, matrix).isEqualTo(FRAME);
            assertThat(memory[end + i]).as("place %d after a %s", i, matrix).isEqualTo(FRAME);
        }
    }

    /** Requires that nothing around the matrix changed and its padding is zero. */
    public void requireFrameAndPadding() {
        requireFrame();
        float[] memory = vector.toArray();
        int end = memory.length - Matrix.ALIGNMENT;
        for (int place = Matrix.ALIGNMENT; place < end; place++) {
            int row = (place - Matrix.ALIGNMENT) / matrix.stride();
            int column = (place - Matrix.ALIGNMENT) % matrix.stride();
            if (row >= matrix.rows() || column >= matrix.columns()) {
                assertThat(memory[place])
                        .as("padding of a %s at row %d, column %d", matrix, row, column)
                        .isZero();
            }
        }
    }
}

package io.github.mopospark.networks.kernels.nd4j;

import io.github.mopospark.networks.kernels.Matrix;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A matrix in an ND4J buffer. ND4J's products are fast in 'f' order only, so arrays show the transposed matrix: rows of a
 * batch are columns of an array. Arrays leave the padding out, and so products never read or write it.
 */
final class Nd4jMatrix extends Matrix {
    /** Arrays that are kept; making one takes ND4J about 8 us, half of what a small product takes. */
    private static final int MOST_ARRAYS = 64;

    private final INDArray memory;
    private final int offset;
    private final FloatBuffer host;
    private final Map<Part, INDArray> arrays = new ConcurrentHashMap<>();

    /** What an array shows: a part of the matrix in one of the forms below. */
    private record Part(Form form, int firstColumn, int columns, int firstRow, int rows) {}

    private enum Form {
        BLOCK,
        FLAT,
        ROWS,
        WHOLE,
        TRANSPOSED
    }

    /**
     * A matrix of zeros in memory of its own.
     *
     * @param onHost whether that memory is the host's, for Java to reach in place
     */
    Nd4jMatrix(boolean onHost, int rows, int columns) {
        super(rows, columns);
        memory = Nd4j.create(DataType.FLOAT, blockSize(rows, columns));
        host = onHost ? memory.data().asNioFloat() : null;
        offset = 0;
    }

    private Nd4jMatrix(INDArray memory, FloatBuffer host, int offset, int rows, int columns) {
        super(rows, columns);
        this.memory = memory;
        this.host = host;
        this.offset = offset;
    }

    /** A block of its memory. */
    Nd4jMatrix view(int first, int rows, int columns) {
        return new Nd4jMatrix(memory, host, offset + first, rows, columns);
    }

    /** A block, transposed: {@code [columns, rows]} in 'f' order. */
    INDArray block(int firstColumn, int columns, int firstRow, int rows) {
        return array(
                new Part(Form.BLOCK, firstColumn, columns, firstRow, rows),
                new long[] {columns, rows},
                new long[] {1, stride()},
                'f');
    }

    /** All columns of some rows, transposed. */
    INDArray block(int firstRow, int rows) {
        return block(0, columns(), firstRow, rows);
    }

    /** All of it, transposed. */
    INDArray block() {
        return block(0, rows());
    }

    /** A part of the memory, padding included: {@code [count]}. */
    INDArray flat(int first, int count) {
        return array(new Part(Form.FLAT, first, count, 0, 1), new long[] {count}, new long[] {1}, 'c');
    }

    /** All the memory of some rows. */
    INDArray flatRows(int firstRow, int rows) {
        return flat(firstRow * stride(), rows * stride());
    }

    /** Some rows, padding included: {@code [rows, stride]} in 'c' order. */
    INDArray rows(int firstRow, int rows) {
        return array(
                new Part(Form.ROWS, 0, stride(), firstRow, rows),
                new long[] {rows, stride()},
                new long[] {stride(), 1},
                'c');
    }

    /** All of it as it is: {@code [rows, columns]}. */
    INDArray whole() {
        return array(
                new Part(Form.WHOLE, 0, columns(), 0, rows()),
                new long[] {rows(), columns()},
                new long[] {stride(), 1},
                'c');
    }

    /** What {@link #block()} is, called 'c' order: so ND4J copies 256 x 256 into {@link #whole()} in 115 us, not in 400. */
    INDArray transposed() {
        return array(
                new Part(Form.TRANSPOSED, 0, columns(), 0, rows()),
                new long[] {columns(), rows()},
                new long[] {1, stride()},
                'c');
    }

    private INDArray array(Part part, long[] shape, long[] strides, char order) {
        if (arrays.size() > MOST_ARRAYS) {
            arrays.clear();
        }
        return arrays.computeIfAbsent(part, key -> {
            int first = place(key.firstRow(), key.firstColumn());
            // No element-wise stride where the order is not the memory's.
            return key.form() == Form.TRANSPOSED
                    ? Nd4j.create(memory.data(), shape, strides, first, 0, order)
                    : Nd4j.create(memory.data(), shape, strides, first, order);
        });
    }

    private int place(int row, int column) {
        return offset + row * stride() + column;
    }

    @Override
    public void read(int row, int column, float[] target, int targetOffset, int count) {
        checkPlace(row, column, count);
        if (host != null) {
            host.get(place(row, column), target, targetOffset, count);
        } else {
            System.arraycopy(fetch(row, column, count), 0, target, targetOffset, count);
        }
    }

    @Override
    public void write(int row, int column, float[] source, int sourceOffset, int count) {
        checkPlace(row, column, count);
        if (host != null) {
            host.put(place(row, column), source, sourceOffset, count);
        } else {
            store(row, column, Arrays.copyOfRange(source, sourceOffset, sourceOffset + count));
        }
    }

    private void checkPlace(int row, int column, int count) {
        Objects.checkIndex(row, rows());
        Objects.checkFromIndexSize(column, count, columns());
    }

    @Override
    public void readRows(int from, int to, float[] target, int targetOffset) {
        if (host != null || from == to) {
            super.readRows(from, to, target, targetOffset);
            return;
        }
        Objects.checkFromToIndex(from, to, rows());
        float[] padded = fetch(from, 0, (to - from) * stride());
        for (int i = 0; i < to - from; i++) {
            System.arraycopy(padded, i * stride(), target, targetOffset + i * columns(), columns());
        }
    }

    @Override
    public void writeRows(int from, int to, float[] source, int sourceOffset) {
        if (host != null || from == to) {
            super.writeRows(from, to, source, sourceOffset);
            return;
        }
        Objects.checkFromToIndex(from, to, rows());
        float[] padded = new float[(to - from) * stride()];
        for (int i = 0; i < to - from; i++) {
            System.arraycopy(source, sourceOffset + i * columns(), padded, i * stride(), columns());
        }
        store(from, 0, padded);
    }

    /** Copies numbers from a device, in one transfer. */
    private float[] fetch(int row, int column, int count) {
        try (INDArray copy = part(row, column, count).dup()) {
            return copy.data().asFloat();
        }
    }

    private void store(int row, int column, float[] numbers) {
        if (numbers.length > 0) {
            try (INDArray copy = Nd4j.createFromArray(numbers)) {
                part(row, column, numbers.length).assign(copy);
            }
        }
    }

    private INDArray part(int row, int column, int count) {
        return Nd4j.create(memory.data(), new long[] {count}, new long[] {1}, place(row, column), 'c');
    }
}

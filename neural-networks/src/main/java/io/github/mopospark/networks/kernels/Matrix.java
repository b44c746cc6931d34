package io.github.mopospark.networks.kernels;

/**
 * A dense matrix of floats in the memory of a {@link Kernels}: row-major, {@code stride} floats a row, which is
 * {@code columns} rounded up to {@link #ALIGNMENT}. What lies between is zero and stays zero while all numbers are finite,
 * so that kernels may read and write whole vectors; no number in a column ever depends on it. The same memory, read column-major, is ND4J's 'f' order of the transposed matrix.
 */
public abstract class Matrix {
    /** Floats in a vector of the widest machine so far; a constant, so that a layout does not depend on the machine. */
    public static final int ALIGNMENT = 16;

    private static final int CROWDED = 128;

    private final int rows;
    private final int columns;

    /**
     * A matrix of a shape.
     *
     * @param rows at least 1
     * @param columns at least 1
     * @throws IllegalArgumentException if the shape is not one
     */
    protected Matrix(int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "a matrix must have at least 1 row and 1 column, but was asked for %d x %d"
                            .formatted(rows, columns));
        }
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * Rounds up to {@link #ALIGNMENT}.
     *
     * @param size a number of rows or columns
     * @return the least multiple of the alignment that is not smaller
     */
    public static int aligned(int size) {
        return Math.addExact(size, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Floats from one row to the next of a matrix.
     *
     * @param columns its columns
     * @return the columns, rounded up; and one alignment more where rows would lie a multiple of {@value #CROWDED} floats apart,
     *     since a cache has room for a few such rows only
     */
    public static int stride(int columns) {
        int least = aligned(columns);
        return least % CROWDED == 0 ? Math.addExact(least, ALIGNMENT) : least;
    }

    /**
     * Floats that a block of a flat vector takes: a row alone its stride, a matrix also rounded up in its rows, so that it
     * can be multiplied by whole strides from either side.
     *
     * @param rows rows of the block
     * @param columns columns of the block
     * @return floats, a multiple of the alignment
     */
    public static int blockSize(int rows, int columns) {
        return Math.multiplyExact(rows == 1 ? 1 : aligned(rows), stride(columns));
    }

    /**
     * Its rows.
     *
     * @return the number of rows
     */
    public final int rows() {
        return rows;
    }

    /**
     * Its columns.
     *
     * @return the number of columns
     */
    public final int columns() {
        return columns;
    }

    /**
     * Floats from one row to the next.
     *
     * @return the columns, rounded up
     */
    public final int stride() {
        return stride(columns);
    }

    /**
     * Copies a part of a row out.
     *
     * @param row the row
     * @param column the first column
     * @param target where to
     * @param offset the first place in the target
     * @param count how many numbers
     */
    public abstract void read(int row, int column, float[] target, int offset, int count);

    /**
     * Copies numbers into a part of a row.
     *
     * @param row the row
     * @param column the first column
     * @param source where from
     * @param offset the first place in the source
     * @param count how many numbers
     */
    public abstract void write(int row, int column, float[] source, int offset, int count);

    /**
     * Copies rows out, packed.
     *
     * @param from the first row
     * @param to the row after the last
     * @param target {@code [to - from, columns]}
     * @param offset the first place in the target
     */
    public void readRows(int from, int to, float[] target, int offset) {
        for (int row = from; row < to; row++) {
            read(row, 0, target, offset + (row - from) * columns, columns);
        }
    }

    /**
     * Copies packed rows in.
     *
     * @param from the first row
     * @param to the row after the last
     * @param source {@code [to - from, columns]}
     * @param offset the first place in the source
     */
    public void writeRows(int from, int to, float[] source, int offset) {
        for (int row = from; row < to; row++) {
            write(row, 0, source, offset + (row - from) * columns, columns);
        }
    }

    /**
     * All its numbers, packed.
     *
     * @return {@code [rows, columns]}
     */
    public final float[] toArray() {
        float[] numbers = new float[Math.multiplyExact(rows, columns)];
        readRows(0, rows, numbers, 0);
        return numbers;
    }

    @Override
    public final String toString() {
        return "%d x %d matrix".formatted(rows, columns);
    }
}

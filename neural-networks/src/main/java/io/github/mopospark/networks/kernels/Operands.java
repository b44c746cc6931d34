package io.github.mopospark.networks.kernels;

import java.util.Objects;

/** What operands the operations of {@link Kernels} take: every implementation asks here before it computes. */
public final class Operands {
    private Operands() {}

    /**
     * Checks a view's place.
     *
     * @param vector what it is a block of
     * @param offset where the block starts
     * @param rows the block's rows
     * @param columns the block's columns
     */
    public static void requireView(Matrix vector, int offset, int rows, int columns) {
        if (vector.rows() != 1 || offset % Matrix.ALIGNMENT != 0) {
            throw new IllegalArgumentException("a block must start at a multiple of %d of a vector, not at %d of a %s"
                    .formatted(Matrix.ALIGNMENT, offset, vector));
        }
        Objects.checkFromIndexSize(offset, Matrix.blockSize(rows, columns), vector.stride());
    }

    /**
     * Checks the operands of {@link Kernels#forward}.
     *
     * @param x the input
     * @param w the weights
     * @param b the biases
     * @param y the output
     * @param slope the slope or null
     * @param from the first row
     * @param to the row after the last
     */
    public static void requireForward(Matrix x, Matrix w, Matrix b, Matrix y, Matrix slope, int from, int to) {
        require(x.columns() == w.rows(), "the input's columns must be the weights' rows", x, w);
        require(y.columns() == w.columns(), "the output's columns must be the weights'", y, w);
        require(b.rows() == 1 && b.columns() == w.columns(), "the biases must be a row as wide as the weights", b, w);
        Objects.checkFromToIndex(from, to, Math.min(x.rows(), y.rows()));
        if (slope != null) {
            require(slope.columns() == y.columns(), "the slope's columns must be the output's", slope, y);
            Objects.checkFromToIndex(from, to, slope.rows());
        }
    }

    /**
     * Checks the operands of {@link Kernels#backward}.
     *
     * @param dy the gradient of the next layer's sums
     * @param transposed the next layer's weights, transposed
     * @param activation this layer's
     * @param y this layer's output
     * @param slope this layer's slope
     * @param dx the result
     * @param from the first row
     * @param to the row after the last
     */
    public static void requireBackward(
            Matrix dy, Matrix transposed, Activation activation, Matrix y, Matrix slope, Matrix dx, int from, int to) {
        require(dy.columns() == transposed.rows(), "the gradient's columns must be the weights' rows", dy, transposed);
        require(dx.columns() == transposed.columns(), "the result's columns must be the weights'", dx, transposed);
        Objects.checkFromToIndex(from, to, Math.min(dy.rows(), dx.rows()));
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> requireFactor(y, "y", dx, from, to);
            case SWISH -> requireFactor(slope, "slope", dx, from, to);
        }
    }

    private static void requireFactor(Matrix factor, String name, Matrix dx, int from, int to) {
        Objects.requireNonNull(factor, name);
        require(factor.columns() == dx.columns(), "the columns of both must be one", factor, dx);
        Objects.checkFromToIndex(from, to, factor.rows());
    }

    /**
     * Checks the operands of {@link Kernels#gradient}.
     *
     * @param x the layer's input
     * @param dy the gradient of its sums
     * @param rows rows of the batch
     * @param dw the gradient of its weights
     * @param db the gradient of its biases
     * @param part which part
     * @param parts how many parts
     */
    public static void requireGradient(Matrix x, Matrix dy, int rows, Matrix dw, Matrix db, int part, int parts) {
        require(x.columns() == dw.rows(), "the input's columns must be the gradient's rows", x, dw);
        require(dy.columns() == dw.columns(), "the columns of both must be one", dy, dw);
        require(
                db.rows() == 1 && db.columns() == dy.columns(),
                "the biases' gradient must be a row as wide as the sums'",
                db,
                dy);
        if (rows < 1) {
            throw new IllegalArgumentException(
                    "a gradient must be over at least 1 row, but was over %d".formatted(rows));
        }
        Objects.checkFromToIndex(0, rows, Math.min(x.rows(), dy.rows()));
        Objects.checkIndex(part, parts);
    }

    /**
     * Checks the operands of {@link Kernels#transpose}.
     *
     * @param w the matrix
     * @param transposed where its transpose goes
     */
    public static void requireTranspose(Matrix w, Matrix transposed) {
        require(
                w.rows() == transposed.columns() && w.columns() == transposed.rows(),
                "one's rows must be the other's columns",
                w,
                transposed);
    }

    /**
     * Checks that two matrices have one shape.
     *
     * @param first a matrix
     * @param second another
     */
    public static void requireSameShape(Matrix first, Matrix second) {
        require(
                first.rows() == second.rows() && first.columns() == second.columns(),
                "the shapes must be one",
                first,
                second);
    }

    /**
     * Checks that two matrices are vectors of one length, and a part of them.
     *
     * @param first a vector
     * @param second another
     * @param part which part
     * @param parts how many parts
     */
    public static void requireVectors(Matrix first, Matrix second, int part, int parts) {
        requireSameShape(first, second);
        require(first.rows() == 1, "both must be vectors of one row", first, second);
        Objects.checkIndex(part, parts);
    }

    /**
     * Checks the operands of {@link Kernels#gather}.
     *
     * @param source where rows come from
     * @param rows their numbers
     * @param from the first place
     * @param to the place after the last
     * @param target where they go
     */
    public static void requireGather(Matrix source, int[] rows, int from, int to, Matrix target) {
        require(source.columns() == target.columns(), "the columns of both must be one", source, target);
        Objects.checkFromToIndex(from, to, Math.min(rows.length, target.rows()));
        for (int i = from; i < to; i++) {
            Objects.checkIndex(rows[i], source.rows());
        }
    }

    private static void require(boolean fits, String rule, Matrix first, Matrix second) {
        if (!fits) {
            throw new IllegalArgumentException("%s, but they are a %s and a %s".formatted(rule, first, second));
        }
    }

    /**
     * Where a part of a vector of a padded length begins: at a multiple of the alignment.
     *
     * @param length the padded length
     * @param part which part; the number of parts gives the end of the last
     * @param parts how many parts
     * @return the first place of the part
     */
    public static int boundary(int length, int part, int parts) {
        return (int) ((long) length / Matrix.ALIGNMENT * part / parts) * Matrix.ALIGNMENT;
    }
}

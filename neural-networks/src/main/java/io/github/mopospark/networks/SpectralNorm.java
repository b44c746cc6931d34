package io.github.mopospark.networks;

import io.github.mopospark.networks.random.RandomStream;

/**
 * The largest singular value of a matrix by power iteration, and the gradient through it (Miyato et al. 2018): the singular
 * vectors are kept from call to call, so that one iteration a step follows a matrix that changes slowly. The matrix is a
 * packed array {@code [rows, stride]} of which the first columns count. For one thread.
 */
public final class SpectralNorm {
    /** A norm below it counts as this: a matrix of zeros has no singular vectors. */
    private static final double LEAST = 1e-12;

    private final int rows;
    private final int columns;
    private final int stride;
    private final float[] left;
    private final float[] right;
    private float value;

    /**
     * Vectors for matrices of a shape, not yet started.
     *
     * @param rows rows of the matrix
     * @param columns columns that count
     * @param stride columns that are there
     */
    public SpectralNorm(int rows, int columns, int stride) {
        if (rows < 1 || columns < 1 || stride < columns) {
            throw new IllegalArgumentException(
                    "a matrix of %d rows and %d columns, %d of which count, has no spectral norm"
                            .formatted(rows, stride, columns));
        }
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
        left = new float[rows];
        right = new float[columns];
    }

    /**
     * Draws the left vector at random.
     *
     * @param random where from
     */
    public void start(RandomStream random) {
        random.fillGaussian(left, 0, rows);
        normalise(left);
    }

    /**
     * One power iteration.
     *
     * @param matrix {@code [rows, stride]}
     * @return the largest singular value as it is known now, also from {@link #value}
     */
    public double iterate(float[] matrix) {
        for (int j = 0; j < columns; j++) {
            right[j] = 0;
        }
        for (int i = 0; i < rows; i++) {
            float factor = left[i];
            int start = i * stride;
            for (int j = 0; j < columns; j++) {
                right[j] += factor * matrix[start + j];
            }
        }
        normalise(right);
        for (int i = 0; i < rows; i++) {
            left[i] = dot(matrix, i * stride, right);
        }
        // The left vector is normalised by the value itself: u W v for u = W v / |W v|.
        value = (float) normalise(left);
        return value;
    }

    /** Four sums, because one would wait for itself. */
    private static float dot(float[] matrix, int start, float[] vector) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int j = 0;
        for (; j < vector.length - 3; j += 4) {
            first += matrix[start + j] * vector[j];
            second += matrix[start + j + 1] * vector[j + 1];
            third += matrix[start + j + 2] * vector[j + 2];
            fourth += matrix[start + j + 3] * vector[j + 3];
        }
        for (; j < vector.length; j++) {
            first += matrix[start + j] * vector[j];
        }
        return (first + second) + (third + fourth);
    }

    private static double normalise(float[] vector) {
        double square = 0;
        for (float number : vector) {
            square += (double) number * number;
        }
        double norm = Math.max(Math.sqrt(square), LEAST);
        float scale = (float) (1 / norm);
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return norm;
    }

    /**
     * The largest singular value as the last {@link #iterate} found it.
     *
     * @return the value, at least 1e-12
     */
    public double value() {
        return value;
    }

    /**
     * Multiplies the columns that count.
     *
     * @param matrix {@code [rows, stride]}, changed
     * @param factor the factor
     */
    public void scale(float[] matrix, double factor) {
        float single = (float) factor;
        for (int i = 0; i < rows; i++) {
            int start = i * stride;
            for (int j = 0; j < columns; j++) {
                matrix[start + j] *= single;
            }
        }
    }

    /**
     * Turns the gradient with respect to {@code f(sigma) W} into that with respect to {@code W}, the singular vectors held
     * constant: {@code f G + f' <G, W> u v^T}.
     *
     * @param matrix {@code W} as the last {@link #iterate} saw it {@code [rows, stride]}
     * @param gradient {@code G [rows, stride]}, changed in the columns that count
     * @param scale {@code f(sigma)}
     * @param slope {@code f'(sigma)}
     */
    public void chain(float[] matrix, float[] gradient, double scale, double slope) {
        double product = 0;
        if (slope != 0) {
            for (int i = 0; i < rows; i++) {
                int start = i * stride;
                for (int j = 0; j < columns; j++) {
                    product += (double) gradient[start + j] * matrix[start + j];
                }
            }
        }
        float factor = (float) scale;
        for (int i = 0; i < rows; i++) {
            float along = (float) (slope * product * left[i]);
            int start = i * stride;
            for (int j = 0; j < columns; j++) {
                gradient[start + j] = factor * gradient[start + j] + along * right[j];
            }
        }
    }

    /**
     * What the next iteration depends on.
     *
     * @return a copy
     */
    public State state() {
        return new State(left.clone(), right.clone(), value);
    }

    /**
     * Goes back to a state.
     *
     * @param state what {@link #state} gave
     * @throws IllegalArgumentException if it is of another shape
     */
    public void restore(State state) {
        if (state.left().length != rows || state.right().length != columns) {
            throw new IllegalArgumentException(
                    "the spectral norm of a %d x %d matrix was given vectors of %d and %d numbers"
                            .formatted(rows, columns, state.left().length, state.right().length));
        }
        System.arraycopy(state.left(), 0, left, 0, rows);
        System.arraycopy(state.right(), 0, right, 0, columns);
        value = state.value();
    }

    /**
     * A copy of the vectors.
     *
     * @param left {@code [rows]}
     * @param right {@code [columns]}
     * @param value the largest singular value
     */
    public record State(float[] left, float[] right, float value) {}
}

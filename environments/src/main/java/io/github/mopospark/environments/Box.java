package io.github.mopospark.environments;

/**
 * A space of vectors with the same bounds in each dimension, after Gymnasium's {@code Box}.
 *
 * @param size numbers in a vector
 * @param low least value of each
 * @param high greatest value of each
 */
public record Box(int size, double low, double high) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if size is below 1 or low is not below high
     */
    public Box {
        if (size < 1) {
            throw new IllegalArgumentException("box size must be at least 1, but was " + size);
        }
        if (!(low < high)) {
            throw new IllegalArgumentException("box low must be below high, but they were " + low + " and " + high);
        }
    }

    static Box unbounded(int size) {
        return new Box(size, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
}

package io.github.mopospark.ensemble;

import java.util.Arrays;

/**
 * The mean and standard deviation of each number of a row, by which rows are standardised. The arrays are not copied.
 *
 * @param mean {@code [size]}
 * @param std {@code [size]}, positive
 */
public record Scaler(float[] mean, float[] std) {
    /** A number that varies less is a constant, and only its mean is taken off. */
    private static final double LEAST_STD = 1e-12;

    /**
     * Checks the lengths and that every number can be used.
     *
     * @throws IllegalArgumentException if one cannot
     */
    public Scaler {
        if (mean.length != std.length) {
            throw new IllegalArgumentException(
                    "a scaler has %d means but %d standard deviations".formatted(mean.length, std.length));
        }
        for (int j = 0; j < mean.length; j++) {
            if (!Float.isFinite(mean[j]) || !(std[j] > 0 && std[j] < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "a scaler's means must be finite and its standard deviations positive, but number %d has %s and %s"
                                .formatted(j, mean[j], std[j]));
            }
        }
    }

    /** Where the rows of {@link #of} lie. */
    @FunctionalInterface
    public interface Rows {
        /**
         * Writes one row.
         *
         * @param row its number
         * @param target {@code [size]}, written
         */
        void read(int row, float[] target);
    }

    /**
     * The scaler of some rows, summed in double precision.
     *
     * @param size numbers in a row
     * @param count how many rows, at least 1
     * @param rows where they lie
     * @return their mean and standard deviation (with n); a standard deviation below 1e-12 is 1
     */
    public static Scaler of(int size, int count, Rows rows) {
        double[] sums = new double[size];
        double[] squares = new double[size];
        float[] row = new float[size];
        for (int i = 0; i < count; i++) {
            rows.read(i, row);
            for (int j = 0; j < size; j++) {
                sums[j] += row[j];
            }
        }
        for (int i = 0; i < count; i++) {
            rows.read(i, row);
            for (int j = 0; j < size; j++) {
                double difference = row[j] - sums[j] / count;
                squares[j] += difference * difference;
            }
        }
        return ofSums(sums, squares, count);
    }

    /**
     * The scaler of sums.
     *
     * @param sums {@code [size]}, of the rows
     * @param squares {@code [size]}, of the rows' squared differences from their mean
     * @param count how many rows, at least 1
     * @return their mean and standard deviation (with n); a standard deviation below 1e-12 is 1
     */
    public static Scaler ofSums(double[] sums, double[] squares, long count) {
        int size = sums.length;
        float[] mean = new float[size];
        float[] std = new float[size];
        for (int j = 0; j < size; j++) {
            mean[j] = (float) (sums[j] / count);
            double deviation = Math.sqrt(squares[j] / count);
            std[j] = deviation < LEAST_STD ? 1 : (float) deviation;
        }
        return new Scaler(mean, std);
    }

    /**
     * Changes nothing.
     *
     * @param size numbers in a row
     * @return means of 0 and standard deviations of 1
     */
    public static Scaler identity(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return new Scaler(new float[size], ones);
    }

    /**
     * Numbers in a row.
     *
     * @return the size
     */
    public int size() {
        return mean.length;
    }

    /**
     * Standardises packed rows in place.
     *
     * @param rows {@code [count, size]}
     * @param count how many
     */
    public void standardise(float[] rows, int count) {
        int size = mean.length;
        for (int row = 0; row < count; row++) {
            int start = row * size;
            for (int j = 0; j < size; j++) {
                rows[start + j] = (rows[start + j] - mean[j]) / std[j];
            }
        }
    }
}

package io.github.mopospark.reports;

import java.util.Arrays;

/**
 * What a list of numbers is like.
 *
 * @param count how many
 * @param mean the mean
 * @param std the standard deviation with n - 1; 0 for one number
 * @param min the smallest
 * @param max the largest
 */
public record Spread(int count, double mean, double std, double min, double max) {
    /**
     * Describes numbers.
     *
     * @param values the numbers
     * @return their spread
     * @throws IllegalArgumentException if there are none
     */
    public static Spread of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no numbers to describe");
        }
        double mean = Arrays.stream(values).sum() / values.length;
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(
                values.length,
                mean,
                values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1)),
                Arrays.stream(values).min().orElseThrow(),
                Arrays.stream(values).max().orElseThrow());
    }

    /**
     * Whether all numbers are the same.
     *
     * @return true if the smallest is the largest
     */
    public boolean isConstant() {
        return min == max;
    }
}

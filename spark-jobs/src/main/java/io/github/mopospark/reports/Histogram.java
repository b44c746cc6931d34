package io.github.mopospark.reports;

import java.util.Arrays;

/**
 * Counts numbers in bins of equal width with round edges. A number on an edge belongs to the bin above it, the largest edge to
 * the last bin.
 */
public final class Histogram {
    private static final int MOST_BINS = 40;
    private static final int BINS_BESIDE_ONE_NUMBER = 2;

    private final Scale scale;
    private final long[] counts;

    /**
     * Empty bins.
     *
     * @param low the smallest number that will come
     * @param high the largest number that will come
     * @param smallestWidth bins are at least as wide: 1 for whole numbers, 0 for any
     * @throws IllegalArgumentException if low is above high, or one is not finite
     */
    public Histogram(double low, double high, double smallestWidth) {
        Scale covering = Scale.covering(low, high, MOST_BINS, smallestWidth);
        // A bar alone would fill the picture and look like a range.
        this.scale = low == high ? covering.widened(BINS_BESIDE_ONE_NUMBER) : covering;
        this.counts = new long[scale.intervals()];
    }

    /**
     * Counts numbers.
     *
     * @param values the numbers, at least one
     * @param smallestWidth bins are at least as wide: 1 for whole numbers, 0 for any
     * @return their histogram
     */
    public static Histogram of(double[] values, double smallestWidth) {
        Spread spread = Spread.of(values);
        Histogram histogram = new Histogram(spread.min(), spread.max(), smallestWidth);
        for (double value : values) {
            histogram.add(value);
        }
        return histogram;
    }

    /**
     * Counts a number.
     *
     * @param value the number
     * @throws IllegalArgumentException if it lies outside of the bins
     */
    public void add(double value) {
        if (!covers(value)) {
            throw new IllegalArgumentException(value + " is not from " + scale.low() + " to " + scale.high());
        }
        int bin = Math.min((int) (scale.position(value) * counts.length), counts.length - 1);
        // The product may be off by a rounding; the edges decide.
        if (value < from(bin)) {
            bin--;
        } else if (bin + 1 < counts.length && value >= to(bin)) {
            bin++;
        }
        counts[bin]++;
    }

    /**
     * Whether a number can be counted.
     *
     * @param value the number
     * @return false if it lies outside of the bins, or is NaN
     */
    public boolean covers(double value) {
        return value >= scale.low() && value <= scale.high();
    }

    /**
     * How many bins there are.
     *
     * @return at least 1
     */
    public int bins() {
        return counts.length;
    }

    /**
     * The numbers in a bin.
     *
     * @param bin from 0
     * @return how many
     */
    public long count(int bin) {
        return counts[bin];
    }

    /**
     * The lower edge of a bin.
     *
     * @param bin from 0
     * @return the smallest number in it
     */
    public double from(int bin) {
        return scale.at(bin);
    }

    /**
     * The upper edge of a bin.
     *
     * @param bin from 0
     * @return the lower edge of the next
     */
    public double to(int bin) {
        return scale.at(bin + 1);
    }

    /**
     * The numbers in all bins.
     *
     * @return how many
     */
    public long total() {
        return Arrays.stream(counts).sum();
    }

    /**
     * The numbers in the fullest bin.
     *
     * @return how many
     */
    public long largest() {
        return Arrays.stream(counts).max().orElseThrow();
    }

    Scale scale() {
        return scale;
    }
}

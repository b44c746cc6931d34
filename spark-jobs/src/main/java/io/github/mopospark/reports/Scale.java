package io.github.mopospark.reports;

import java.util.Locale;

/**
 * A line of round numbers: multiples of a step, which is 1, 2 or 5 times a power of ten.
 *
 * @param first the line's start, in steps
 * @param intervals how many steps long it is
 * @param digit 1, 2 or 5
 * @param exponent of the power of ten
 */
record Scale(long first, int intervals, int digit, int exponent) {
    /** Numbers that differ by a smaller share of their size would get labels that a double cannot tell apart. */
    private static final double SMALLEST_RELATIVE_STEP = 1e-9;

    private static final double SMALLEST_STEP = 1e-300;
    private static final int[] DIGITS = {1, 2, 5};

    /** Steps outside of these powers of ten are labelled with exponents. */
    private static final int LARGEST_PLAIN_EXPONENT = 6;

    private static final int SMALLEST_PLAIN_EXPONENT = -4;

    /**
     * The scale with the smallest step that covers a range. A range without width gets a width of about a tenth of its number.
     *
     * @param low the smallest number
     * @param high the largest number
     * @param most intervals at most, 2 or more
     * @param smallestStep the step is at least this; 0 for any
     */
    static Scale covering(double low, double high, int most, double smallestStep) {
        if (!Double.isFinite(high - low) || low > high) {
            throw new IllegalArgumentException("no scale covers " + low + " to " + high);
        }
        double size = Math.max(Math.abs(low), Math.abs(high));
        double wanted = low == high ? Math.max(size, 1) / 10 : (high - low) / most;
        double least = Math.max(Math.max(smallestStep, SMALLEST_STEP), size * SMALLEST_RELATIVE_STEP);
        for (int exponent = (int) Math.floor(Math.log10(Math.max(wanted, least))); ; exponent++) {
            for (int digit : DIGITS) {
                double step = multiple(1, digit, exponent);
                long first = (long) Math.floor(low / step);
                long last = Math.max((long) Math.ceil(high / step), first + 1);
                if (step >= least && last - first <= most) {
                    return new Scale(first, (int) (last - first), digit, exponent);
                }
            }
        }
    }

    /** Rounded once where the power of ten is exact, so that the third multiple of 0.1 is 0.3. */
    private static double multiple(long times, int digit, int exponent) {
        return exponent < 0 ? times * digit / Math.pow(10, -exponent) : times * digit * Math.pow(10, exponent);
    }

    /** This scale with some steps more at each end. */
    Scale widened(int steps) {
        return new Scale(first - steps, intervals + 2 * steps, digit, exponent);
    }

    double low() {
        return at(0);
    }

    double high() {
        return at(intervals);
    }

    /** The number that stands some steps behind the start. */
    double at(int interval) {
        return multiple(first + interval, digit, exponent);
    }

    /** Where a number stands: 0 at the start, 1 at the end. */
    double position(double value) {
        return (value - low()) / (high() - low());
    }

    /** The text of a number, with as many decimals as the step has. */
    String label(double value) {
        if (exponent > LARGEST_PLAIN_EXPONENT || exponent < SMALLEST_PLAIN_EXPONENT) {
            return String.format(Locale.ROOT, "%.3g", value + 0.0);
        }
        return Numbers.fixed(value, Math.max(0, -exponent));
    }
}

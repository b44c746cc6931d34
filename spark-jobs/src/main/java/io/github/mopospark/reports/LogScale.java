package io.github.mopospark.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A logarithmic line from one round number to another: 1, 2 or 5 times a power of ten.
 *
 * @param marks the round numbers on it, ascending; the first and the last are its ends
 */
record LogScale(List<Double> marks) {
    private static final int[] DIGITS = {1, 2, 5};

    /** Over more powers of ten only these themselves are marked. */
    private static final double MOST_DECADES_WITH_DIGITS = 2.5;

    private static final int MOST_MARKS = 8;

    /**
     * The shortest scale that covers a range.
     *
     * @param low the smallest number, above 0
     * @param high the largest number
     */
    static LogScale covering(double low, double high) {
        if (!(low > 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("no logarithmic scale covers " + low + " to " + high);
        }
        double decades = Math.log10(high) - Math.log10(low);
        int[] digits = decades > MOST_DECADES_WITH_DIGITS ? new int[] {1} : DIGITS;
        int step = Math.max(1, (int) Math.ceil(decades / (MOST_MARKS - 1)));
        List<Double> marks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(low)) - 1; ; exponent += step) {
            for (int digit : digits) {
                double mark = Double.parseDouble(digit + "e" + exponent);
                if (mark <= low) {
                    marks.clear();
                }
                marks.add(mark);
                if (mark >= high && marks.size() > 1) {
                    return new LogScale(List.copyOf(marks));
                }
            }
        }
    }

    /** Where a number stands: 0 at the start, 1 at the end. */
    double position(double value) {
        double low = Math.log10(marks.get(0));
        return (Math.log10(value) - low) / (Math.log10(marks.get(marks.size() - 1)) - low);
    }

    /** The text of a mark. */
    static String label(double mark) {
        if (mark >= 1e-4 && mark < 1e6) {
            String text = String.format(Locale.ROOT, "%,.4f", mark);
            return text.replaceAll("\\.?0+$", "");
        }
        return String.format(Locale.ROOT, "%.0e", mark);
    }
}

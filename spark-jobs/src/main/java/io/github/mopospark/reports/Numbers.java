package io.github.mopospark.reports;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How reports write numbers: with a decimal point and thousands separated by commas, wherever they are made. */
public final class Numbers {
    private static final double LARGE = 1e7;
    private static final double SMALL = 1e-3;
    private static final int CHOSEN_DIGITS = 6;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private Numbers() {}

    /**
     * A measured number with four decimals, so that the points of a column stand below each other; very large and very small
     * ones with an exponent.
     *
     * @param value the number
     * @return its text
     */
    public static String measured(double value) {
        return inRange(value) ? fixed(value, 4) : String.format(Locale.ROOT, "%.3e", value);
    }

    /**
     * A number with a fixed number of decimals.
     *
     * @param value the number
     * @param decimals digits behind the point
     * @return its text
     */
    public static String fixed(double value, int decimals) {
        // Adding 0 turns -0 into 0.
        return String.format(Locale.ROOT, "%,." + decimals + "f", value + 0.0);
    }

    /**
     * A number that may not have been measured.
     *
     * @param value the number; NaN if it was not
     * @param decimals digits behind the point; very large numbers have an exponent instead
     * @return its text, or a dash
     */
    static String orDash(double value, int decimals) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return Math.abs(value) < LARGE ? fixed(value, decimals) : measured(value);
    }

    /**
     * A number that someone has chosen, without zeros that say nothing; rounded where it has many digits.
     *
     * @param value the number
     * @return its text
     */
    static String plain(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value + 0.0)
                        .round(new MathContext(CHOSEN_DIGITS))
                        .stripTrailingZeros()
                        .toPlainString()
                : Double.toString(value);
    }

    /**
     * A whole number.
     *
     * @param value the number
     * @return its text
     */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * A share in percent.
     *
     * @param share from 0 to 1
     * @return its text
     */
    public static String percent(double share) {
        return fixed(100 * share, 1) + "%";
    }

    /**
     * How many of a thing.
     *
     * @param count how many
     * @param singular what one is called
     * @param plural what several are called
     * @return its text
     */
    public static String counted(long count, String singular, String plural) {
        return count(count) + " " + (count == 1 ? singular : plural);
    }

    /**
     * A time in the two units that tell most of it.
     *
     * @param seconds the time, 0 or more
     * @return its text
     */
    public static String duration(double seconds) {
        if (seconds < MINUTE - 0.05) {
            return fixed(seconds, 1) + " s";
        }
        long whole = Math.round(seconds);
        if (whole < HOUR) {
            return whole / MINUTE + " min " + whole % MINUTE + " s";
        }
        long minutes = Math.round(seconds / MINUTE);
        return count(minutes / MINUTE) + " h " + minutes % MINUTE + " min";
    }

    private static boolean inRange(double value) {
        double size = Math.abs(value);
        return size == 0 || (size >= SMALL && size < LARGE);
    }
}

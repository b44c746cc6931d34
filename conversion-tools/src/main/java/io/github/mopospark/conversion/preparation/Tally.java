package io.github.mopospark.conversion.preparation;

import java.io.Serializable;

/**
 * How often something was seen, and where first.
 *
 * @param count how often
 * @param firstRow the file's row of the first, -1 if there was none
 * @param firstPlace what was seen there: a column's name
 */
public record Tally(long count, long firstRow, String firstPlace) implements Serializable {
    /** Never seen. */
    public static final Tally NONE = new Tally(0, -1, "");

    /**
     * This and one more.
     *
     * @param row the file's row
     * @param place the column
     * @return the sum; the first stays the first
     */
    Tally and(long row, String place) {
        return count == 0 ? new Tally(1, row, place) : new Tally(count + 1, firstRow, firstPlace);
    }

    /**
     * The sum with what was seen in later rows.
     *
     * @param later of rows behind these
     * @return the sum
     */
    public Tally plus(Tally later) {
        return count == 0 ? later : new Tally(count + later.count, firstRow, firstPlace);
    }
}

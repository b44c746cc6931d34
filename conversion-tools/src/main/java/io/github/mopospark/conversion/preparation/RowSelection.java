package io.github.mopospark.conversion.preparation;

import java.io.Serializable;
import java.util.BitSet;

/**
 * Which rows of a slice are kept.
 *
 * @param firstRow the file's row that bit 0 stands for
 * @param kept a bit a row; null if all are kept
 */
public record RowSelection(long firstRow, BitSet kept) implements Serializable {
    /** Keeps every row. */
    public static final RowSelection ALL = new RowSelection(0, null);

    boolean keeps(long row) {
        return kept == null || kept.get((int) (row - firstRow));
    }
}

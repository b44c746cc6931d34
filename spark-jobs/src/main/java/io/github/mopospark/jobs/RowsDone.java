package io.github.mopospark.jobs;

import java.util.Locale;
import java.util.Objects;
import org.apache.spark.util.LongAccumulator;

/** How many rows tasks have done, and how fast, as a line with a bar. */
final class RowsDone {
    private static final int BAR = 30;

    private final String what;
    private final long totalRows;
    private final LongAccumulator rows;
    private final LongAccumulator bytes;
    private final long started = System.nanoTime();

    RowsDone(String what, long totalRows, LongAccumulator rows, LongAccumulator bytes) {
        this.what = Objects.requireNonNull(what, "what");
        this.totalRows = totalRows;
        this.rows = Objects.requireNonNull(rows, "rows");
        this.bytes = Objects.requireNonNull(bytes, "bytes");
    }

    /** The line as it is now. */
    String line() {
        // An attempt that Spark runs twice counts twice, so the sum can go over.
        long done = Math.min(rows.value(), totalRows);
        double seconds = (System.nanoTime() - started) / 1e9;
        int filled = totalRows == 0 ? BAR : (int) (BAR * done / totalRows);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %,d of %,d rows, %.1f MB/s",
                what,
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                done,
                totalRows,
                bytes.value() / 1e6 / seconds);
    }
}

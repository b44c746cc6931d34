package io.github.mopospark.jobs;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.LongAccumulator;

/** Shows how many rows are done and how fast: on a terminal as a bar in place, elsewhere as a line every ten seconds. */
final class Progress {
    private static final int BAR = 30;
    private static final long LINE_MILLISECONDS = 10_000;
    private static final long BAR_MILLISECONDS = 200;

    private final PrintWriter out;
    private final boolean onTerminal;
    private final String what;
    private final long totalRows;
    private final LongAccumulator rows;
    private final LongAccumulator bytes;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService timer;

    Progress(
            PrintWriter out,
            boolean onTerminal,
            String what,
            long totalRows,
            LongAccumulator rows,
            LongAccumulator bytes) {
        this.out = out;
        this.onTerminal = onTerminal;
        this.what = what;
        this.totalRows = totalRows;
        this.rows = rows;
        this.bytes = bytes;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to show it. */
    void start() {
        long period = onTerminal ? BAR_MILLISECONDS : LINE_MILLISECONDS;
        var unused = timer.scheduleAtFixedRate(this::show, period, period, TimeUnit.MILLISECONDS);
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

    private void show() {
        out.print(onTerminal ? "\r" + line() : line() + System.lineSeparator());
        out.flush();
    }

    /** Shows how it ended. */
    void stop() {
        timer.shutdownNow();
        show();
        if (onTerminal) {
            out.println();
            out.flush();
        }
    }
}

package io.github.mopospark.jobs;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows how far a work is: on a terminal as a line in place, elsewhere as a line every ten seconds. */
final class Progress {
    private static final long LINE_MILLISECONDS = 10_000;
    private static final long TERMINAL_MILLISECONDS = 200;

    private final PrintWriter out;
    private final boolean onTerminal;
    private final Supplier<String> line;
    private final ScheduledExecutorService timer;
    private int shown;

    /**
     * A progress that is not shown yet.
     *
     * @param out takes it
     * @param onTerminal whether that is a terminal
     * @param line how far it is, at any time
     */
    Progress(PrintWriter out, boolean onTerminal, Supplier<String> line) {
        this.out = out;
        this.onTerminal = onTerminal;
        this.line = line;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to show it. */
    void start() {
        long period = onTerminal ? TERMINAL_MILLISECONDS : LINE_MILLISECONDS;
        var unused = timer.scheduleAtFixedRate(this::show, period, period, TimeUnit.MILLISECONDS);
    }

    private synchronized void show() {
        if (timer.isShutdown()) {
            return;
        }
        String text = line.get();
        if (onTerminal) {
            // Blanks over the rest of a longer line.
            out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
            shown = text.length();
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** Ends it; a terminal's line is wiped. */
    synchronized void close() {
        timer.shutdownNow();
        if (onTerminal && shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            out.flush();
        }
    }

    /** Shows how it ended, and ends it. */
    synchronized void stop() {
        timer.shutdownNow();
        String text = line.get();
        if (onTerminal) {
            out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
            out.println();
        } else {
            out.println(text);
        }
        out.flush();
    }
}

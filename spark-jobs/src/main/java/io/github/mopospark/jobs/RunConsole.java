package io.github.mopospark.jobs;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Where a run tells how it goes: lines that stay, and a line of progress.
 *
 * @param out takes the lines
 * @param progressOut takes the progress
 * @param onTerminal whether that is a terminal, where a line can be overwritten
 * @param prefix what lines begin with, where several runs share a console
 */
public record RunConsole(PrintWriter out, PrintWriter progressOut, boolean onTerminal, String prefix) {
    /** Checks that nothing is missing. */
    public RunConsole {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(progressOut, "progressOut");
        Objects.requireNonNull(prefix, "prefix");
    }

    /**
     * The console of one run.
     *
     * @param out takes the lines
     * @param progressOut takes the progress
     * @param onTerminal whether that is a terminal
     */
    public RunConsole(PrintWriter out, PrintWriter progressOut, boolean onTerminal) {
        this(out, progressOut, onTerminal, "");
    }

    /** The same for one of several runs: their progress cannot all be shown in one place. */
    RunConsole of(String run) {
        return new RunConsole(out, progressOut, false, run + ": ");
    }

    void line(String text) {
        out.println(prefix + text);
        out.flush();
    }

    /** Begins to show a line of progress; closing it ends that. */
    Progress progress(Supplier<String> line) {
        Progress progress = new Progress(progressOut, onTerminal, () -> prefix + line.get());
        progress.start();
        return progress;
    }
}

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
 */
public record RunConsole(PrintWriter out, PrintWriter progressOut, boolean onTerminal) {
    /** Checks that both are there. */
    public RunConsole {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(progressOut, "progressOut");
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Begins to show a line of progress; closing it ends that. */
    Progress progress(Supplier<String> line) {
        Progress progress = new Progress(progressOut, onTerminal, line);
        progress.start();
        return progress;
    }
}

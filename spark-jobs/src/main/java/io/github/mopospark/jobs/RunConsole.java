package io.github.mopospark.jobs;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Where a run tells how it goes: lines that stay, and a line of progress.
 *
 * @param out takes both
 * @param onTerminal whether a line can be overwritten
 */
public record RunConsole(PrintWriter out, boolean onTerminal) {
    /** Checks that it is there. */
    public RunConsole {
        Objects.requireNonNull(out, "out");
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Begins to show a line of progress; closing it ends that. */
    Progress progress(Supplier<String> line) {
        Progress progress = new Progress(out, onTerminal, line);
        progress.start();
        return progress;
    }
}

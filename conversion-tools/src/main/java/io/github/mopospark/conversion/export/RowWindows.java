package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.Transitions;
import java.io.IOException;
import java.util.Optional;

/** The blocks of a source, each with the one behind it; at most two are held. */
final class RowWindows {
    private final RowSource source;
    private Transitions ahead;
    private boolean isStarted;
    private long firstRow;

    RowWindows(RowSource source) {
        this.source = source;
    }

    /** The next window; empty behind the last. */
    Optional<RowWindow> next() throws IOException {
        if (!isStarted) {
            ahead = source.next().orElse(null);
            isStarted = true;
        }
        if (ahead == null) {
            return Optional.empty();
        }
        Transitions rows = ahead;
        ahead = source.next().orElse(null);
        RowWindow window = new RowWindow(firstRow, rows, ahead);
        firstRow += rows.rows();
        return Optional.of(window);
    }
}

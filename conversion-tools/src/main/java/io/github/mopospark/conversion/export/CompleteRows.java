package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.Transitions;
import java.io.IOException;
import java.util.Optional;

/**
 * The rows of a source that have a next observation. An episode that loses its end is cut where it now ends, so the row there
 * becomes a timeout: else a reader would join it to the next episode.
 */
final class CompleteRows implements RowSource {
    private final RowWindows windows;
    private long leftOut;
    private long terminalsLeftOut;

    CompleteRows(RowSource source) {
        this.windows = new RowWindows(source);
    }

    /** Rows left out so far. */
    long leftOut() {
        return leftOut;
    }

    /** Those of them that are terminal. */
    long terminalsLeftOut() {
        return terminalsLeftOut;
    }

    @Override
    public Optional<Transitions> next() throws IOException {
        for (Optional<RowWindow> window = windows.next(); window.isPresent(); window = windows.next()) {
            Transitions complete = complete(window.get());
            if (complete.rows() > 0) {
                return Optional.of(complete);
            }
        }
        return Optional.empty();
    }

    private Transitions complete(RowWindow window) {
        Transitions from = window.rows();
        int count = 0;
        for (int i = 0; i < from.rows(); i++) {
            if (from.hasNextObservation()[i]) {
                count++;
            } else {
                leftOut++;
                terminalsLeftOut += from.terminals()[i] ? 1 : 0;
            }
        }
        int width = from.observationSize();
        int actionSize = from.actionSize();
        Transitions to = Transitions.allocate(count, width, actionSize);
        int row = 0;
        for (int i = 0; i < from.rows(); i++) {
            if (!from.hasNextObservation()[i]) {
                continue;
            }
            to.episodes()[row] = from.episodes()[i];
            to.steps()[row] = from.steps()[i];
            System.arraycopy(from.observations(), i * width, to.observations(), row * width, width);
            System.arraycopy(from.actions(), i * actionSize, to.actions(), row * actionSize, actionSize);
            to.rewards()[row] = from.rewards()[i];
            System.arraycopy(from.nextObservations(), i * width, to.nextObservations(), row * width, width);
            to.hasNextObservation()[row] = true;
            to.terminals()[row] = from.terminals()[i];
            to.timeouts()[row] = from.timeouts()[i] || (!window.endsEpisode(i) && !window.followingHasNext(i));
            row++;
        }
        return to;
    }
}

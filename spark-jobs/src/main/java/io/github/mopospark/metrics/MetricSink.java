package io.github.mopospark.metrics;

import java.io.IOException;
import java.util.List;

/**
 * Takes what is measured in a run. Has no influence on it. Is called by one thread at a time.
 *
 * <p>An epoch may come in parts, which are put together; of a value that comes twice the later one counts. So a run tells an
 * epoch's metrics before it saves the checkpoint, since what comes after a checkpoint is lost if the run ends there, and the
 * seconds after it.
 */
public interface MetricSink extends AutoCloseable {
    /**
     * An epoch of policy training is done.
     *
     * @param metrics what was measured in it, or a part of that
     * @throws IOException if it cannot be written
     */
    void epochDone(EpochMetrics metrics) throws IOException;

    /**
     * Members have been trained further.
     *
     * @param epochs their new epochs, each member's in order
     * @throws IOException if they cannot be written
     */
    void membersTrained(List<MemberEpoch> epochs) throws IOException;

    /**
     * The run has done all that it was to do, and its files are written. Without this it ends by {@link #close} because it failed.
     *
     * @throws IOException if that cannot be taken
     */
    default void runDone() throws IOException {}

    /**
     * Ends it; nothing comes any more.
     *
     * @throws IOException if what came cannot be written
     */
    @Override
    void close() throws IOException;
}

package io.github.mopospark.policy;

import io.github.mopospark.policy.buffers.TransitionBatch;

/** Where a learner's batches come from. */
public interface BatchSource {
    /**
     * Decides which transitions the batch of an update has. Called by one thread, before {@link #fill}.
     *
     * @param update the number of the update, from 0: all that the choice may depend on but the source's content
     */
    void draw(long update);

    /**
     * Copies some of the transitions that were drawn. Several threads may fill different rows at once.
     *
     * @param batch where to
     * @param from the first row
     * @param to the row after the last
     */
    void fill(TransitionBatch batch, int from, int to);
}

package io.github.mopospark.policy;

import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.TransitionBatch;
import java.util.Objects;

/** Batches of real and model transitions, drawn uniformly by the number of the update: a resumed learner draws the same. */
public final class BufferBatches implements BatchSource {
    /** Numbers that one update may draw before it runs into the next update's. */
    private static final long DRAWS = 1L << 24;

    private final BatchSampler sampler;
    private final RandomStream rows;

    /**
     * Batches of a sampler.
     *
     * @param sampler what is sampled, and the mix
     * @param seed the run's
     */
    public BufferBatches(BatchSampler sampler, long seed) {
        this.sampler = Objects.requireNonNull(sampler, "sampler");
        rows = RandomStream.of(seed, "batch");
    }

    @Override
    public void draw(long update) {
        rows.seek(update * DRAWS);
        sampler.draw(rows);
    }

    @Override
    public void fill(TransitionBatch batch, int from, int to) {
        sampler.copy(batch, from, to);
    }
}

package io.github.mopospark.policy;

import io.github.mopospark.policy.buffers.TransitionBatch;

/** A source for tests that put their batch where it belongs themselves. */
final class NoBatches implements BatchSource {
    @Override
    public void draw(long update) {
        throw new UnsupportedOperationException("this source has no transitions");
    }

    @Override
    public void fill(TransitionBatch batch, int from, int to) {
        throw new UnsupportedOperationException("this source has no transitions");
    }
}

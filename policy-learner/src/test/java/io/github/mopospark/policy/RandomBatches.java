package io.github.mopospark.policy;

import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.buffers.TransitionBatch;

/** A source of made-up transitions, a fixed function of the update's number and the row. */
final class RandomBatches implements BatchSource {
    private final int observationSize;
    private final int actionSize;
    private long update;

    RandomBatches(int observationSize, int actionSize) {
        this.observationSize = observationSize;
        this.actionSize = actionSize;
    }

    @Override
    public void draw(long number) {
        update = number;
    }

    @Override
    public void fill(TransitionBatch batch, int from, int to) {
        for (int row = from; row < to; row++) {
            RandomStream random = RandomStream.of(17, "transition", update, row);
            int start = row * observationSize;
            random.fillGaussian(batch.observations(), start, start + observationSize);
            random.fillGaussian(batch.nextObservations(), start, start + observationSize);
            random.fillUniform(batch.actions(), row * actionSize, (row + 1) * actionSize, -1f, 1f);
            batch.rewards()[row] = (float) random.nextGaussian();
            batch.terminals()[row] = random.nextInt(4) == 0 ? 1f : 0f;
        }
    }
}

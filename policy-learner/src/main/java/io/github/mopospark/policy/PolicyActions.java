package io.github.mopospark.policy;

import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.random.RandomStream;

/**
 * Actions of a policy for observations, in batches of any size; as a source for rollouts they are sampled. Has memory of its
 * own, so one for each thread.
 */
public final class PolicyActions implements ActionSource {
    private final GaussianPolicy policy;
    private final MlpPass pass;
    private final SquashedGaussian distribution;

    /**
     * Memory for batches.
     *
     * @param policy whose actions
     * @param capacity rows that go through the network at once; a larger batch goes in pieces
     */
    public PolicyActions(GaussianPolicy policy, int capacity) {
        this.policy = policy;
        pass = MlpPass.forInference(policy.network().kernels(), policy.network().shape(), capacity);
        distribution = policy.distribution(capacity);
    }

    /**
     * Whose actions these are.
     *
     * @return the policy, not a copy
     */
    public GaussianPolicy policy() {
        return policy;
    }

    /**
     * The most likely actions, tanh(mean).
     *
     * @param observations {@code [rows, observationSize]}
     * @param rows how many
     * @param actions {@code [rows, actionSize]}, written
     */
    public void mostLikely(float[] observations, int rows, float[] actions) {
        compute(observations, rows, actions, null);
    }

    @Override
    public void actions(float[] observations, int rows, float[] actions, RandomStream random) {
        compute(observations, rows, actions, random);
    }

    private void compute(float[] observations, int rows, float[] actions, RandomStream random) {
        int observationSize = policy.observationSize();
        int actionSize = policy.actionSize();
        requireRoom("observations", observations, rows, observationSize);
        requireRoom("actions", actions, rows, actionSize);
        for (int start = 0; start < rows; start += pass.capacity()) {
            int count = Math.min(pass.capacity(), rows - start);
            pass.input().writeRows(0, count, observations, start * observationSize);
            policy.network().forward(pass, 0, count);
            distribution.read(pass.output(), 0, count);
            if (random == null) {
                distribution.takeMean(0, count);
            } else {
                random.fillGaussian(distribution.noise(), 0, count * actionSize);
                distribution.sample(0, count);
            }
            System.arraycopy(distribution.actions(), 0, actions, start * actionSize, count * actionSize);
        }
    }

    private static void requireRoom(String name, float[] array, int rows, int width) {
        if (rows < 0 || array.length < (long) rows * width) {
            throw new IllegalArgumentException(
                    "%s have room for %,d numbers, not for %,d rows of %d".formatted(name, array.length, rows, width));
        }
    }
}

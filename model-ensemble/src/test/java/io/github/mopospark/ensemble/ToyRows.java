package io.github.mopospark.ensemble;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.networks.random.RandomStream;

/** Rows of a noisy linear system of 3 observations and 1 action: quickly made and quickly learned. */
public final class ToyRows {
    public static final int OBSERVATIONS = 3;
    public static final int ACTIONS = 1;

    private ToyRows() {}

    public static Transitions make(int count, long seed) {
        RandomStream random = RandomStream.of(seed, "toy");
        Transitions rows = Transitions.allocate(count, OBSERVATIONS, ACTIONS);
        random.fillGaussian(rows.observations(), 0, count * OBSERVATIONS);
        random.fillUniform(rows.actions(), 0, count, -1, 1);
        for (int row = 0; row < count; row++) {
            float[] s = rows.observations();
            int at = row * OBSERVATIONS;
            float a = rows.actions()[row];
            float[] next = rows.nextObservations();
            next[at] = 0.9f * s[at] + 0.2f * s[at + 1];
            next[at + 1] = s[at + 1] + 0.5f * a + 0.05f * (float) random.nextGaussian();
            next[at + 2] = s[at + 2] * 0.5f + 10 * s[at];
            rows.rewards()[row] = s[at] - a * a;
            rows.hasNextObservation()[row] = true;
            rows.steps()[row] = row;
        }
        return rows;
    }
}

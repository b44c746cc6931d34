package io.github.mopospark.environments;

import java.util.Random;

/** The noise of initial states. */
final class Noise {
    private Noise() {}

    /** Adds to each value a number drawn uniformly from [-bound, bound). */
    static void addUniform(Random random, double bound, double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += bound * (2 * random.nextDouble() - 1);
        }
    }

    /** Adds to each value a normal number of this standard deviation. */
    static void addGaussian(Random random, double deviation, double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += deviation * random.nextGaussian();
        }
    }
}

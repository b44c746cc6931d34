package io.github.mopospark.networks;

import io.github.mopospark.networks.random.RandomStream;

/** How a network's parameters start. */
public enum Initialiser {
    /** Weights from a normal distribution of standard deviation {@code 1 / (2 sqrt(in))} cut at two of these; biases 0. */
    TRUNCATED_NORMAL {
        @Override
        float weight(RandomStream random, int in, int out) {
            double normal;
            do {
                normal = random.nextGaussian();
            } while (Math.abs(normal) > 2);
            return (float) (normal / (2 * Math.sqrt(in)));
        }
    },

    /** Weights uniform in {@code +-sqrt(6 / (in + out))} (Glorot and Bengio 2010); biases 0. */
    GLOROT_UNIFORM {
        @Override
        float weight(RandomStream random, int in, int out) {
            return uniform(random, Math.sqrt(6.0 / (in + out)));
        }
    },

    /** Weights and biases uniform in {@code +-1 / sqrt(in)}, as PyTorch's linear layer has them. */
    FAN_IN_UNIFORM {
        @Override
        float weight(RandomStream random, int in, int out) {
            return uniform(random, 1 / Math.sqrt(in));
        }

        @Override
        float bias(RandomStream random, int in) {
            return uniform(random, 1 / Math.sqrt(in));
        }
    };

    abstract float weight(RandomStream random, int in, int out);

    float bias(RandomStream random, int in) {
        return 0f;
    }

    private static float uniform(RandomStream random, double bound) {
        return (float) (bound * (2 * random.nextDouble() - 1));
    }
}

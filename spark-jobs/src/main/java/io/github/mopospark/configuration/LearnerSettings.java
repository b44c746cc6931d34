package io.github.mopospark.configuration;

import io.github.mopospark.policy.SacConfig;
import java.util.Objects;

/**
 * The block {@code learner}.
 *
 * @param sac the settings of soft actor-critic
 * @param epochs how many times a round of rollouts is made and learned from
 * @param updatesPerEpoch updates of an epoch
 * @param realShare how much of a batch is of the dataset, from 0 to 1
 * @param threads 1 or 2, which give the same bits
 */
public record LearnerSettings(SacConfig sac, int epochs, int updatesPerEpoch, double realShare, int threads) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its rule; the message names its key, its value and the rule
     */
    public LearnerSettings {
        Objects.requireNonNull(sac, "sac");
        Require.atLeast(1, "learner.epochs", epochs);
        Require.atLeast(1, "learner.updates-per-epoch", updatesPerEpoch);
        if (!(realShare >= 0 && realShare <= 1)) {
            throw new IllegalArgumentException(
                    "learner.real-share must be from 0 to 1, but was %s".formatted(realShare));
        }
        if (threads < 1 || threads > 2) {
            throw new IllegalArgumentException("learner.threads must be 1 or 2, but was %d".formatted(threads));
        }
    }

    /**
     * The updates of the whole run.
     *
     * @return epochs times updates of an epoch
     */
    public long updates() {
        return (long) epochs * updatesPerEpoch;
    }
}

package io.github.mopospark.ensemble.rollouts;

import io.github.mopospark.ensemble.Penalty;
import java.util.Objects;

/**
 * How rollouts are made.
 *
 * @param length steps of a rollout at most: h
 * @param penaltyCoefficient what the penalty is multiplied by: lambda
 * @param penalty how far the model is not to be trusted
 * @param reward what is taken for the reward
 */
public record RolloutConfig(int length, double penaltyCoefficient, Penalty penalty, RewardDraw reward) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its rule; the message names it, its value and the rule
     */
    public RolloutConfig {
        if (length < 1) {
            throw new IllegalArgumentException("rollout.length (h) must be at least 1, but was %d".formatted(length));
        }
        if (!(penaltyCoefficient >= 0 && penaltyCoefficient < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "rollout.penalty-coefficient (lambda) must be a number of at least 0, but was %s"
                            .formatted(penaltyCoefficient));
        }
        Objects.requireNonNull(penalty, "penalty");
        Objects.requireNonNull(reward, "reward");
    }

    /**
     * The paper's penalty and sampled rewards.
     *
     * @param length h
     * @param penaltyCoefficient lambda
     * @return the settings
     */
    public static RolloutConfig paper(int length, double penaltyCoefficient) {
        return new RolloutConfig(length, penaltyCoefficient, Penalty.MAX_ALEATORIC, RewardDraw.SAMPLED);
    }
}

package io.github.mopospark.configuration;

import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.policy.buffers.RoundShape;
import java.util.Objects;

/**
 * The block {@code rollout}.
 *
 * @param config how a rollout is made
 * @param starts rollouts in a round, a round being made before each epoch of the learner
 * @param shards tasks that a round is cut into, at most {@code starts}
 * @param roundsKept the last rounds that the learner draws from
 * @param overlap whether the next round is made while the learner is busy with this one
 * @param actions which actions a rollout takes
 */
public record RolloutSettings(
        RolloutConfig config, int starts, int shards, int roundsKept, boolean overlap, RolloutActions actions) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its rule; the message names its key, its value and the rule
     */
    public RolloutSettings {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(actions, "actions");
        if (config.penalty() == Penalty.TRUE_ERROR) {
            throw new IllegalArgumentException(
                    "rollout.penalty must be one that can be computed without the simulator, but was true-error, which needs it");
        }
        Require.atLeast(1, "rollout.starts", starts);
        Require.atLeast(1, "rollout.shards", shards);
        Require.atLeast(1, "rollout.rounds-kept", roundsKept);
        if (shards > starts) {
            throw new IllegalArgumentException(
                    "rollout.shards must be at most rollout.starts = %d, but was %d".formatted(starts, shards));
        }
        long rows = (long) starts * config.length();
        if (rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("rollout.starts times rollout.length must be at most %d rows, but was %d"
                    .formatted(Integer.MAX_VALUE, rows));
        }
    }

    /**
     * The room that a round needs.
     *
     * @return its starts, length and shards
     */
    public RoundShape roundShape() {
        return new RoundShape(starts, config.length(), shards);
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
import java.io.Serializable;

/** {@link RolloutStatistics} on their way to the driver. */
record SharedStatistics(
        long starts,
        long transitions,
        long terminated,
        long diverged,
        double rewardSum,
        double penaltySum,
        double greatestPenalty)
        implements Serializable {
    static SharedStatistics of(RolloutStatistics statistics) {
        return new SharedStatistics(
                statistics.starts(),
                statistics.transitions(),
                statistics.terminated(),
                statistics.diverged(),
                statistics.rewardSum(),
                statistics.penaltySum(),
                statistics.greatestPenalty());
    }

    RolloutStatistics statistics() {
        return new RolloutStatistics(starts, transitions, terminated, diverged, rewardSum, penaltySum, greatestPenalty);
    }
}

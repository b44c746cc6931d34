package io.github.mopospark.ensemble.rollouts;

/**
 * What rollouts were like. Sums, so that those of chunks can be added; the same bits if added in the order of chunks.
 *
 * @param starts how many rollouts
 * @param transitions how many steps they took
 * @param terminated how many ended by the task's rule
 * @param diverged how many ended because the model predicted a number that is not finite; that step is left out
 * @param rewardSum the sum of rewards before the penalty
 * @param penaltySum the sum of penalties before lambda
 * @param greatestPenalty the greatest penalty before lambda
 */
public record RolloutStatistics(
        long starts,
        long transitions,
        long terminated,
        long diverged,
        double rewardSum,
        double penaltySum,
        double greatestPenalty) {
    /** Of no rollouts. */
    public static final RolloutStatistics NONE = new RolloutStatistics(0, 0, 0, 0, 0, 0, 0);

    /**
     * Adds others.
     *
     * @param other of later chunks
     * @return of both
     */
    public RolloutStatistics plus(RolloutStatistics other) {
        return new RolloutStatistics(
                starts + other.starts,
                transitions + other.transitions,
                terminated + other.terminated,
                diverged + other.diverged,
                rewardSum + other.rewardSum,
                penaltySum + other.penaltySum,
                Math.max(greatestPenalty, other.greatestPenalty));
    }

    /**
     * The reward before the penalty.
     *
     * @return the mean over transitions; NaN without any
     */
    public double meanReward() {
        return rewardSum / transitions;
    }

    /**
     * The penalty before lambda.
     *
     * @return the mean over transitions; NaN without any
     */
    public double meanPenalty() {
        return penaltySum / transitions;
    }

    /**
     * How long rollouts were.
     *
     * @return steps, the mean over starts; NaN without any
     */
    public double meanLength() {
        return (double) transitions / starts;
    }
}

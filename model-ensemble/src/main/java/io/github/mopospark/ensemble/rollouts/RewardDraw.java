package io.github.mopospark.ensemble.rollouts;

/** What a rollout takes for the reward. */
public enum RewardDraw {
    /** A sample, drawn with the state: algorithm 2 of MOPO's paper, and its code. */
    SAMPLED,
    /** The drawn member's mean: section 4.3 of the paper. */
    MEAN
}

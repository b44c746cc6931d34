package io.github.mopospark.configuration;

/** How a checkpoint keeps the rounds of rollouts that the learner draws from: the key {@code checkpoint.rounds}. */
public enum CheckpointRounds {
    /** Each round is written once. */
    SAVE,
    /** The policies that made them are written, and the rounds are made again. */
    POLICIES
}

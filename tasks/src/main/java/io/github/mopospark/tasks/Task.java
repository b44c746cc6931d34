package io.github.mopospark.tasks;

import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a task without its simulator.
 *
 * @param name the task's own name, such as {@code hopper}
 * @param observationSize numbers in an observation
 * @param actionSize numbers in an action, each in [-1, 1]
 * @param timeLimit steps after which an episode is truncated
 * @param referenceReturns D4RL's returns of a random and an expert policy; empty where D4RL has none
 * @param terminationRule which observations end an episode
 * @param relabelledReward the reward that replaces the recorded one in a dataset; empty for the D4RL tasks
 */
public record Task(
        String name,
        int observationSize,
        int actionSize,
        int timeLimit,
        Optional<ReferenceReturns> referenceReturns,
        TerminationRule terminationRule,
        Optional<RelabelledReward> relabelledReward) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if a size or the time limit is below 1, or the name is blank
     */
    public Task {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(referenceReturns, "referenceReturns");
        Objects.requireNonNull(terminationRule, "terminationRule");
        Objects.requireNonNull(relabelledReward, "relabelledReward");
        if (name.isBlank()) {
            throw new IllegalArgumentException("task name must not be blank");
        }
        requirePositive("observationSize", observationSize);
        requirePositive("actionSize", actionSize);
        requirePositive("timeLimit", timeLimit);
    }

    /**
     * The task with another reading of the formula of halfcheetah-jump's reward.
     *
     * @param speedCap how that reward caps the speed
     * @return this task itself where it has another reward
     */
    public Task withSpeedCap(JumpReward.SpeedCap speedCap) {
        if (!(relabelledReward.orElse(null) instanceof JumpReward)) {
            return this;
        }
        return new Task(
                name,
                observationSize,
                actionSize,
                timeLimit,
                referenceReturns,
                terminationRule,
                Optional.of(new JumpReward(speedCap)));
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("task " + field + " must be at least 1, but was " + value);
        }
    }
}

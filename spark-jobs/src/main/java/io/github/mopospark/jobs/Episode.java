package io.github.mopospark.jobs;

import io.github.mopospark.environments.Environment;
import io.github.mopospark.policy.PolicyActions;
import java.util.Objects;

/** An episode under way: what acts, in an environment, and what came of it so far. For one thread at a time. */
public final class Episode {
    private final Environment environment;
    private final Actor actor;
    private final double[] observation;
    private final float[] input;
    private final float[] action;
    private int steps;
    private double episodeReturn;

    /** Chooses actions, one at a time. */
    @FunctionalInterface
    public interface Actor {
        /**
         * Chooses the next action.
         *
         * @param observation {@code [observationSize]}
         * @param action {@code [actionSize]}, written
         */
        void act(float[] observation, float[] action);
    }

    /**
     * Starts an episode.
     *
     * @param environment plays it; reset here, closed by the caller
     * @param actor what acts
     * @param seed of the initial state
     */
    public Episode(Environment environment, Actor actor, long seed) {
        this.environment = Objects.requireNonNull(environment, "environment");
        this.actor = Objects.requireNonNull(actor, "actor");
        observation = new double[environment.observationSpace().size()];
        input = new float[observation.length];
        action = new float[environment.actionSpace().size()];
        environment.reset(seed, observation);
    }

    /**
     * Starts an episode of a policy's most likely actions.
     *
     * @param environment plays it; reset here, closed by the caller
     * @param policy what acts
     * @param seed of the initial state
     * @return the episode, before its first step
     * @throws IllegalArgumentException if the policy's sizes are not the environment's
     */
    public static Episode mostLikely(Environment environment, PolicyActions policy, long seed) {
        int observationSize = policy.policy().observationSize();
        int actionSize = policy.policy().actionSize();
        if (observationSize != environment.observationSpace().size()
                || actionSize != environment.actionSpace().size()) {
            throw new IllegalArgumentException(
                    "a policy for %s must have observations of %d and actions of %d, but has %d and %d"
                            .formatted(
                                    environment.task().name(),
                                    environment.observationSpace().size(),
                                    environment.actionSpace().size(),
                                    observationSize,
                                    actionSize));
        }
        return new Episode(environment, (observation, action) -> policy.mostLikely(observation, 1, action), seed);
    }

    /**
     * Takes a step.
     *
     * @throws IllegalStateException if the episode is over
     * @throws IllegalArgumentException if the action is not finite
     */
    public void step() {
        for (int i = 0; i < input.length; i++) {
            input[i] = (float) observation[i];
        }
        actor.act(input, action);
        episodeReturn += environment.step(action, observation);
        steps++;
    }

    /**
     * Whether it was terminated or truncated.
     *
     * @return true if there is no further step
     */
    public boolean isOver() {
        return environment.terminated() || environment.truncated();
    }

    /**
     * What plays it.
     *
     * @return the environment
     */
    public Environment environment() {
        return environment;
    }

    /**
     * Its length so far.
     *
     * @return steps taken
     */
    public int steps() {
        return steps;
    }

    /**
     * The sum of its rewards so far.
     *
     * @return the undiscounted return
     */
    public double episodeReturn() {
        return episodeReturn;
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.environments.Environment;
import java.util.Locale;

/** An episode under way: a policy acting in an environment, and what came of it so far. */
final class Episode {
    private final Environment environment;
    private final RandomPolicy policy;
    private final long seed;
    private final double[] observation;
    private final float[] action;
    private int steps;
    private double episodeReturn;

    Episode(Environment environment, RandomPolicy policy, long seed) {
        this.environment = environment;
        this.policy = policy;
        this.seed = seed;
        this.observation = new double[environment.observationSpace().size()];
        this.action = new float[environment.actionSpace().size()];
        environment.reset(seed, observation);
    }

    void step() {
        policy.act(action);
        episodeReturn += environment.step(action, observation);
        steps++;
    }

    boolean isOver() {
        return environment.terminated() || environment.truncated();
    }

    Environment environment() {
        return environment;
    }

    int steps() {
        return steps;
    }

    /** Task, steps, return and score so far in a line. */
    String summary() {
        String end = environment.terminated() ? "terminated" : environment.truncated() ? "truncated" : "cut short";
        // A score belongs to a whole episode.
        String score = !isOver()
                ? ""
                : environment
                        .task()
                        .referenceReturns()
                        .map(returns -> String.format(Locale.ROOT, " (score %.1f)", returns.score(episodeReturn)))
                        .orElse("");
        return String.format(
                Locale.ROOT,
                "%s, seed %d: %d steps, %s, return %.1f%s",
                environment.task().name(),
                seed,
                steps,
                end,
                episodeReturn,
                score);
    }
}

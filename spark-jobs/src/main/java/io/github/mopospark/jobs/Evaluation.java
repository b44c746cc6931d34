package io.github.mopospark.jobs;

import io.github.mopospark.tasks.ReferenceReturns;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a policy did in its task, with its most likely actions.
 *
 * @param episodes what came of each
 * @param reference D4RL's returns, which a score is relative to; empty where there are none
 */
public record Evaluation(List<EpisodeScore> episodes, Optional<ReferenceReturns> reference) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if there is no episode
     */
    public Evaluation {
        episodes = List.copyOf(episodes);
        if (episodes.isEmpty()) {
            throw new IllegalArgumentException("an evaluation must have at least 1 episode, but has none");
        }
    }

    /**
     * The returns.
     *
     * @return each episode's, undiscounted
     */
    public double[] returns() {
        return episodes.stream().mapToDouble(EpisodeScore::episodeReturn).toArray();
    }

    /**
     * The mean return.
     *
     * @return over episodes
     */
    public double meanReturn() {
        return Arrays.stream(returns()).sum() / episodes.size();
    }

    /**
     * How far returns are from their mean.
     *
     * @return the standard deviation over episodes, divided by their number
     */
    public double returnStd() {
        double mean = meanReturn();
        double sum = 0;
        for (double value : returns()) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / episodes.size());
    }

    /**
     * D4RL's score of the mean return.
     *
     * @return 0 for a random policy, 100 for an expert; NaN where the task has no reference
     */
    public double score() {
        return reference.map(returns -> returns.score(meanReturn())).orElse(Double.NaN);
    }

    /**
     * The spread of scores.
     *
     * @return the standard deviation over episodes; NaN where the task has no reference
     */
    public double scoreStd() {
        return reference
                .map(returns -> returns.score(returnStd()) - returns.score(0))
                .orElse(Double.NaN);
    }

    /**
     * How long episodes were.
     *
     * @return their mean length, in steps
     */
    public double meanLength() {
        return episodes.stream().mapToInt(EpisodeScore::length).sum() / (double) episodes.size();
    }
}

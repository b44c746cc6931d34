package io.github.mopospark.jobs;

import io.github.mopospark.environments.Environment;
import io.github.mopospark.policy.PolicyActions;
import java.io.Serializable;

/**
 * What came of an episode.
 *
 * @param episodeReturn the sum of its rewards, undiscounted
 * @param length its steps
 */
public record EpisodeScore(double episodeReturn, int length) implements Serializable {
    /**
     * Plays an episode of a policy's most likely actions to its end. The same policy and seed give the same bits on every
     * machine.
     *
     * @param environment plays it; may have played others before
     * @param policy what acts
     * @param seed of the initial state
     * @return what came of it
     * @throws IllegalArgumentException if the policy's sizes are not the environment's, or an action is not finite
     */
    public static EpisodeScore play(Environment environment, PolicyActions policy, long seed) {
        Episode episode = Episode.mostLikely(environment, policy, seed);
        while (!episode.isOver()) {
            episode.step();
        }
        return new EpisodeScore(episode.episodeReturn(), episode.steps());
    }
}

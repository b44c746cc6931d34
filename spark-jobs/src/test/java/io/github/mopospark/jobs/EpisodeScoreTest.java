package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import org.junit.jupiter.api.Test;

class EpisodeScoreTest {
    private static final Task HOPPER = Tasks.named("hopper");

    @Test
    void sumsTheRewardsOfTheMostLikelyActions() {
        PolicyActions policy = Policies.actions(Policies.random("hopper"));
        double[] observation = new double[11];
        double sum = 0;
        int steps = 0;
        try (Environment environment = Environments.create(HOPPER)) {
            environment.reset(3, observation);
            while (!environment.terminated()) {
                float[] input = new float[11];
                for (int i = 0; i < 11; i++) {
                    input[i] = (float) observation[i];
                }
                float[] action = new float[3];
                policy.mostLikely(input, 1, action);
                sum += environment.step(action, observation);
                steps++;
            }
        }

        try (Environment environment = Environments.create(HOPPER)) {
            EpisodeScore other = EpisodeScore.play(environment, policy, 4);
            assertThat(EpisodeScore.play(environment, policy, 3)).isEqualTo(new EpisodeScore(sum, steps));
            assertThat(EpisodeScore.play(environment, policy, 4)).as("the seed").isEqualTo(other);
            assertThat(other.episodeReturn()).isNotEqualTo(sum);
        }
    }

    @Test
    void endsAtTheTimeLimit() {
        try (Environment environment = Environments.create(Tasks.named("halfcheetah"))) {
            PolicyActions policy = Policies.actions(Policies.random("halfcheetah"));
            assertThat(EpisodeScore.play(environment, policy, 0).length()).isEqualTo(1000);
        }
    }

    @Test
    void refusesAPolicyOfAnotherTask() {
        PolicyActions walker = Policies.actions(Policies.random("walker2d"));
        try (Environment environment = Environments.create(HOPPER)) {
            assertThatThrownBy(() -> EpisodeScore.play(environment, walker, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a policy for hopper must have observations of 11 and actions of 3, but has 17 and 6");
        }
    }
}

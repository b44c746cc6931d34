package io.github.mopospark.environments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.tasks.Tasks;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same actions from the same states give what Gymnasium's environments gave. */
class RolloutParityTest {
    private static final double TOLERANCE = 1e-9;

    @ParameterizedTest
    @ValueSource(strings = {"Hopper-v4", "HalfCheetah-v4", "Walker2d-v4", "Ant-v4", "Ant-v4-contact"})
    void followsGymnasiumStepByStep(String group) {
        try (ReferenceFigures reference = ReferenceFigures.open();
                Environment environment = Environments.create(
                        Tasks.named(ReferenceFigures.tasksByGroup().get(group)))) {
            double[] startIndex = reference.numbers(group + "/start_index");
            double[] startPositions = reference.numbers(group + "/start_qpos");
            double[] startVelocities = reference.numbers(group + "/start_qvel");
            double[] actions = reference.numbers(group + "/actions");
            double[] terminated = reference.numbers(group + "/terminated");
            Series observations = new Series(reference.numbers(group + "/next_observations"));
            Series rewards = new Series(reference.numbers(group + "/rewards"));
            Series positions = new Series(reference.numbers(group + "/qpos"));
            Series velocities = new Series(reference.numbers(group + "/qvel"));

            double[] observation = new double[environment.observationSpace().size()];
            double[] qpos = new double[environment.positionSize()];
            double[] qvel = new double[environment.velocitySize()];
            float[] action = new float[environment.actionSpace().size()];
            int episode = 0;
            int terminations = 0;
            assertThat(environment.stepSeconds()).isEqualTo(reference.attribute(group, "dt"));
            for (int step = 0; step < terminated.length; step++) {
                if (episode < startIndex.length && step == startIndex[episode]) {
                    environment.reset(
                            row(startPositions, episode, qpos.length),
                            row(startVelocities, episode, qvel.length),
                            observation);
                    episode++;
                }
                for (int i = 0; i < action.length; i++) {
                    action[i] = (float) actions[step * action.length + i];
                }
                double reward = environment.step(action, observation);

                environment.state(qpos, qvel);
                observations.compare(step, observation);
                rewards.compare(step, reward);
                positions.compare(step, qpos);
                velocities.compare(step, qvel);
                assertThat(environment.terminated())
                        .as("%s: terminated at step %d", group, step)
                        .isEqualTo(terminated[step] == 1);
                terminations += environment.terminated() ? 1 : 0;
            }

            System.out.printf(
                    "%s: %d steps, %d episodes, %d terminations; largest difference of observations %.3g, rewards %.3g,"
                            + " qpos %.3g, qvel %.3g%n",
                    group,
                    terminated.length,
                    episode,
                    terminations,
                    observations.largest,
                    rewards.largest,
                    positions.largest,
                    velocities.largest);
            assertThat(terminated).hasSizeGreaterThanOrEqualTo(1000);
            assertThat(episode).isEqualTo(startIndex.length);
            for (Series series : List.of(observations, rewards, positions, velocities)) {
                assertThat(series.compared).isEqualTo(series.expected.length);
            }
            assertThat(observations.largest).as("observations").isLessThanOrEqualTo(TOLERANCE);
            assertThat(rewards.largest).as("rewards").isLessThanOrEqualTo(TOLERANCE);
            assertThat(positions.largest).as("qpos").isLessThanOrEqualTo(TOLERANCE);
            assertThat(velocities.largest).as("qvel").isLessThanOrEqualTo(TOLERANCE);
            assertThat(environment.warnings()).isZero();
        }
    }

    private static double[] row(double[] rows, int row, int size) {
        return Arrays.copyOfRange(rows, row * size, (row + 1) * size);
    }

    /** Expected rows, and how far ours were from them. */
    private static final class Series {
        private final double[] expected;
        private double largest;
        private int compared;

        Series(double[] expected) {
            this.expected = expected;
        }

        void compare(int row, double... values) {
            compared += values.length;
            for (int i = 0; i < values.length; i++) {
                double difference = Math.abs(values[i] - expected[row * values.length + i]);
                // A NaN must not pass for the smaller of two.
                largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
            }
        }
    }
}

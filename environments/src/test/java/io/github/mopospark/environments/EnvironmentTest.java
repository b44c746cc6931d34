package io.github.mopospark.environments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentTest {

    static Stream<Task> tasks() {
        return Tasks.all().stream();
    }

    private static Environment create(String name) {
        return Environments.create(Tasks.named(name));
    }

    private static double[] observationOf(Environment environment) {
        return new double[environment.observationSpace().size()];
    }

    private static float[] actionOf(Environment environment) {
        return new float[environment.actionSpace().size()];
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void hasTheSpacesOfItsTask(Task task) {
        try (Environment environment = Environments.create(task)) {
            assertThat(environment.task()).isEqualTo(task);
            assertThat(environment.observationSpace())
                    .isEqualTo(new Box(task.observationSize(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
            assertThat(environment.actionSpace()).isEqualTo(new Box(task.actionSize(), -1, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void startsFromTheSeedAlone(Task task) {
        try (Environment environment = Environments.create(task);
                Environment other = Environments.create(task)) {
            double[] observation = observationOf(environment);
            double[] same = observationOf(environment);
            double[] different = observationOf(environment);
            environment.reset(7, observation);
            environment.step(actionOf(environment), same);
            environment.reset(7, same);
            other.reset(8, different);
            assertThat(same).containsExactly(observation);
            assertThat(different).isNotEqualTo(observation);
            other.reset(7, different);
            assertThat(different).containsExactly(observation);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // task, bound of the uniform positions, and the bound of uniform or deviation of Gaussian velocities
        "hopper, 0.005, uniform, 0.005",
        "walker2d, 0.005, uniform, 0.005",
        "halfcheetah, 0.1, gaussian, 0.1",
        "ant, 0.1, gaussian, 0.1",
    })
    void drawsInitialStatesFromGymnasiumsDistribution(
            String name, double positionBound, String velocityKind, double velocityScale) {
        int resets = 400;
        try (Environment environment = create(name)) {
            double[] observation = observationOf(environment);
            double[] qpos = new double[environment.positionSize()];
            double[] qvel = new double[environment.velocitySize()];
            double[] velocities = new double[resets * qvel.length];
            double[] firstPositions = new double[resets];
            for (int i = 0; i < resets; i++) {
                environment.reset(i, observation);
                environment.state(qpos, qvel);
                firstPositions[i] = qpos[0];
                System.arraycopy(qvel, 0, velocities, i * qvel.length, qvel.length);
            }

            assertThat(deviation(firstPositions)).isCloseTo(positionBound / Math.sqrt(3), within(positionBound / 20));
            assertThat(Arrays.stream(firstPositions).map(Math::abs).max().orElseThrow())
                    .isBetween(0.97 * positionBound, positionBound);
            double largest = Arrays.stream(velocities).map(Math::abs).max().orElseThrow();
            if (velocityKind.equals("uniform")) {
                assertThat(largest).isBetween(0.99 * velocityScale, velocityScale);
            } else {
                assertThat(deviation(velocities)).isCloseTo(velocityScale, within(velocityScale / 20));
                assertThat(largest).isGreaterThan(2.5 * velocityScale);
            }
        }
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void truncatesAtTheTimeLimitAndWantsAReset() {
        try (Environment environment = create("halfcheetah")) {
            double[] observation = observationOf(environment);
            float[] action = actionOf(environment);
            environment.reset(0, observation);
            for (int step = 1; step < 1000; step++) {
                environment.step(action, observation);
                assertThat(environment.truncated()).isFalse();
            }
            environment.step(action, observation);
            assertThat(environment.truncated()).isTrue();
            assertThat(environment.terminated()).isFalse();
            assertThatThrownBy(() -> environment.step(action, observation))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the episode is over; reset the environment before the next step");

            environment.reset(0, observation);
            assertThat(environment.truncated()).isFalse();
            environment.step(action, observation);
        }
    }

    @Test
    void takesTheTimeLimitFromTheTask() {
        Task task = Tasks.named("hopper");
        Task shorter = new Task(
                task.name(),
                task.observationSize(),
                task.actionSize(),
                3,
                task.referenceReturns(),
                task.terminationRule(),
                Optional.empty());
        try (Environment environment = Environments.create(shorter)) {
            double[] observation = observationOf(environment);
            environment.reset(0, observation);
            for (int step = 0; step < 3; step++) {
                environment.step(new float[3], observation);
            }
            assertThat(environment.truncated()).isTrue();
        }
    }

    @Test
    void clipsObservedVelocitiesButTerminatesOnTheTrueOnes() {
        try (Environment environment = create("hopper")) {
            double[] observation = observationOf(environment);
            double[] upright = {0, 1.5, 0, 0, 0, 0};
            environment.reset(upright, new double[] {50, 0, 0, 0, 0, -50}, observation);
            assertThat(observation[5]).isEqualTo(10);
            assertThat(observation[10]).isEqualTo(-10);
            environment.step(new float[3], observation);
            assertThat(environment.terminated()).isFalse();

            environment.reset(upright, new double[] {150, 0, 0, 0, 0, 0}, observation);
            environment.step(new float[3], observation);
            assertThat(observation[5]).isEqualTo(10);
            assertThat(environment.terminated()).isTrue();
        }
    }

    @Test
    void countsTheControlCostOfAnActionBeyondItsBounds() {
        try (Environment environment = create("halfcheetah")) {
            double[] observation = observationOf(environment);
            float[] ones = {1, 1, 1, 1, 1, 1};
            float[] twos = {2, 2, 2, 2, 2, 2};
            environment.reset(0, observation);
            double within = environment.step(ones, observation);
            environment.reset(0, observation);
            double beyond = environment.step(twos, observation);

            assertThat(beyond).isCloseTo(within - 0.1 * (24 - 6), within(1e-12));
        }
    }

    private static float[] randomAction(Random random, int size) {
        float[] action = new float[size];
        for (int i = 0; i < size; i++) {
            action[i] = 2 * random.nextFloat() - 1;
        }
        return action;
    }

    private static double squaredNorm(float[] action) {
        double sum = 0;
        for (float value : action) {
            sum += (double) value * value;
        }
        return sum;
    }

    @Test
    void rewardsTheJumpByCappedSpeedAndHeight() {
        Random random = new Random(3);
        try (Environment plain = create("halfcheetah");
                Environment jump = create("halfcheetah-jump")) {
            double[] observation = observationOf(plain);
            double[] jumpObservation = observationOf(jump);
            // At 8 m/s the cap acts, and friction lets it run out.
            double[] qpos = new double[9];
            double[] qvel = {8, 0, 0, 0, 0, 0, 0, 0, 0};
            plain.reset(qpos, qvel, observation);
            jump.reset(qpos, qvel, jumpObservation);
            int capped = 0;
            int steps = 200;
            for (int step = 0; step < steps; step++) {
                float[] action = randomAction(random, 6);
                double squaredAction = squaredNorm(action);
                double forwardVelocity = plain.step(action, observation) + 0.1 * squaredAction;
                double reward = jump.step(action, jumpObservation);
                assertThat(jumpObservation).containsExactly(observation);
                assertThat(reward)
                        .isCloseTo(
                                Math.min(forwardVelocity, 3) - 0.1 * squaredAction + 15 * observation[0], within(1e-9));
                capped += forwardVelocity > 3 ? 1 : 0;
            }
            assertThat(capped).isBetween(1, steps - 1);
        }
    }

    @Test
    void rewardsTheAntAlongThirtyDegreesByTheTorsosDisplacement() {
        Random random = new Random(4);
        try (Environment environment = create("ant-angle");
                Environment plain = create("ant")) {
            double[] observation = observationOf(environment);
            double[] qpos = new double[15];
            double[] qvel = new double[14];
            environment.reset(11, observation);
            environment.state(qpos, qvel);
            // The same state turned by 90 degrees about z moves along x where the first moves along y.
            double[] turnedPositions = turnedBackByNinetyDegrees(qpos);
            double[] turnedVelocities = qvel.clone();
            turnedVelocities[0] = qvel[1];
            turnedVelocities[1] = -qvel[0];
            try (Environment turned = create("ant")) {
                plain.reset(qpos, qvel, observation);
                turned.reset(turnedPositions, turnedVelocities, observationOf(turned));
                for (int step = 0; step < 5; step++) {
                    float[] action = randomAction(random, 8);
                    double squaredAction = squaredNorm(action);
                    double xVelocity = plain.step(action, observation) - 1 + 0.5 * squaredAction;
                    double yVelocity = turned.step(action, observationOf(turned)) - 1 + 0.5 * squaredAction;
                    assertThat(environment.step(action, observation))
                            .isCloseTo(
                                    xVelocity * Math.cos(Math.PI / 6)
                                            + yVelocity * Math.sin(Math.PI / 6)
                                            - 0.5 * squaredAction,
                                    within(1e-6));
                }
            }
        }
    }

    /** y becomes x: the position turned by -90 degrees about z, the orientation multiplied by that turn. */
    private static double[] turnedBackByNinetyDegrees(double[] qpos) {
        double[] turned = qpos.clone();
        turned[0] = qpos[1];
        turned[1] = -qpos[0];
        double half = Math.sqrt(0.5);
        double w = qpos[3];
        double x = qpos[4];
        double y = qpos[5];
        double z = qpos[6];
        turned[3] = half * (w + z);
        turned[4] = half * (x + y);
        turned[5] = half * (y - x);
        turned[6] = half * (z - w);
        return turned;
    }

    @Test
    void rejectsMisuse() {
        try (Environment environment = create("hopper")) {
            double[] observation = observationOf(environment);
            assertThatThrownBy(() -> environment.step(new float[3], observation))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("reset the environment first");
            assertThatThrownBy(() -> environment.render(64, 64)).hasMessage("reset the environment first");
            assertThatThrownBy(() -> environment.state(new double[6], new double[6]))
                    .hasMessage("reset the environment first");
            environment.reset(0, observation);
            rejects(
                    "positions[1] must be finite, but was NaN",
                    () -> environment.reset(new double[] {0, Double.NaN, 0, 0, 0, 0}, new double[6], observation));
            rejects(
                    "velocities[0] must be finite, but was -Infinity",
                    () -> environment.reset(
                            new double[6], new double[] {Double.NEGATIVE_INFINITY, 0, 0, 0, 0, 0}, observation));
            rejects("action must have length 3, but has 2", () -> environment.step(new float[2], observation));
            rejects(
                    "observation must have length 11, but has 10",
                    () -> environment.step(new float[3], new double[10]));
            rejects(
                    "control[1] must be finite, but was NaN",
                    () -> environment.step(new float[] {0, Float.NaN, 0}, observation));
            rejects("observation must have length 11, but has 0", () -> environment.reset(0, new double[0]));
            rejects(
                    "positions must have length 6, but has 5",
                    () -> environment.reset(new double[5], new double[6], observation));
            rejects("velocities must have length 6, but has 1", () -> environment.state(new double[6], new double[1]));
            rejects("a picture must be at least 16 x 16 pixels, but was to be 8 x 99", () -> environment.render(8, 99));
            assertThatNullPointerException().isThrownBy(() -> environment.step(null, observation));
            assertThatNullPointerException().isThrownBy(() -> environment.step(new float[3], null));
            assertThatNullPointerException().isThrownBy(() -> environment.reset(0, null));
            // None of it hurt the episode.
            environment.step(new float[3], observation);
        }
    }

    private static void rejects(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void throwsAfterClose() {
        Environment environment = create("hopper");
        double[] observation = observationOf(environment);
        environment.reset(0, observation);
        environment.close();
        environment.close();

        List<ThrowingCallable> uses = List.of(
                () -> environment.reset(0, observation),
                () -> environment.step(new float[3], observation),
                () -> environment.state(new double[6], new double[6]),
                environment::warnings,
                () -> environment.render(64, 64));
        assertThat(uses).allSatisfy(use -> assertThatThrownBy(use)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed"));
    }

    @Test
    void hasNoSimulatorForATaskItDoesNotKnow() {
        Task hopper = Tasks.named("hopper");
        Task unknown = new Task("cartpole", 4, 1, 200, Optional.empty(), hopper.terminationRule(), Optional.empty());
        assertThatThrownBy(() -> Environments.create(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no simulator for the task 'cartpole'");
        Task withoutReward =
                new Task("ant-angle", 27, 8, 1000, Optional.empty(), hopper.terminationRule(), Optional.empty());
        assertThatThrownBy(() -> Environments.create(withoutReward))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ant-angle needs a reward of type AngleReward");
    }
}

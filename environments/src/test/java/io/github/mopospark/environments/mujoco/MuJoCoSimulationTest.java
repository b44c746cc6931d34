package io.github.mopospark.environments.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MuJoCoSimulationTest {
    private static final double[] POSITIONS = {0, 0, 1, 1, 0, 0, 0, 0};
    private static final double[] VELOCITIES = new double[7];
    private static final float[] NO_PUSH = new float[1];

    private final MuJoCoModel model = MuJoCoModel.fromXml(Models.BALL_AND_SLIDER);
    private final MuJoCoSimulation simulation = new MuJoCoSimulation(model);

    @AfterEach
    void close() {
        simulation.close();
        model.close();
    }

    @Test
    void letsTheBallFall() {
        simulation.reset(POSITIONS, VELOCITIES);
        simulation.step(NO_PUSH, 100, false);

        // 0.2 s of free fall by semi-implicit Euler: g dt^2 n (n + 1) / 2.
        double[] positions = new double[8];
        simulation.positions(positions);
        assertThat(positions[2]).isCloseTo(1 - 9.81 * 0.002 * 0.002 * 100 * 101 / 2, within(1e-12));
        assertThat(simulation.warnings()).isZero();
    }

    @Test
    void appliesTheControl() {
        simulation.reset(POSITIONS, VELOCITIES);
        simulation.step(new float[] {0.5f}, 10, false);

        double[] velocities = new double[7];
        simulation.velocities(velocities);
        double mass = model.numbers("body_mass")[2];
        assertThat(velocities[6]).isCloseTo(0.5 * 10 / mass * 0.02, within(1e-9));
    }

    @Test
    void computesContactForcesWhenAsked() {
        double[] resting = {0, 0, 0.0999, 1, 0, 0, 0, 0};
        double[] forces = new double[18];

        simulation.reset(resting, VELOCITIES);
        simulation.step(NO_PUSH, 5, false);
        simulation.contactForces(forces);
        assertThat(forces).containsOnly(0);

        simulation.reset(resting, VELOCITIES);
        simulation.step(NO_PUSH, 5, true);
        simulation.contactForces(forces);
        assertThat(forces[6 + 5]).as("vertical force on the ball").isPositive();
    }

    @Test
    void resetsToTheGivenStateWhateverCameBefore() {
        double[] first = fall();
        simulation.step(new float[] {1}, 77, true);

        assertThat(fall()).containsExactly(first);
    }

    private double[] fall() {
        double[] positions = new double[8];
        simulation.reset(POSITIONS, new double[] {0.3, 0, -1, 2, 0, 1, 0});
        simulation.step(new float[] {0.2f}, 300, false);
        simulation.positions(positions);
        return positions;
    }

    @Test
    void reportsAMuJoCoErrorAndGoesOnAfterAReset() {
        double[] rest = new double[Models.SLIDERS];
        double[] beyondTheLimits = all(2);
        try (MuJoCoModel small = MuJoCoModel.fromXml(Models.TOO_LITTLE_MEMORY);
                MuJoCoSimulation sliders = new MuJoCoSimulation(small)) {
            sliders.reset(rest, all(100));
            assertThatThrownBy(() -> sliders.step(new float[0], 10, false))
                    .isInstanceOf(MuJoCoException.class)
                    .hasMessageContaining("out of memory");
            assertThatThrownBy(() -> sliders.step(new float[0], 1, false))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this MuJoCo simulation failed; reset it first");

            assertThatThrownBy(() -> sliders.reset(beyondTheLimits, rest)).isInstanceOf(MuJoCoException.class);

            sliders.reset(rest, all(1));
            sliders.step(new float[0], 10, false);
            double[] positions = new double[Models.SLIDERS];
            sliders.positions(positions);
            assertThat(positions).containsOnly(positions[0]);
            assertThat(positions[0]).isCloseTo(0.02 - 9.81 * 0.002 * 0.002 * 55, within(1e-12));
        }
    }

    private static double[] all(double value) {
        double[] values = new double[Models.SLIDERS];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void countsWarningsInsteadOfWritingALog() throws IOException {
        Files.deleteIfExists(Path.of("MUJOCO_LOG.TXT"));
        simulation.reset(new double[] {0, 0, 1, 1, 0, 0, 0, Double.NaN}, VELOCITIES);
        simulation.step(NO_PUSH, 1, false);

        assertThat(simulation.warnings()).isPositive();
        assertThat(Path.of("MUJOCO_LOG.TXT")).doesNotExist();
    }

    @Test
    void rejectsWrongLengthsNullsAndControlsThatAreNotFinite() {
        rejects("positions must have length 8, but has 7", () -> simulation.reset(new double[7], VELOCITIES));
        rejects("velocities must have length 7, but has 8", () -> simulation.reset(POSITIONS, new double[8]));
        rejects("control must have length 1, but has 2", () -> simulation.step(new float[2], 1, false));
        rejects("steps must be at least 1, but was 0", () -> simulation.step(NO_PUSH, 0, false));
        rejects("control[0] must be finite, but was NaN", () -> simulation.step(new float[] {Float.NaN}, 1, false));
        rejects(
                "control[0] must be finite, but was -Infinity",
                () -> simulation.step(new float[] {Float.NEGATIVE_INFINITY}, 1, false));
        rejects("positions must have length 8, but has 0", () -> simulation.positions(new double[0]));
        rejects("velocities must have length 7, but has 9", () -> simulation.velocities(new double[9]));
        rejects("geomPositions must have length 9, but has 1", () -> simulation.geomPositions(new double[1]));
        rejects("geomRotations must have length 27, but has 1", () -> simulation.geomRotations(new double[1]));
        rejects("contactForces must have length 18, but has 1", () -> simulation.contactForces(new double[1]));
        assertThatThrownBy(() -> simulation.bodyPosition(3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> simulation.bodyPosition(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatNullPointerException().isThrownBy(() -> new MuJoCoSimulation(null));
        assertThatNullPointerException().isThrownBy(() -> simulation.reset(null, VELOCITIES));
        assertThatNullPointerException().isThrownBy(() -> simulation.reset(POSITIONS, null));
        assertThatNullPointerException().isThrownBy(() -> simulation.step(null, 1, false));
        assertThatNullPointerException().isThrownBy(() -> simulation.positions(null));
    }

    private static void rejects(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void throwsAfterClose() {
        simulation.close();
        simulation.close();

        List<ThrowingCallable> uses = List.of(
                () -> simulation.reset(POSITIONS, VELOCITIES),
                () -> simulation.step(NO_PUSH, 1, false),
                () -> simulation.positions(new double[8]),
                () -> simulation.velocities(new double[7]),
                () -> simulation.bodyPosition(0, 0),
                () -> simulation.geomPositions(new double[9]),
                () -> simulation.geomRotations(new double[27]),
                () -> simulation.contactForces(new double[18]),
                simulation::warnings);
        assertThat(uses).allSatisfy(use -> assertThatThrownBy(use)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this MuJoCo simulation is closed"));
    }

    @Test
    void survivesACloseFromAnotherThreadDuringAStep() throws Exception {
        for (int round = 0; round < 20; round++) {
            MuJoCoSimulation shared = new MuJoCoSimulation(model);
            CountDownLatch stepping = new CountDownLatch(1);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<?> steps = thread.submit(() -> {
                    while (true) {
                        shared.step(NO_PUSH, 20, true);
                        stepping.countDown();
                    }
                });
                stepping.await();
                shared.close();
                assertThatThrownBy(steps::get).hasRootCauseMessage("this MuJoCo simulation is closed");
            } finally {
                thread.shutdown();
            }
        }
    }

    @Test
    void givesEqualResultsOnEightThreadsThatShareAModel() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<double[]>> runs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int thread = i;
                runs.add(threads.submit(() -> tumble(thread)));
            }
            double[] alone = tumble(-1);
            for (Future<double[]> run : runs) {
                assertThat(run.get()).containsExactly(alone);
            }
        } finally {
            threads.shutdown();
        }
    }

    /** A long run on the shared model; odd threads raise MuJoCo errors in between. */
    private double[] tumble(int thread) {
        Random random = new Random(7);
        double[] positions = new double[8];
        try (MuJoCoSimulation own = new MuJoCoSimulation(model)) {
            own.reset(POSITIONS, new double[] {0.5, 0.1, -1, 3, 1, 0, 0});
            for (int step = 0; step < 2000; step++) {
                own.step(new float[] {random.nextFloat() - 0.5f}, 2, true);
                if (thread % 2 == 1 && step % 100 == 0) {
                    raiseError();
                }
            }
            own.positions(positions);
        }
        return positions;
    }

    private static void raiseError() {
        try (MuJoCoModel small = MuJoCoModel.fromXml(Models.TOO_LITTLE_MEMORY);
                MuJoCoSimulation sliders = new MuJoCoSimulation(small)) {
            assertThatThrownBy(() -> sliders.reset(all(2), all(0))).isInstanceOf(MuJoCoException.class);
        }
    }
}

package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.policy.buffers.TransitionBatch;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SacLearnerTest {
    private static final int OBSERVATION_SIZE = 3;
    private static final int ACTION_SIZE = 2;

    private static SacConfig settings() {
        return new SacConfig(
                List.of(24, 20), Initialiser.FAN_IN_UNIFORM, 18, 0.9, 0.05, 1e-3, 1e-3, 0, 1e-3, 0.5, -2, -5, 2);
    }

    private static SacLearner learner(Kernels kernels, long seed, int threads) {
        return new SacLearner(
                kernels,
                settings(),
                OBSERVATION_SIZE,
                ACTION_SIZE,
                new RandomBatches(OBSERVATION_SIZE, ACTION_SIZE),
                seed,
                threads);
    }

    private static float[] weightsAfter(int updates, Kernels kernels, long seed, int threads) {
        try (SacLearner learner = learner(kernels, seed, threads)) {
            for (int i = 0; i < updates; i++) {
                learner.update();
            }
            return all(learner);
        }
    }

    private static float[] all(SacLearner learner) {
        float[] all = new float[0];
        for (Mlp network : List.of(
                learner.policy().network(),
                learner.critic(0),
                learner.critic(1),
                learner.target(0),
                learner.target(1))) {
            float[] numbers = network.parameters().toArray();
            int end = all.length;
            all = Arrays.copyOf(all, end + numbers.length + 1);
            System.arraycopy(numbers, 0, all, end, numbers.length);
        }
        all[all.length - 1] = (float) learner.temperature().logarithm();
        return all;
    }

    @Test
    void sameSeedGivesTheSameWeightsWhateverTheThreads() {
        float[] one = weightsAfter(40, CpuKernels.fastest(), 5, 1);

        assertThat(weightsAfter(40, CpuKernels.fastest(), 5, 1)).isEqualTo(one);
        assertThat(weightsAfter(40, CpuKernels.fastest(), 5, 2)).isEqualTo(one);
    }

    @Test
    void sameSeedGivesTheSameWeightsWithAndWithoutTheVectorApi() {
        assertThat(CpuKernels.fastest().description()).contains("Vector API");
        assertThat(weightsAfter(40, CpuKernels.plain(), 5, 2)).isEqualTo(weightsAfter(40, CpuKernels.fastest(), 5, 1));
    }

    @Test
    void firstLossesAreTheSameOnNd4jWithinRounding() {
        try (SacLearner ours = learner(CpuKernels.fastest(), 5, 1);
                SacLearner theirs = learner(KernelChoice.ND4J.open(), 5, 1)) {
            for (int update = 1; update <= 10; update++) {
                ours.update();
                theirs.update();

                assertThat(theirs.losses().firstCriticLoss())
                        .as("critic's loss of update %d", update)
                        .isCloseTo(ours.losses().firstCriticLoss(), Percentage.withPercentage(0.01));
                assertThat(theirs.losses().actorLoss())
                        .as("actor's loss of update %d", update)
                        .isCloseTo(ours.losses().actorLoss(), Percentage.withPercentage(0.01));
            }
        }
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertThat(weightsAfter(1, CpuKernels.fastest(), 6, 1))
                .isNotEqualTo(weightsAfter(1, CpuKernels.fastest(), 5, 1));
    }

    @Test
    void startsTheTargetsAsTheCritics() {
        try (SacLearner learner = learner(CpuKernels.fastest(), 1, 1)) {
            for (int i = 0; i < 2; i++) {
                assertThat(learner.target(i).parameters().toArray())
                        .isEqualTo(learner.critic(i).parameters().toArray());
            }
            assertThat(learner.critic(0).parameters().toArray())
                    .isNotEqualTo(learner.critic(1).parameters().toArray());
        }
    }

    @Test
    void terminalsStopBootstrapping() {
        try (SacLearner learner = learner(CpuKernels.fastest(), 1, 1)) {
            new RandomBatches(OBSERVATION_SIZE, ACTION_SIZE).fill(learner.batch(), 0, 18);
            Arrays.fill(learner.batch().terminals(), 0f);
            learner.batch().terminals()[4] = 1f;
            Arrays.fill(learner.batch().nextObservations(), 4 * OBSERVATION_SIZE, 5 * OBSERVATION_SIZE, 1e6f);

            learner.update(false);

            assertThat(learner.targets()[4]).isEqualTo(learner.batch().rewards()[4]);
            for (int row = 0; row < 18; row++) {
                if (row != 4) {
                    assertThat(learner.targets()[row])
                            .as("row %d goes on", row)
                            .isNotEqualTo(learner.batch().rewards()[row]);
                }
            }
        }
    }

    @Test
    void raisesTheTemperatureWhileTheEntropyIsTooLow() {
        assertThat(temperatureAfter(-2 + 100)).isGreaterThan(0.5);
        assertThat(temperatureAfter(-2 - 100)).isLessThan(0.5);
    }

    private static double temperatureAfter(double targetEntropy) {
        SacConfig s = settings();
        SacConfig settings = new SacConfig(
                s.hiddenSizes(),
                s.initialiser(),
                s.batchSize(),
                s.discount(),
                s.polyak(),
                s.criticRate(),
                s.actorRate(),
                0,
                s.temperatureRate(),
                s.initialTemperature(),
                targetEntropy,
                s.leastLogStd(),
                s.greatestLogStd());
        try (SacLearner learner = new SacLearner(
                CpuKernels.fastest(),
                settings,
                OBSERVATION_SIZE,
                ACTION_SIZE,
                new RandomBatches(OBSERVATION_SIZE, ACTION_SIZE),
                3,
                1)) {
            learner.update();
            return learner.temperature().value();
        }
    }

    @Test
    void decaysTheActorsRateAlongHalfACosine() {
        SacConfig settings = SacConfig.offlineRlKit(3, 1_000);

        assertThat(settings.actorRate(0)).isEqualTo(1e-4);
        assertThat(settings.actorRate(500)).isCloseTo(5e-5, Offset.offset(1e-12));
        assertThat(settings.actorRate(250)).isCloseTo(8.5355e-5, Offset.offset(1e-9));
        assertThat(settings.actorRate(1_000)).isZero();
        assertThat(settings.actorRate(5_000)).isZero();
        assertThat(SacConfig.paper().actorRate(5_000)).isEqualTo(3e-4);
    }

    @Test
    void allocatesNothingInAnUpdate() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (SacLearner learner =
                new SacLearner(CpuKernels.plain(), settings(), OBSERVATION_SIZE, ACTION_SIZE, new Unchanged(), 1, 1)) {
            long thread = Thread.currentThread().getId();
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 3_000; attempt++) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int i = 0; i < 10; i++) {
                    learner.update();
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            // Three steps of Adam's constants an update, where the compiler does not take them apart.
            assertThat(least).isLessThan(10 * 3 * 64);
        }
    }

    /** Leaves the batch as it is. */
    private static final class Unchanged implements BatchSource {
        @Override
        public void draw(long update) {}

        @Override
        public void fill(TransitionBatch batch, int from, int to) {}
    }

    @Test
    void hasNoLossesBeforeTheFirstUpdate() {
        try (SacLearner learner = learner(CpuKernels.fastest(), 1, 1)) {
            assertThatThrownBy(learner::losses).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void hasNoLossesAfterARestoration() {
        try (SacLearner learner = learner(CpuKernels.fastest(), 1, 1)) {
            learner.update();
            learner.restore(learner.state());
            assertThatThrownBy(learner::losses).isInstanceOf(IllegalStateException.class);
        }
    }
}

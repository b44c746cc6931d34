package io.github.mopospark.ensemble.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.ensemble.ConstantEnsembles;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.TrueModel;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.TerminationRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelRolloutsTest {
    private static final float SURE = ConstantEnsembles.CERTAIN;

    /** One transition with its columns apart. */
    private record Row(List<Float> observation, List<Float> action, float reward, List<Float> next, boolean terminal) {}

    private static Task task(TerminationRule rule) {
        return new Task("toy", 2, 1, 100, Optional.empty(), rule, Optional.empty());
    }

    private static float[] starts(int count, float first, float second) {
        float[] starts = new float[2 * count];
        for (int i = 0; i < count; i++) {
            starts[2 * i] = first;
            starts[2 * i + 1] = second;
        }
        return starts;
    }

    /** What rollouts gave, by chunk. */
    private static final class Rolled {
        private final Map<Integer, List<Row>> chunks = new TreeMap<>();
        private RolloutStatistics statistics = RolloutStatistics.NONE;

        private synchronized void accept(int chunk, ModelTransitions rows) {
            List<Row> list = new ArrayList<>();
            for (int i = 0; i < rows.rows(); i++) {
                list.add(new Row(
                        floats(rows.observations(), 2 * i, 2),
                        floats(rows.actions(), i, 1),
                        rows.rewards()[i],
                        floats(rows.nextObservations(), 2 * i, 2),
                        rows.terminals()[i]));
            }
            assertThat(chunks.put(chunk, list)).isNull();
        }

        private List<Row> rows() {
            return chunks.values().stream().flatMap(List::stream).toList();
        }
    }

    private static List<Float> floats(float[] numbers, int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> numbers[i]).toList();
    }

    private static Rolled roll(Ensemble ensemble, RolloutConfig config, float[] starts, int threads) {
        Rolled rolled = new Rolled();
        try (WorkerTeam team = new WorkerTeam(threads)) {
            ModelRollouts rollouts =
                    new ModelRollouts(new EnsembleNetworks(CpuKernels.fastest(), ensemble), config, 7, team);
            rolled.statistics = rollouts.run(starts, 0, 3, () -> ActionSource.uniform(1), rolled::accept);
        }
        return rolled;
    }

    @Test
    void onlyElitesAreDrawnEachAsOftenAsTheOthers() {
        float[][] means = new float[7][];
        float[][] logVariances = new float[7][];
        for (int member = 0; member < 7; member++) {
            means[member] = new float[] {member, 0, 0};
            logVariances[member] = ConstantEnsembles.all(3, SURE);
        }
        Ensemble ensemble =
                ConstantEnsembles.of(task(TerminationRule.NEVER), new int[] {6, 1, 3, 4, 5}, means, logVariances);
        Map<Float, Integer> drawn = new TreeMap<>();
        for (Row row : roll(ensemble, RolloutConfig.paper(5, 0), starts(2_000, 0, 0), 1)
                .rows()) {
            drawn.merge(row.reward(), 1, Integer::sum);
        }
        assertThat(drawn.keySet()).containsExactly(1f, 3f, 4f, 5f, 6f);
        assertThat(drawn.values()).allSatisfy(count -> assertThat(count).isBetween(1_800, 2_200));
    }

    @Test
    void thePenaltyIsOverAllMembersAndTimesLambda() {
        float[][] means = {{10, 0, 0}, {10, 0, 0}};
        // Member 1 is no elite, and the less sure: each variance is 3, the penalty 3.
        float uncertain = (float) Math.log(3);
        float[][] logVariances = {ConstantEnsembles.all(3, SURE), ConstantEnsembles.all(3, uncertain)};
        Ensemble ensemble = ConstantEnsembles.of(task(TerminationRule.NEVER), new int[] {0}, means, logVariances);
        Rolled rolled = roll(ensemble, RolloutConfig.paper(1, 2), starts(10, 0, 0), 1);
        assertThat(rolled.rows()).allSatisfy(row -> assertThat(row.reward()).isCloseTo(10 - 2 * 3, within(1e-4f)));
        assertThat(rolled.statistics.meanPenalty()).isCloseTo(3, within(1e-5));
        assertThat(rolled.statistics.greatestPenalty()).isCloseTo(3, within(1e-5));
        assertThat(rolled.statistics.meanReward()).isCloseTo(10, within(1e-5));
        Rolled none = roll(ensemble, new RolloutConfig(1, 2, Penalty.NONE, RewardDraw.SAMPLED), starts(10, 0, 0), 1);
        assertThat(none.rows()).allSatisfy(row -> assertThat(row.reward()).isCloseTo(10, within(1e-4f)));
    }

    private static final RolloutConfig TRUE_ERROR = new RolloutConfig(3, 2, Penalty.TRUE_ERROR, RewardDraw.SAMPLED);

    private static Ensemble walking() {
        return ConstantEnsembles.of(
                task(TerminationRule.NEVER), new int[] {0}, new float[][] {{10, 1, 0}}, new float[][] {
                    ConstantEnsembles.all(3, SURE)
                });
    }

    private static Rolled rollBeside(TrueModel truth, float[] starts, int threads) {
        Rolled rolled = new Rolled();
        AtomicInteger made = new AtomicInteger();
        try (WorkerTeam team = new WorkerTeam(threads)) {
            EnsembleNetworks networks = new EnsembleNetworks(CpuKernels.fastest(), walking());
            ModelRollouts rollouts = new ModelRollouts(networks, TRUE_ERROR, 7, team, () -> {
                made.incrementAndGet();
                return truth;
            });
            assertThat(made).hasValue(threads);
            rolled.statistics = rollouts.run(starts, 0, 3, () -> ActionSource.uniform(1), rolled::accept);
        }
        return rolled;
    }

    /** In truth the observation grows by the action, and nothing is gained: each thread may ask at the same time. */
    private static void walk(float[] observations, float[] actions, int rows, float[] rewards, float[] next) {
        for (int row = 0; row < rows; row++) {
            rewards[row] = 10;
            next[2 * row] = observations[2 * row] + actions[row];
            next[2 * row + 1] = observations[2 * row + 1];
        }
    }

    @Test
    void theTrueErrorIsThePenaltyOfEveryStep() {
        Rolled rolled = rollBeside(ModelRolloutsTest::walk, starts(700, 3, 4), 2);
        assertThat(rolled.rows()).hasSize(2_100).allSatisfy(row -> {
            // The model predicts a change of 1.
            float error = Math.abs(1 - row.action().get(0));
            assertThat(row.reward()).isCloseTo(10 - 2 * error, within(1e-4f));
        });
        assertThat(rolled.rows()).extracting(Row::reward).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    }

    @Test
    void aRolloutEndsWhereTheTruthIsNotKnown() {
        Rolled rolled = rollBeside(
                (observations, actions, rows, rewards, next) -> {
                    walk(observations, actions, rows, rewards, next);
                    for (int row = 0; row < rows; row++) {
                        rewards[row] = observations[2 * row] > 4.5f ? Float.NaN : rewards[row];
                    }
                },
                new float[] {3, 0, 4, 0},
                1);
        assertThat(rolled.rows()).extracting(row -> row.observation().get(0)).containsExactly(3f, 4f, 4f);
        assertThat(rolled.statistics.diverged()).isEqualTo(2);
    }

    @Test
    void theTrueErrorTakesATrueModelAndOtherPenaltiesNone() {
        try (WorkerTeam team = new WorkerTeam(1)) {
            EnsembleNetworks networks = new EnsembleNetworks(CpuKernels.fastest(), walking());
            assertThatThrownBy(() -> new ModelRollouts(networks, TRUE_ERROR, 7, team))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rollout.penalty = true-error needs the true model");
            new ModelRollouts(networks, RolloutConfig.paper(1, 1), 7, team, () -> {
                throw new AssertionError("nothing asks it");
            });
        }
    }

    @Test
    void aRolloutGoesOnFromWhereItIsByThePredictedChange() {
        Ensemble ensemble = ConstantEnsembles.of(
                task(TerminationRule.NEVER), new int[] {0}, new float[][] {{1, 2, -3}}, new float[][] {
                    ConstantEnsembles.all(3, SURE)
                });
        List<Row> rows =
                roll(ensemble, RolloutConfig.paper(3, 0), starts(1, 10, 20), 1).rows();
        assertThat(rows)
                .extracting(Row::observation)
                .containsExactly(List.of(10f, 20f), List.of(12f, 17f), List.of(14f, 14f));
        assertThat(rows).extracting(Row::next).containsExactly(List.of(12f, 17f), List.of(14f, 14f), List.of(16f, 11f));
        assertThat(rows).extracting(Row::terminal).containsOnly(false);
        assertThat(rows).allSatisfy(row -> assertThat(row.action().get(0)).isBetween(-1f, 1f));
        assertThat(rows.get(0).action()).isNotEqualTo(rows.get(1).action());
    }

    @Test
    void finishedRowsLeaveAndTheOthersGoOn() {
        // Hopper's rule: alive above a height of 0.7. Each step takes off 0.1.
        Ensemble ensemble = ConstantEnsembles.of(
                task(TerminationRule.HOPPER), new int[] {0}, new float[][] {{1, -0.1f, 0}}, new float[][] {
                    ConstantEnsembles.all(3, SURE)
                });
        float[] starts = {1.25f, 0, 0.95f, 0.1f, 0.75f, 0};
        Rolled rolled = roll(ensemble, RolloutConfig.paper(5, 0), starts, 1);
        List<Row> rows = rolled.rows();
        assertThat(rows).hasSize(5 + 3 + 1);
        assertThat(rows.stream()
                        .filter(Row::terminal)
                        .map(row -> Math.round(row.next().get(0) * 100)))
                .containsExactly(65, 65);
        // Nothing starts from where an episode ended.
        assertThat(rows).allSatisfy(row -> assertThat(row.observation().get(0)).isGreaterThan(0.7f));
        assertThat(rows.stream().filter(row -> row.observation().get(1) == 0.1f))
                .hasSize(3);
        assertThat(rolled.statistics.terminated()).isEqualTo(2);
        assertThat(rolled.statistics.meanLength()).isEqualTo(3);
        assertThat(rolled.statistics.transitions()).isEqualTo(9);
    }

    @Test
    void samplesHaveThePredictedMeanAndVariance() {
        Ensemble ensemble = ConstantEnsembles.of(
                task(TerminationRule.NEVER), new int[] {0}, new float[][] {{5, 1, -2}}, new float[][] {
                    {(float) Math.log(4), (float) Math.log(0.25), SURE}
                });
        List<Row> rows = roll(ensemble, RolloutConfig.paper(1, 0), starts(20_000, 3, 3), 1)
                .rows();
        double[] rewards = rows.stream().mapToDouble(Row::reward).toArray();
        double[] first = rows.stream().mapToDouble(row -> row.next().get(0)).toArray();
        assertThat(mean(rewards)).isCloseTo(5, within(0.06));
        assertThat(std(rewards)).isCloseTo(2, within(0.06));
        assertThat(mean(first)).isCloseTo(4, within(0.02));
        assertThat(std(first)).isCloseTo(0.5, within(0.02));
        assertThat(rows).allSatisfy(row -> assertThat(row.next().get(1)).isCloseTo(1, within(1e-5f)));
        List<Row> means = roll(
                        ensemble, new RolloutConfig(1, 0, Penalty.MAX_ALEATORIC, RewardDraw.MEAN), starts(100, 3, 3), 1)
                .rows();
        assertThat(means).extracting(Row::reward).containsOnly(5f);
        assertThat(means).extracting(Row::next).doesNotHaveDuplicates();
    }

    private static double mean(double[] numbers) {
        return Arrays.stream(numbers).average().orElseThrow();
    }

    private static double std(double[] numbers) {
        double mean = mean(numbers);
        return Math.sqrt(Arrays.stream(numbers)
                .map(number -> (number - mean) * (number - mean))
                .average()
                .orElseThrow());
    }

    private static Ensemble noisy() {
        return ConstantEnsembles.of(
                task(TerminationRule.HOPPER),
                new int[] {0, 1},
                new float[][] {{0, 0, 0}, {1, 0.1f, 0}, {2, 0, 0}},
                new float[][] {{-2, -4, -6}, {-2, -4, -6}, {1, 1, 1}});
    }

    @Test
    void threadsChangeNothing() {
        float[] starts = starts(1_234, 1, 0);
        Rolled one = roll(noisy(), RolloutConfig.paper(4, 1), starts, 1);
        Rolled three = roll(noisy(), RolloutConfig.paper(4, 1), starts, 3);
        assertThat(one.chunks.keySet()).containsExactly(0, 1, 2);
        assertThat(three.chunks).isEqualTo(one.chunks);
        assertThat(three.statistics).isEqualTo(one.statistics);
    }

    @Test
    void shardsChangeNothingAndRoundsDo() {
        float[] starts = starts(1_000, 1, 0);
        Rolled whole = roll(noisy(), RolloutConfig.paper(4, 1), starts, 1);
        Rolled shards = new Rolled();
        Rolled otherRound = new Rolled();
        try (WorkerTeam team = new WorkerTeam(1)) {
            ModelRollouts rollouts = new ModelRollouts(
                    new EnsembleNetworks(CpuKernels.fastest(), noisy()), RolloutConfig.paper(4, 1), 7, team);
            float[] half = starts(500, 1, 0);
            rollouts.run(half, 1, 3, () -> ActionSource.uniform(1), shards::accept);
            rollouts.run(half, 0, 3, () -> ActionSource.uniform(1), shards::accept);
            rollouts.run(half, 0, 4, () -> ActionSource.uniform(1), otherRound::accept);
        }
        assertThat(shards.chunks).isEqualTo(whole.chunks);
        assertThat(otherRound.chunks.get(0)).isNotEqualTo(whole.chunks.get(0));
        assertThat(whole.chunks.get(1)).isNotEqualTo(whole.chunks.get(0));
    }

    @Test
    void aModelThatRunsAwayIsStoppedWhereTheTaskHasNoRule() {
        Ensemble ensemble = ConstantEnsembles.of(
                task(TerminationRule.NEVER), new int[] {0}, new float[][] {{0, 60, 0}}, new float[][] {
                    ConstantEnsembles.all(3, SURE)
                });
        List<Row> rows =
                roll(ensemble, RolloutConfig.paper(5, 0), starts(1, 0, 0), 1).rows();
        assertThat(rows).extracting(Row::terminal).containsExactly(false, true);
    }

    @Test
    void aStepThatIsNotFiniteIsLeftOutAndCounted() {
        Ensemble ensemble = ConstantEnsembles.of(
                task(TerminationRule.WALKER2D), new int[] {0}, new float[][] {{0, 0, 0}}, new float[][] {
                    ConstantEnsembles.all(3, SURE)
                });
        // A policy gone wrong: its action makes every prediction NaN.
        Rolled rolled = new Rolled();
        try (WorkerTeam team = new WorkerTeam(1)) {
            ModelRollouts rollouts = new ModelRollouts(
                    new EnsembleNetworks(CpuKernels.fastest(), ensemble), RolloutConfig.paper(5, 1), 7, team);
            rolled.statistics = rollouts.run(
                    starts(3, 1, 0),
                    0,
                    0,
                    () -> (observations, rows, actions, random) -> {
                        Arrays.fill(actions, 0, rows, 0);
                        if (rows == 3) {
                            actions[1] = Float.NaN;
                        }
                    },
                    rolled::accept);
        }
        assertThat(rolled.statistics.diverged()).isEqualTo(1);
        assertThat(rolled.rows()).hasSize(10);
        assertThat(rolled.rows()).allSatisfy(row -> assertThat(row.next()).allMatch(Float::isFinite));
    }

    @Test
    void badSettingsAndStartsAreRefused() {
        assertThatThrownBy(() -> RolloutConfig.paper(0, 1)).hasMessageContaining("(h) must be at least 1, but was 0");
        for (double lambda : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> RolloutConfig.paper(1, lambda))
                    .hasMessageContaining("rollout.penalty-coefficient (lambda)")
                    .hasMessageContaining(Double.toString(lambda));
        }
        assertThatThrownBy(() -> roll(noisy(), RolloutConfig.paper(1, 0), new float[0], 1))
                .hasMessageContaining("rows of 2 numbers");
        assertThatThrownBy(() -> roll(noisy(), RolloutConfig.paper(1, 0), new float[3], 1))
                .hasMessageContaining("3 numbers");
    }
}

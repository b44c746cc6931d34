package io.github.mopospark.ensemble.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.TargetUnits;
import io.github.mopospark.ensemble.ToyRows;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.TerminationRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleTrainingTest {
    private static final Kernels KERNELS = CpuKernels.fastest();
    private static final Transitions ROWS = ToyRows.make(400, 0);
    private static final EnsembleConfig CONFIG = EnsembleConfig.paper()
            .withMembers(3, 2)
            .withLayers(List.of(16, 16), List.of(1e-5, 1e-5, 1e-5))
            .withBatchSize(64)
            .withEpochs(6, EarlyStopping.NONE);

    private static EnsembleTraining training(EnsembleConfig config, Transitions rows, long seed) {
        return new EnsembleTraining(KERNELS, config, Preparation.of(rows, config, seed), rows);
    }

    private static List<MemberState> train(EnsembleConfig config, long seed, int threads, int blockEpochs) {
        EnsembleTraining training = training(config, ROWS, seed);
        return training.train(training.start(), threads, blockEpochs, TrainingListener.NONE, members -> {});
    }

    private static void assertSame(List<MemberState> ours, List<MemberState> expected) {
        assertThat(ours).hasSameSizeAs(expected);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ours.get(i)).usingRecursiveComparison().isEqualTo(expected.get(i));
        }
    }

    @Test
    void theSameSeedGivesTheSameBitsOnAnyThreadsAndInAnyBlocks() {
        List<MemberState> expected = train(CONFIG, 0, 1, 6);
        assertSame(train(CONFIG, 0, 2, 6), expected);
        assertSame(train(CONFIG, 0, 3, 1), expected);
        assertSame(train(CONFIG, 0, 1, 4), expected);
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertThat(train(CONFIG, 1, 1, 6).get(0).best().parameters())
                .isNotEqualTo(train(CONFIG, 0, 1, 6).get(0).best().parameters());
    }

    @Test
    void everyMemberOfEverySeedStartsElsewhere() {
        float[] first = training(CONFIG, ROWS, 0).start(0).progress().parameters();
        assertThat(training(CONFIG, ROWS, 0).start(0).progress().parameters()).isEqualTo(first);
        assertThat(training(CONFIG, ROWS, 0).start(1).progress().parameters()).isNotEqualTo(first);
        assertThat(training(CONFIG, ROWS, 1).start(0).progress().parameters()).isNotEqualTo(first);
        assertThat(MemberTraining.bootstrap(1, 0, 100)).isNotEqualTo(MemberTraining.bootstrap(0, 0, 100));
        assertThat(MemberTraining.order(1, 0, 1, 100)).isNotEqualTo(MemberTraining.order(0, 0, 1, 100));
    }

    @Test
    void membersDiffer() {
        List<MemberState> members = train(CONFIG, 0, 1, 6);
        assertThat(members.get(0).best().parameters())
                .isNotEqualTo(members.get(1).best().parameters());
        assertThat(MemberTraining.bootstrap(0, 0, 100)).isNotEqualTo(MemberTraining.bootstrap(0, 1, 100));
    }

    @Test
    void theRowsOfAMemberAreDrawnOnce() {
        Preparation preparation = Preparation.of(ROWS, CONFIG, 0);
        int[] drawn = MemberTraining.bootstrap(0, 1, preparation.trainingRows().length);
        int never = IntStream.range(0, drawn.length)
                .filter(row -> Arrays.stream(drawn).noneMatch(other -> other == row))
                .findFirst()
                .orElseThrow();
        MemberState expected =
                training(CONFIG, ROWS, 0).train(training(CONFIG, ROWS, 0).start(1), 4, TrainingListener.NONE);
        Transitions changed = ToyRows.make(400, 0);
        changed.rewards()[preparation.trainingRows()[never]] = 1_000;
        EnsembleTraining training = training(CONFIG, changed, 0);
        assertThat(training.train(training.start(1), 4, TrainingListener.NONE))
                .usingRecursiveComparison()
                .isEqualTo(expected);
        changed.rewards()[preparation.trainingRows()[drawn[0]]] = 1_000;
        training = training(CONFIG, changed, 0);
        assertThat(training.train(training.start(1), 4, TrainingListener.NONE).curve())
                .isNotEqualTo(expected.curve());
    }

    @Test
    void everyEpochTakesAllRowsInAnOrderOfItsOwn() {
        int[] first = MemberTraining.order(0, 1, 1, 50);
        assertThat(Arrays.stream(first).sorted().toArray())
                .isEqualTo(IntStream.range(0, 50).toArray());
        assertThat(first).isNotEqualTo(MemberTraining.order(0, 1, 2, 50));
        assertThat(first).isNotEqualTo(MemberTraining.order(0, 2, 1, 50));
        assertThat(first).isEqualTo(MemberTraining.order(0, 1, 1, 50));
    }

    @ParameterizedTest
    @EnumSource(Lipschitz.Mode.class)
    void goesOnFromACheckpointToTheBit(Lipschitz.Mode mode) throws IOException {
        EnsembleConfig config = CONFIG.withLipschitz(new Lipschitz(mode, 1.5));
        EnsembleTraining training = training(config, ROWS, 0);
        MemberState expected = training.train(training.start(1), 6, TrainingListener.NONE);
        MemberState half = training.train(training.start(1), 3, TrainingListener.NONE);
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        MemberCheckpoint.write(saved, half);
        MemberState read = MemberCheckpoint.read(new ByteArrayInputStream(saved.toByteArray()), "member.npz");
        assertThat(read).usingRecursiveComparison().isEqualTo(half);
        assertThat(training(config, ROWS, 0).train(read, 6, TrainingListener.NONE))
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    @Test
    void itLearns() {
        EnsembleConfig config = CONFIG.withEpochs(40, EarlyStopping.NONE).withLearningRate(0.01);
        for (MemberState member : train(config, 0, 1, 40)) {
            assertThat(member.bestError()).isLessThan(member.curve()[0] / 10);
        }
    }

    @Test
    void boundsAreTrainedAndKeptWithTheBestWeights() {
        EnsembleConfig config = CONFIG.withEpochs(30, EarlyStopping.NONE).withLearningRate(0.02);
        EnsembleTraining training = training(config, ROWS, 0);
        MemberState state = training.start(0);
        float[] start = state.best().bounds();
        assertThat(start).containsOnly(0.5f, -10f);
        while (state.bestEpoch() == state.epoch() && state.epoch() < 30) {
            state = training.train(state, state.epoch() + 1, TrainingListener.NONE);
        }
        assertThat(state.bestEpoch()).isLessThan(state.epoch());
        // The last epoch was no gain, so that what is kept is older than what is learned on.
        MemberState best = training.train(training.start(0), state.bestEpoch(), TrainingListener.NONE);
        assertThat(state.best().bounds()).isEqualTo(best.progress().bounds()).doesNotContain(0.5f, -10f);
        assertThat(state.best().bounds()).isNotEqualTo(state.progress().bounds());
        assertThat(state.best().parameters()).isEqualTo(best.progress().parameters());
    }

    @Test
    void rowsWithoutANextObservationTrainNothing() {
        Transitions rows = ToyRows.make(400, 0);
        for (int row : new int[] {0, 17, 399}) {
            rows.hasNextObservation()[row] = false;
        }
        Preparation preparation = Preparation.of(rows, CONFIG, 0);
        assertThat(preparation.trainingRows()).hasSize(318).doesNotContain(0, 17, 399);
        assertThat(preparation.holdoutRows()).hasSize(79).doesNotContain(0, 17, 399);
        MemberState expected = new EnsembleTraining(KERNELS, CONFIG, preparation, rows)
                .train(training(CONFIG, rows, 0).start(0), 2, TrainingListener.NONE);
        rows.nextObservations()[0] = Float.NaN;
        rows.rewards()[17] = Float.NaN;
        rows.observations()[399 * ToyRows.OBSERVATIONS] = Float.POSITIVE_INFINITY;
        assertThat(training(CONFIG, rows, 0).train(training(CONFIG, rows, 0).start(0), 2, TrainingListener.NONE))
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    @Test
    void theHoldoutIsApartFromTheTrainingRowsAndTheScalerIsTheTrainingRows() {
        Preparation preparation = Preparation.of(ROWS, CONFIG, 3);
        assertThat(preparation.holdoutRows()).hasSize(80).doesNotContain(preparation.trainingRows());
        double[] first = Arrays.stream(preparation.trainingRows())
                .mapToDouble(row -> ROWS.observations()[row * ToyRows.OBSERVATIONS])
                .toArray();
        double mean = Arrays.stream(first).average().orElseThrow();
        double variance =
                Arrays.stream(first).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        assertThat(preparation.inputs().mean()[0]).isEqualTo((float) mean);
        assertThat(preparation.inputs().std()[0]).isEqualTo((float) Math.sqrt(variance));
        assertThat(Preparation.of(ROWS, CONFIG, 4).holdoutRows()).isNotEqualTo(preparation.holdoutRows());
        assertThat(Preparation.of(ToyRows.make(6_000, 0), CONFIG, 0).holdoutRows())
                .hasSize(1_000);
    }

    @Test
    void aColumnThatNeverChangesIsOnlyCentred() {
        Transitions rows = ToyRows.make(400, 0);
        for (int row = 0; row < 400; row++) {
            rows.actions()[row] = 0.5f;
        }
        Preparation preparation = Preparation.of(rows, CONFIG, 0);
        assertThat(preparation.inputs().mean()[3]).isEqualTo(0.5f);
        assertThat(preparation.inputs().std()[3]).isEqualTo(1);
    }

    /** The whole way: what the trained ensemble predicts on the holdout is as far off as its holdout error says. */
    @ParameterizedTest
    @EnumSource(TargetUnits.class)
    void theHoldoutErrorIsThatOfTheEnsemblesPredictionsInRawUnits(TargetUnits units) {
        EnsembleConfig config = CONFIG.withTargetUnits(units);
        Preparation preparation = Preparation.of(ROWS, config, 0);
        EnsembleTraining training = new EnsembleTraining(KERNELS, config, preparation, ROWS);
        List<MemberState> members = training.train(training.start(), 1, 3, TrainingListener.NONE, block -> {});
        Task task = new Task("toy", 3, 1, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty());
        Ensemble ensemble = EnsembleTraining.ensemble(members, config, preparation.inputs(), task, "checksum");
        int count = preparation.holdoutRows().length;
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(KERNELS, ensemble).predictor(count);
        float[] observations = new float[count * 3];
        float[] actions = new float[count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(ROWS.observations(), preparation.holdoutRows()[i] * 3, observations, i * 3, 3);
            actions[i] = ROWS.actions()[preparation.holdoutRows()[i]];
        }
        predictor.predict(observations, actions, count);
        for (int member = 0; member < 3; member++) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                int row = preparation.holdoutRows()[i];
                float[] mean = predictor.means(member);
                sum += Math.pow(mean[4 * i] - ROWS.rewards()[row], 2);
                for (int j = 0; j < 3; j++) {
                    double change = ROWS.nextObservations()[row * 3 + j] - ROWS.observations()[row * 3 + j];
                    sum += Math.pow(mean[4 * i + 1 + j] - change, 2);
                }
            }
            assertThat(ensemble.holdoutErrors()[member]).isCloseTo(sum / count / 4, within(1e-4 * sum / count / 4));
        }
    }

    @Test
    void standardisedTargetsAreTurnedBackBeforeVariancesAreUsed() {
        EnsembleConfig config = CONFIG.withTargetUnits(TargetUnits.STANDARDISED).withEpochs(40, EarlyStopping.NONE);
        Preparation preparation = Preparation.of(ROWS, config, 0);
        assertThat(preparation.targets().std()[3]).isGreaterThan(5);
        MemberUpdate update = new MemberUpdate(KERNELS, config, 4, new OutputLayout(3));
        update.start(RandomStream.of(0, "weights"));
        MemberWeights learned = new MemberWeights(update.network().parameters().toArray(), update.bounds());
        MemberWeights raw = learned.inRawUnits(update.network().shape(), preparation.targets());
        Task task = new Task("toy", 3, 1, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty());
        EnsembleConfig two = config.withMembers(2, 1);
        Ensemble ensemble =
                new Ensemble(task, two, preparation.inputs(), List.of(learned, raw), new int[] {0}, new double[2], "");
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(KERNELS, ensemble).predictor(10);
        predictor.predict(ROWS.observations(), ROWS.actions(), 10);
        for (int i = 0; i < 40; i++) {
            float mean = preparation.targets().mean()[i % 4];
            float std = preparation.targets().std()[i % 4];
            assertThat(predictor.means(1)[i]).isCloseTo(predictor.means(0)[i] * std + mean, within(1e-4f));
            assertThat(predictor.variances(1)[i])
                    .isCloseTo(predictor.variances(0)[i] * std * std, within(1e-4f * std * std));
        }
    }

    @Test
    void membersThatStopAloneStopWhereTheirOwnCurveSays() {
        EnsembleConfig config = CONFIG.withLearningRate(0.03);
        List<MemberState> stopped = train(config.withEpochs(80, EarlyStopping.MEMBER), 0, 2, 7);
        List<MemberState> whole = train(config.withEpochs(80, EarlyStopping.NONE), 0, 2, 80);
        for (int member = 0; member < 3; member++) {
            int expected = StoppingRule.stop(List.of(whole.get(member).curve())).orElseThrow();
            assertThat(stopped.get(member).epoch()).isEqualTo(expected);
            assertThat(stopped.get(member).curve())
                    .isEqualTo(Arrays.copyOf(whole.get(member).curve(), expected));
        }
        assertThat(stopped.stream().map(MemberState::epoch).distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void membersThatStopTogetherAreAsIfTheyHadTrainedInOneGo() {
        EnsembleConfig config = CONFIG.withLearningRate(0.03).withEpochs(80, EarlyStopping.ENSEMBLE);
        List<MemberState> one = train(config, 0, 2, 80);
        List<MemberState> blocks = train(config, 0, 2, 3);
        assertThat(one.get(0).epoch()).isLessThan(80);
        for (int member = 0; member < 3; member++) {
            assertThat(blocks.get(member).curve()).isEqualTo(one.get(member).curve());
            assertThat(blocks.get(member).best())
                    .usingRecursiveComparison()
                    .isEqualTo(one.get(member).best());
        }
    }

    @Test
    void elitesAreTheLowestErrorsAndTiesGoToTheLowerNumber() {
        assertThat(EnsembleTraining.elites(new double[] {3, 1, 2, 1, 5, 2, 0}, 5))
                .containsExactly(6, 1, 3, 2, 5);
        assertThat(EnsembleTraining.elites(new double[] {3}, 1)).containsExactly(0);
    }

    @Test
    void aListenerHearsEveryEpochAndChangesNothing() {
        List<String> heard = new ArrayList<>();
        EnsembleTraining training = training(CONFIG, ROWS, 0);
        List<MemberState> members = training.train(
                training.start(),
                2,
                2,
                (member, epoch, loss, error) -> heard.add("%d %d %s".formatted(member, epoch, (float) error)),
                block -> {});
        assertThat(heard)
                .containsExactlyInAnyOrderElementsOf(members.stream()
                        .flatMap(state -> IntStream.rangeClosed(1, 6).mapToObj(epoch -> "%d %d %s"
                                .formatted(state.member(), epoch, state.curve()[epoch - 1])))
                        .toList());
        assertSame(members, train(CONFIG, 0, 1, 6));
    }

    @Test
    void aLossThatIsNotFiniteStopsTheMemberWithItsPlace() {
        Transitions rows = ToyRows.make(400, 0);
        Arrays.fill(rows.rewards(), 1e30f);
        EnsembleTraining training = training(CONFIG, rows, 0);
        assertThatThrownBy(() -> training.train(training.start(), 2, 2, TrainingListener.NONE, block -> {}))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("member 0 diverged in epoch 1, step 1: its loss is");
    }

    @Test
    @Timeout(60)
    void theListenerHearsNothingMoreOnceADivergenceIsThrown() throws InterruptedException {
        EnsembleConfig config = CONFIG.withMembers(2, 1);
        Transitions rows = ToyRows.make(400, 0);
        Preparation preparation = Preparation.of(rows, config, 0);
        int count = preparation.trainingRows().length;
        int[] other = MemberTraining.bootstrap(0, 1, count);
        int bad = Arrays.stream(MemberTraining.bootstrap(0, 0, count))
                .filter(row -> Arrays.stream(other).noneMatch(drawn -> drawn == row))
                .findFirst()
                .orElseThrow();
        // Member 0 learns it and diverges, member 1 has never drawn it.
        rows.rewards()[preparation.trainingRows()[bad]] = 1e30f;
        EnsembleTraining training = new EnsembleTraining(KERNELS, config, preparation, rows);
        AtomicBoolean isThrown = new AtomicBoolean();
        AtomicBoolean heardAfterwards = new AtomicBoolean();
        CountDownLatch heard = new CountDownLatch(1);
        TrainingListener slow = (member, epoch, loss, error) -> {
            // Not to be interrupted, as training is not.
            long end = System.nanoTime() + 300_000_000;
            while (!isThrown.get() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            heardAfterwards.set(isThrown.get());
            heard.countDown();
        };
        assertThatThrownBy(() -> training.train(training.start(), 2, 2, slow, block -> {}))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("member 0")
                .hasMessageContaining("ensemble.learning-rate");
        isThrown.set(true);
        heard.await();
        assertThat(heardAfterwards).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void aMemberThatTheEnsembleHasNotIsRefused(int number) {
        EnsembleTraining training = training(CONFIG, ROWS, 0);
        MemberState start = training.start(0);
        MemberState stranger =
                new MemberState(number, start.curve(), start.progress(), start.bestEpoch(), start.best(), false);
        assertThatThrownBy(() -> training.train(stranger, 1, TrainingListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("member %d is none of this ensemble: ensemble.members = 3 are 0 to 2".formatted(number));
    }

    @Test
    void fewerRowsThanABatchAreRefused() {
        assertThatThrownBy(() -> Preparation.of(ToyRows.make(78, 0), CONFIG, 0))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("78 rows")
                .hasMessageContaining("64");
        assertThat(Preparation.of(ToyRows.make(79, 0), CONFIG, 0).trainingRows())
                .hasSize(64);
        assertThatThrownBy(() -> Preparation.of(ToyRows.make(0, 0), CONFIG, 0))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("0 rows");
    }

    @ParameterizedTest
    @ValueSource(strings = {"observation", "action", "reward", "next_observation"})
    void aNumberThatIsNotFiniteIsRefusedByRowAndColumn(String column) {
        Transitions rows = ToyRows.make(400, 0);
        switch (column) {
            case "observation" -> rows.observations()[12 * 3 + 2] = Float.NaN;
            case "action" -> rows.actions()[12] = Float.NaN;
            case "reward" -> rows.rewards()[12] = Float.NaN;
            default -> rows.nextObservations()[12 * 3 + 2] = Float.NaN;
        }
        assertThatThrownBy(() -> Preparation.of(rows, CONFIG, 0))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("row 12")
                .hasMessageContaining("of " + column + " is NaN");
    }

    @Test
    void aMemberThatWasNeverTrainedMakesNoEnsemble() {
        Preparation preparation = Preparation.of(ROWS, CONFIG, 0);
        EnsembleTraining training = training(CONFIG, ROWS, 0);
        Task task = new Task("toy", 3, 1, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty());
        assertThatThrownBy(() -> EnsembleTraining.ensemble(training.start(), CONFIG, preparation.inputs(), task, ""))
                .hasMessageContaining("member 0");
    }

    @Test
    void anEnsembleOfOneIsLegal() {
        EnsembleConfig config = CONFIG.withMembers(1, 1).withEpochs(1, EarlyStopping.NONE);
        assertThat(train(config, 0, 2, 1)).hasSize(1);
    }

    @Test
    void stateOfAnotherShapeIsRefused() {
        EnsembleTraining training = training(CONFIG, ROWS, 0);
        MemberState other = training(CONFIG.withLayers(List.of(8, 16), List.of(0.0, 0.0, 0.0)), ROWS, 0)
                .start(0);
        assertThatThrownBy(() -> training.train(other, 1, TrainingListener.NONE))
                .hasMessageContaining("parameters");
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.metrics.CsvSink;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.MemberEpoch;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.MetricSink;
import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.metrics.RunPosition;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.Snapshots;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainJobTest {
    private static final String FITTED = "evaluation.fitted-q-updates";

    private JavaSparkContext context;
    private Path data;
    private Path ensembleRun;
    private Path folder;

    @BeforeAll
    void startSpark(@TempDir Path shared) throws IOException {
        context = TinyRun.spark("local[2]");
        data = shared.resolve("data");
        Asked.convert(data, TinyRun.SAMPLE).merge().run(context);
        ensembleRun = shared.resolve("ensemble run");
        TinyRun.job(context, config(), ensembleRun).trainEnsemble();
    }

    @AfterAll
    void stopSpark() {
        context.close();
    }

    @BeforeEach
    void takeFolder(@TempDir Path fresh) {
        folder = fresh;
    }

    /** Without what is measured after the last epoch alone, so that fewer epochs are as if a run was broken off. */
    private RunConfig config(String... more) {
        List<String> settings = new ArrayList<>(List.of(FITTED, "0"));
        settings.addAll(List.of(more));
        return TinyRun.config(data, settings.toArray(String[]::new));
    }

    private Path train(String name, RunConfig config) throws IOException {
        Path run = folder.resolve(name);
        TinyRun.job(context, config, run).train();
        return run;
    }

    /** A run whose ensemble is trained already. */
    private Path withEnsemble(String name, RunConfig config) throws IOException {
        return train(
                TinyRun.copy(ensembleRun, folder.resolve(name)).getFileName().toString(), config);
    }

    private EpochMetrics lastEpoch(Path run) throws IOException {
        List<EpochMetrics> epochs = RunMetrics.read(
                        TinyRun.folder(run).storage(), TinyRun.folder(run).path())
                .epochs();
        assertThat(epochs.subList(0, epochs.size() - 1)).noneMatch(epoch -> epoch.has(Metric.FITTED_Q_VALUE));
        return epochs.get(epochs.size() - 1);
    }

    @Test
    void thePolicyOfTheLastEpochIsEvaluatedWithoutTheSimulator() throws IOException {
        EpochMetrics cheap =
                lastEpoch(withEnsemble("cheap", config(FITTED, "20", "evaluation.penalty-coefficient", "0")));
        EpochMetrics dear =
                lastEpoch(withEnsemble("dear", config(FITTED, "20", "evaluation.penalty-coefficient", "10")));
        EpochMetrics longer = lastEpoch(withEnsemble("longer", config(FITTED, "40")));
        EpochMetrics without = lastEpoch(withEnsemble("without", config()));

        assertThat(dear.get(Metric.MODEL_PENALTY))
                .isPositive()
                .isEqualTo(cheap.get(Metric.MODEL_PENALTY))
                .isEqualTo(longer.get(Metric.MODEL_PENALTY));
        // Ten times some steps' penalties, of which the first is not discounted.
        assertThat(cheap.get(Metric.PENALISED_MODEL_RETURN) - dear.get(Metric.PENALISED_MODEL_RETURN))
                .isGreaterThan(10 * dear.get(Metric.MODEL_PENALTY));
        assertThat(dear.get(Metric.FITTED_Q_VALUE))
                .isEqualTo(cheap.get(Metric.FITTED_Q_VALUE))
                .isNotEqualTo(longer.get(Metric.FITTED_Q_VALUE));
        assertThat(without.values())
                .containsKey(Metric.RETURN_MEAN)
                .doesNotContainKeys(Metric.FITTED_Q_VALUE, Metric.PENALISED_MODEL_RETURN, Metric.MODEL_PENALTY);
    }

    @Test
    void noFittedQValueIsMoreThanTheRewardsOfTheDatasetAllow() throws IOException {
        RunConfig config = config(FITTED, "20");
        RunFolder run = TinyRun.folder(withEnsemble("rewarded", config));
        Kernels kernels = config.kernels().open();
        Transitions rows = new DatasetFolder(run.storage(), new org.apache.hadoop.fs.Path(config.data())).read();
        Arrays.fill(rows.rewards(), 0);

        Map<Metric, Double> measured = new OfflineEvaluation(
                        config, kernels, run.ensemble().read(), DatasetBuffer.of(rows), rows)
                .run(run.policy().read().policy(kernels));

        assertThat(measured).containsEntry(Metric.FITTED_Q_VALUE, 0.0);
    }

    @Test
    void theFirstObservationsOfEpisodesAreTheStartsOfAnEvaluation() {
        Transitions rows = Transitions.allocate(2_500, 2, 1);
        for (int row = 0; row < rows.rows(); row++) {
            rows.steps()[row] = row % 2;
            rows.observations()[2 * row] = row;
        }

        float[] starts = OfflineEvaluation.starts(rows);

        assertThat(starts).hasSize(2 * 1_000);
        for (int start = 0; start < 1_000; start++) {
            assertThat(starts[2 * start] % 2).isZero();
            assertThat(start == 0 || starts[2 * start] > starts[2 * start - 2]).isTrue();
        }
        assertThat(starts[2 * 999]).isGreaterThan(2_400);
    }

    private TrainJob taking(Path ensemble, RunConfig config, Path run) throws IOException {
        RunConfig taking = ConfigReader.withOverrides(config, Map.of("ensemble.trained", ensemble.toString()));
        return TinyRun.job(context, taking, run);
    }

    @Test
    void leavesWhatARunIs() throws IOException {
        Path run = train("run", config());

        assertThat(run.toFile().list())
                .containsExactlyInAnyOrder(
                        "config.conf",
                        "identity.txt",
                        "ensemble",
                        "ensemble.csv",
                        "metrics.csv",
                        "timings.csv",
                        "phases.csv",
                        "tensorboard",
                        "checkpoints",
                        "policy",
                        "report.html");
        assertThat(Files.readAllLines(run.resolve("ensemble.csv"))).hasSize(1 + 3 * 3);
        assertThat(Files.readAllLines(run.resolve("metrics.csv"))).hasSize(1 + 4);
        assertThat(TinyRun.folder(run).policy().read().epoch()).isEqualTo(4);
        // Two rounds with the policies that made them, and the learner.
        assertThat(TinyRun.folder(run).checkpoints().latest().orElseThrow().names())
                .containsExactlyInAnyOrder(
                        "learner.npz", "policy-3.bin", "policy-4.bin", "transitions-3.npy", "transitions-4.npy");
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("hopper-sample", "20,000", "mopo train", "Penalties of 1,000 recorded rows");
        assertThat(Files.readString(ensembleRun.resolve("report.html"))).contains("Penalties of 1,000 recorded rows");
    }

    @ParameterizedTest
    @CsvSource({"save, false", "policies, false", "save, true", "policies, true"})
    void goesOnAfterTwoEpochsToTheSameFiles(String rounds, boolean overlap) throws IOException {
        String[] settings = {"checkpoint.rounds", rounds, "rollout.overlap", Boolean.toString(overlap)};
        RunConfig four = config(settings);
        RunConfig two = config(
                settings[0], settings[1], settings[2], settings[3], "learner.epochs", "2", "learner.threads", "2");

        Map<String, String> atOnce = TinyRun.bits(withEnsemble("at once", four));
        withEnsemble("resumed", two);
        Path resumed = train("resumed", four);

        assertThat(TinyRun.bits(resumed)).isEqualTo(atOnce);
    }

    @Test
    void goesOnWhereItWasKilledBetweenMetricsAndCheckpoint() throws IOException {
        Map<String, String> atOnce = TinyRun.bits(withEnsemble("at once", config()));
        Path run = withEnsemble("killed", config("learner.epochs", "2"));
        Path later = TinyRun.copy(run, folder.resolve("later"));
        train("later", config());
        // The metrics, the policy and half-written files of a later epoch, but the checkpoint of epoch 2.
        for (String file : List.of("metrics.csv", "timings.csv")) {
            Files.copy(later.resolve(file), run.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(run.resolve("policy"), folder.resolve("policy of epoch 2"));
        TinyRun.copy(later.resolve("policy"), run.resolve("policy"));
        Files.writeString(run.resolve(".metrics.csv." + UUID.randomUUID()), "epoch");
        Files.writeString(run.resolve("checkpoints/.learner.npz." + UUID.randomUUID()), "PK");
        Files.writeString(run.resolve("checkpoints/learner.0123456789abcdef.npz"), "PK");

        train("killed", config());

        assertThat(TinyRun.bits(run)).isEqualTo(atOnce);
    }

    @Test
    void aTrackingServerThatIsNotThereChangesNothing() throws IOException {
        Path untold = withEnsemble("untold", config());
        // Nothing listens there.
        Path told = withEnsemble("told", config("tracking.mlflow.uri", "http://127.0.0.1:1"));

        Map<String, String> expected = TinyRun.bits(untold);
        Map<String, String> bits = TinyRun.bits(told);
        assertThat(bits.remove("config.conf")).isNotEqualTo(expected.remove("config.conf"));
        assertThat(bits).isEqualTo(expected);
    }

    @Test
    void aRunThatIsDoneStaysAsItIs() throws IOException {
        Path run = withEnsemble("run", config());
        Map<String, String> before = TinyRun.bits(run);

        train("run", config());

        assertThat(TinyRun.bits(run)).isEqualTo(before);
    }

    /** Fails as a full disk does, when the members have been trained for the second time. */
    private static final class FailingSink implements MetricSink {
        private final MetricSink sink;
        private int calls;

        FailingSink(MetricSink sink) {
            this.sink = sink;
        }

        @Override
        public void epochDone(EpochMetrics metrics) {
            throw new AssertionError("there is no policy yet");
        }

        @Override
        public void membersTrained(List<MemberEpoch> epochs) throws IOException {
            if (++calls == 2) {
                throw new IOException("No space left on device");
            }
            sink.membersTrained(epochs);
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }

    /** A run whose JVM ended in the second block of the ensemble. */
    private Path failedInTheSecondBlock() throws IOException {
        Path run = folder.resolve("failed");
        RunConfig config = config();
        RunFolder runFolder = TinyRun.folder(run);
        runFolder.begin(config);
        Broadcast<RunPlan> plan = TinyRun.plan(context, config, data.toString());
        RunConsole console = TinyRun.console();
        TrainingDataset dataset = TrainingDataset.of(context, config, runFolder, console.out(), false);
        Transitions rows = dataset.folder().read();
        Kernels kernels = config.kernels().open();
        MetricSink sink = new FailingSink(new CsvSink(runFolder.storage(), runFolder.path(), RunPosition.START));
        EnsembleJob job = new EnsembleJob(
                context,
                config.ensemble(),
                kernels,
                plan,
                Preparation.of(rows, config.ensemble().config(), config.seed()));
        assertThatThrownBy(() -> new EnsemblePhase(config, runFolder, job, sink, console).train(dataset.checksum()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("No space left");
        assertThat(runFolder.members().latest().map(Snapshots.Snapshot::epoch)).contains(2);
        assertThat(runFolder.ensemble().exists()).isFalse();
        assertThat(runFolder.seconds()).containsOnlyKeys("ensemble");
        return run;
    }

    @Test
    void goesOnAfterTheFirstBlockToTheSameEnsemble() throws IOException {
        Path run = failedInTheSecondBlock();
        double before = TinyRun.folder(run).seconds().get("ensemble");

        TinyRun.job(context, config(), run).trainEnsemble();

        assertThat(TinyRun.folder(run).seconds().get("ensemble")).isGreaterThan(before);
        assertThat(TinyRun.bits(run)).isEqualTo(TinyRun.bits(ensembleRun));
    }

    @Test
    void aDamagedMemberOfABlockIsNamed() throws IOException {
        Path run = failedInTheSecondBlock();
        Path member;
        try (var files = Files.list(run.resolve("members"))) {
            member = files.filter(file -> file.getFileName().toString().startsWith("member-1."))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(member, "damaged");

        assertThatThrownBy(() -> TinyRun.job(context, config(), run).trainEnsemble())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("members/snapshot.json: it names " + member.getFileName())
                .hasMessageContaining("damaged or changed");
    }

    @Test
    void membersThatAKilledRunLeftBesideItsEnsembleGo() throws IOException {
        Path run = TinyRun.copy(ensembleRun, folder.resolve("run"));
        TinyRun.folder(run).members().write(3, Map.of(), Set.of());

        TinyRun.job(context, config(), run).trainEnsemble();

        assertThat(TinyRun.bits(run)).isEqualTo(TinyRun.bits(ensembleRun));
    }

    @Test
    void overlapGivesAnotherPolicyAndAlwaysTheSame() throws IOException {
        RunConfig overlapping = config("rollout.overlap", "true");
        Path first = withEnsemble("first", overlapping);
        Path second = withEnsemble("second", overlapping);
        Path without = withEnsemble("without", config());

        assertThat(TinyRun.bits(second)).isEqualTo(TinyRun.bits(first));
        assertThat(TinyRun.bits(first).get("policy/model.json"))
                .isNotEqualTo(TinyRun.bits(without).get("policy/model.json"));
        // The second round already was made by the policy of one epoch before.
        List<String> rows = Files.readAllLines(first.resolve("metrics.csv"));
        List<String> others = Files.readAllLines(without.resolve("metrics.csv"));
        assertThat(rows.get(1)).isEqualTo(others.get(1));
        assertThat(rows.get(2)).isNotEqualTo(others.get(2));
    }

    @Test
    void takesATrainedEnsembleAndGoesOnWithoutIt() throws IOException {
        Path run = folder.resolve("run");
        taking(ensembleRun.resolve("ensemble"), config("learner.epochs", "2"), run)
                .train();
        train("run", config());

        Map<String, String> expected = TinyRun.bits(withEnsemble("trained itself", config()));
        expected.remove("ensemble.csv");
        assertThat(TinyRun.bits(run)).isEqualTo(expected);
    }

    @Test
    void aGivenEnsembleLeavesNothingOfOneThatWasBegun() throws IOException {
        Path run = TinyRun.copy(ensembleRun, folder.resolve("run"));
        assertThat(FileUtil.fullyDelete(run.resolve("ensemble").toFile())).isTrue();
        assertThat(run.resolve("ensemble.csv")).isNotEmptyFile();
        String none = Files.readAllLines(run.resolve("ensemble.csv")).get(0) + "\n";

        taking(ensembleRun.resolve("ensemble"), config("learner.epochs", "1"), run)
                .train();

        assertThat(run.resolve("ensemble.csv"))
                .satisfiesAnyOf(csv -> assertThat(csv).doesNotExist(), csv -> assertThat(csv)
                        .hasContent(none));
    }

    @Test
    void scoresByTheRewardThatTheRowsWereRelabelledBy() throws IOException {
        Path file = D4rlRows.random(1, 2_000, 100, 17, 6).write(folder.resolve("halfcheetah-a.hdf5"));
        List<Double> returns = new ArrayList<>();
        for (String speedCap : List.of("min", "max")) {
            returns.add(jumpReturn(speedCap, file, "conversion.speed-cap", speedCap));
        }
        assertThat(returns.get(1)).isGreaterThan(returns.get(0) + 1_000);
        // A dataset is taken as it was made.
        assertThat(jumpReturn("made before", folder.resolve("max/dataset"))).isEqualTo(returns.get(1));
    }

    private double jumpReturn(String name, Path rows, String... more) throws IOException {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.addAll(List.of("task", "halfcheetah-jump", "conversion.relabel", "halfcheetah-jump"));
        settings.addAll(List.of("learner.epochs", "1", FITTED, "0"));
        return lastEpoch(train(name, TinyRun.config(rows, settings.toArray(String[]::new))))
                .get(Metric.RETURN_MEAN);
    }

    @Test
    void warnsOfAnActorThatStopsBeforeTheRun() throws IOException {
        assertThat(printedOf("falls", "learner.actor-decay-updates", "60"))
                .contains("warning: learner.actor-decay-updates = 60, after which the actor learns nothing; 4 epochs");
        assertThat(printedOf("long enough", "learner.actor-decay-updates", "80"))
                .doesNotContain("warning: learner");
    }

    private String printedOf(String name, String... settings) throws IOException {
        StringWriter printed = new StringWriter();
        RunConsole console = new RunConsole(new PrintWriter(printed), new PrintWriter(new StringWriter()), false);
        Path run = TinyRun.copy(ensembleRun, folder.resolve(name));
        new TrainJob(context, config(settings), TinyRun.folder(run), console, "mopo train").train();
        return printed.toString();
    }

    @Test
    void aDatasetSmallerThanABatchWillDoWhereNoneOfItsRowsAreTaken() throws IOException {
        Path few = D4rlRows.hopper(1, 600, 100).write(folder.resolve("hopper-few.hdf5"));
        Path run = train(
                "run",
                TinyRun.config(few, "learner.real-share", "0", "learner.batch-size", "1024", "learner.epochs", "1"));
        assertThat(lastEpoch(run).get(Metric.FITTED_Q_VALUE)).isFinite();
    }

    @Test
    void anotherEnsembleThanTheRunsIsRefused() throws IOException {
        Path run = withEnsemble("run", config("learner.epochs", "1"));
        Path other = folder.resolve("other");
        TinyRun.job(context, config("seed", "5"), other).trainEnsemble();
        Map<String, String> before = TinyRun.bits(run);

        assertThatThrownBy(
                        () -> taking(other.resolve("ensemble"), config(), run).train())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        other + "/ensemble: is another ensemble than that of the run in ", run.toString());

        assertThat(TinyRun.bits(run)).isEqualTo(before);
    }

    private void refuses(TrainJob job, String... reasons) {
        assertThatThrownBy(job::train)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(reasons);
        assertThat(folder.resolve("run")).as("nothing is left").isEmptyDirectory();
    }

    @Test
    void anEnsembleOfOtherDataIsRefused() throws IOException {
        Path others = D4rlRows.hopper(1, 2_000, 100).write(folder.resolve("hopper-other.hdf5"));
        refuses(
                taking(ensembleRun.resolve("ensemble"), TinyRun.config(others), folder.resolve("run")),
                ensembleRun + "/ensemble: was trained on another dataset than ");
    }

    @Test
    void aFileThatHasChangedIsRefused() throws IOException {
        Path file = D4rlRows.hopper(1, 2_000, 100).write(folder.resolve("hopper-a.hdf5"));
        RunConfig config = TinyRun.config(file, "learner.epochs", "1", FITTED, "0");
        train("run", config);
        D4rlRows.hopper(2, 2_000, 100).write(file);

        assertThatThrownBy(() -> train("run", config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "a dataset is there already, made from other files; give the file as it was, or another --output");
    }

    @Test
    void aNameWithBracketsIsNoPattern() throws IOException {
        Path other = D4rlRows.hopper(1, 2_000, 100).write(folder.resolve("hopper1.hdf5"));
        Path file = D4rlRows.hopper(2, 2_100, 100).write(folder.resolve("hopper[1].hdf5"));
        Path run = train("run", TinyRun.config(file, "learner.epochs", "1", FITTED, "0"));
        assertThat(other).exists();
        assertThat(TinyRun.folder(run).dataset().open().rows()).isEqualTo(2_100);
    }

    @Test
    void anEnsembleOfAnotherTaskOrNoneIsRefused() throws IOException {
        Path other = D4rlRows.random(1, 2_000, 100, 17, 6).write(folder.resolve("walker2d-x.hdf5"));
        RunConfig walker = TinyRun.config(other, "task", "walker2d");
        refuses(
                taking(ensembleRun.resolve("ensemble"), walker, folder.resolve("run")),
                "is an ensemble of hopper, but task = walker2d");
        refuses(taking(folder.resolve("none"), config(), folder.resolve("run")), "none/model.json", "no such file");
    }

    @Test
    void dataOfAnotherTaskAreRefused() throws IOException {
        refuses(
                TinyRun.job(context, config("task", "walker2d"), folder.resolve("run")),
                "holds 11 observed numbers and 3 actions of hopper, but task = walker2d has 17 and 6");
        refuses(
                TinyRun.job(context, TinyRun.config(TinyRun.SAMPLE, "task", "walker2d"), folder.resolve("run")),
                "hopper-sample.hdf5",
                "walker2d");
    }

    @Test
    void dataThatAreNotThereOrNoneAreRefused() throws IOException {
        refuses(
                TinyRun.job(context, TinyRun.config(folder.resolve("x.hdf5")), folder.resolve("run")),
                folder.resolve("x.hdf5") + " does not exist");
        Path text = Files.writeString(folder.resolve("text.hdf5"), "<html>not found</html>");
        refuses(TinyRun.job(context, TinyRun.config(text), folder.resolve("run")), "text.hdf5");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        refuses(
                TinyRun.job(context, TinyRun.config(empty), folder.resolve("run")),
                empty + ": no dataset.json; not a dataset");
    }

    @Test
    void whatAConversionAdvisesIsToldAsSettingsOfTheRun() throws IOException {
        Path file = D4rlRows.hopper(1, 600, 5).write(folder.resolve("hopper-old.hdf5"), false, false);
        refuses(
                TinyRun.job(context, TinyRun.config(file), folder.resolve("run")),
                "give --set conversion.boundary=fixed:N");
    }

    @Test
    void aRunNeedsItsFileNoMoreOnceItIsConverted() throws IOException {
        Path copy = Files.copy(TinyRun.SAMPLE, folder.resolve("hopper-sample.hdf5"));
        RunConfig config = TinyRun.config(copy, "learner.epochs", "1");
        Path run = train("run", config);
        Map<String, String> before = TinyRun.bits(run);
        Files.delete(copy);

        TinyRun.job(context, config, run).train();

        assertThat(TinyRun.bits(run)).isEqualTo(before);
    }

    @Test
    void aMemberThatDivergesIsNamed() {
        assertThatThrownBy(() -> train("run", config("ensemble.learning-rate", "1e30")))
                .isInstanceOf(RunException.class)
                .message()
                .matches("member [0-2] diverged in epoch 1, step [0-9]+: its loss is .*");
    }

    @Test
    void aPolicyThatDivergesIsToldAndNotSaved() throws IOException {
        Path run = TinyRun.copy(ensembleRun, folder.resolve("run"));

        assertThatThrownBy(() -> train("run", config("learner.critic-rate", "1e30")))
                .isInstanceOf(RunException.class)
                .message()
                .matches("the policy diverged in epoch [1-4], by update [0-9]+: .* lower learner.critic-rate .*");

        assertThat(TinyRun.folder(run)
                        .checkpoints()
                        .latest()
                        .map(Snapshots.Snapshot::epoch)
                        .orElse(0))
                .isLessThan(4);
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.configuration.Halving;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.SweepConfig;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.SweepFolder;
import io.github.mopospark.runs.SweepJournal;
import io.github.mopospark.runs.SweepJournal.Entry;
import io.github.mopospark.runs.SweepJournal.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SweepJobTest {
    private static final String[] QUICK = {"learner.epochs", "2", "evaluation.every", "1"};

    private JavaSparkContext context;
    private StringWriter printed;

    @TempDir
    private Path folder;

    @BeforeAll
    void startSpark() {
        context = TinyRun.spark("local[2]");
    }

    @AfterAll
    void stopSpark() {
        context.stop();
    }

    private static Trial trial(String name, String... more) {
        List<String> settings = new ArrayList<>(List.of(QUICK));
        settings.addAll(List.of(more));
        RunConfig config = TinyRun.config(TinyRun.SAMPLE, settings.toArray(String[]::new));
        return new Trial(name, config);
    }

    private static List<Trial> grid() {
        return List.of(
                trial("length1-seed0", "rollout.length", "1"),
                trial("length2-seed0"),
                trial("length1-seed1", "rollout.length", "1", "seed", "1"),
                trial("length2-seed1", "seed", "1"));
    }

    private SweepJournal run(Path output, List<Trial> trials, int atOnce) throws IOException {
        return run(output, new SweepConfig(trials, atOnce, Optional.empty(), List.of()));
    }

    private SweepJournal run(Path output, SweepConfig config) throws IOException {
        printed = new StringWriter();
        RunConsole console = new RunConsole(new PrintWriter(printed), new PrintWriter(new StringWriter()), false);
        SweepFolder sweep =
                new SweepFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(output.toString()));
        SweepJournal journal = new SweepJob(context, config, sweep, console, "mopo sweep").run();
        assertThat(sweep.journal()).contains(journal);
        return journal;
    }

    private static Map<String, String> bits(Path output, String trial) throws IOException {
        Map<String, String> bits = TinyRun.bits(output.resolve("trials").resolve(trial));
        // It names the sweep's folder.
        bits.remove("config.conf");
        return bits;
    }

    @Test
    void trialsOfOneSeedShareAnEnsembleAndEndAsAlone() throws IOException {
        Path output = folder.resolve("sweep");
        SweepJournal journal = run(output, grid(), 1);

        assertThat(journal.having(Status.DONE)).hasSize(4);
        assertThat(output.resolve("ensembles").toFile().list()).hasSize(2);
        assertThat(printed.toString().lines().filter(line -> line.contains("ensemble: trained in")))
                .hasSize(2);
        assertThat(printed.toString()).contains("length2-seed1: epoch 2: score ");

        Path alone = folder.resolve("alone");
        TinyRun.job(context, grid().get(3).config(), alone).train();
        Map<String, String> expected = TinyRun.bits(alone);
        expected.keySet().removeAll(List.of("config.conf", "ensemble.csv"));
        assertThat(bits(output, "length2-seed1")).isEqualTo(expected);

        Path together = folder.resolve("together");
        assertThat(run(together, grid(), 3)).isEqualTo(journal);
        for (Trial trial : grid()) {
            assertThat(bits(together, trial.name())).isEqualTo(bits(output, trial.name()));
        }
    }

    @Test
    void aTrialThatFailsIsTriedAgainAndTheOthersAreDone() throws IOException {
        Path output = folder.resolve("sweep");
        List<Trial> trials = List.of(
                new Trial("no data", TinyRun.config(folder.resolve("none.hdf5"), QUICK)),
                trial("diverges", "learner.critic-rate", "1e30"),
                trial("goes"));

        SweepJournal journal = run(output, trials, 2);

        assertThat(journal.having(Status.DONE)).extracting(Entry::name).containsExactly("goes");
        assertThat(journal.having(Status.FAILED)).hasSize(2).allSatisfy(failed -> assertThat(failed.attempts())
                .isEqualTo(2));
        assertThat(journal.trials().get(0).reason()).contains("none.hdf5 does not exist");
        assertThat(journal.trials().get(1).reason()).contains("the policy diverged in epoch 1");
        assertThat(printed.toString()).contains("diverges: failed, attempt 2 (the policy diverged");
    }

    @Test
    void goesOnWhereItWasBrokenOffAndTakesMoreTrials() throws IOException {
        Path output = folder.resolve("sweep");
        run(output, grid().subList(0, 2), 1);
        List<Path> before = FileTree.filesBelow(output.resolve("trials"));
        long written = Files.getLastModifiedTime(output.resolve("trials/length1-seed0/report.html"))
                .toMillis();
        // As after a kill: one that was done is said to run.
        Path journal = output.resolve("journal.json");
        Files.writeString(
                journal, Files.readString(journal).replaceFirst("(length2.*\\s+.*)\"done\"", "$1\"running\""));

        SweepJournal ended = run(output, grid(), 1);

        assertThat(ended.having(Status.DONE)).hasSize(4);
        assertThat(FileTree.filesBelow(output.resolve("trials"))).containsAll(before);
        assertThat(Files.getLastModifiedTime(output.resolve("trials/length1-seed0/report.html"))
                        .toMillis())
                .isEqualTo(written);
        assertThat(printed.toString())
                .contains("length2-seed0: policy: its 2 epochs are done")
                .doesNotContain("length1-seed0: ");
    }

    private static List<String> names(SweepJournal journal, Status status) {
        return journal.having(status).stream().map(Entry::name).toList();
    }

    /** The table's cells without quotes, by its columns. */
    private static List<Map<String, String>> table(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output.resolve("trials.csv"));
        String[] columns = lines.get(0).split(",", -1);
        return lines.stream()
                .skip(1)
                .map(line -> {
                    String[] cells = line.replace("\"", "").split(",", -1);
                    assertThat(cells).hasSameSizeAs(columns);
                    Map<String, String> row = new LinkedHashMap<>();
                    for (int i = 0; i < cells.length; i++) {
                        row.put(columns[i], cells[i]);
                    }
                    return row;
                })
                .toList();
    }

    @Test
    void theWorseHalfIsStoppedEarlyAndTheOthersEndAsWithout() throws IOException {
        List<Trial> trials = new ArrayList<>();
        for (String length : List.of("1", "2", "3")) {
            for (String seed : List.of("0", "1")) {
                trials.add(trial(
                        "length" + length + "-seed" + seed,
                        "rollout.length",
                        length,
                        "seed",
                        seed,
                        "learner.epochs",
                        "3"));
            }
        }
        Path all = folder.resolve("all");
        run(all, trials, 1);
        Path halved = folder.resolve("halved");
        SweepConfig config = new SweepConfig(trials, 1, Optional.of(new Halving(1, 2, Halving.By.SCORE)), List.of());
        SweepJournal journal = run(halved, config);

        // After one epoch two of three lengths go on, after two epochs one of these.
        Map<String, Double> atFirst = scores(all, 1);
        List<String> lengths = new ArrayList<>(List.of("1", "2", "3"));
        lengths.sort(Comparator.comparingDouble((String length) -> -atFirst.get(length)));
        lengths.remove(2);
        Map<String, Double> atSecond = scores(all, 2);
        String best = atSecond.get(lengths.get(0)) >= atSecond.get(lengths.get(1)) ? lengths.get(0) : lengths.get(1);
        assertThat(names(journal, Status.DONE))
                .containsExactly("length%s-seed0".formatted(best), "length%s-seed1".formatted(best));
        assertThat(names(journal, Status.STOPPED)).hasSize(4);
        assertThat(table(halved)).extracting(row -> row.get("epochs")).containsOnly("1", "2", "3");
        for (String done : names(journal, Status.DONE)) {
            Map<String, String> bits = bits(halved, done);
            Map<String, String> expected = bits(all, done);
            // Its last epoch so far was another.
            bits.remove("metrics.csv");
            expected.remove("metrics.csv");
            assertThat(bits).isEqualTo(expected);
        }
        // Also where fewer are done: what trackers are told is what was asked for.
        for (Trial trial : trials) {
            assertThat(halved.resolve("trials").resolve(trial.name()).resolve("config.conf"))
                    .content()
                    .contains("learner.epochs = 3\n");
        }

        String before = Files.readString(halved.resolve("trials.csv"));
        assertThat(names(run(halved, config), Status.DONE)).isEqualTo(names(journal, Status.DONE));
        assertThat(printed.toString()).doesNotContain("epoch");
        assertThat(Files.readString(halved.resolve("trials.csv"))).isEqualTo(before);
    }

    /** The mean over seeds of the mean of evaluations up to an epoch, by the length. */
    private static Map<String, Double> scores(Path output, int epoch) throws IOException {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (String length : List.of("1", "2", "3")) {
            double sum = 0;
            for (String seed : List.of("0", "1")) {
                RunFolder run = TinyRun.folder(output.resolve("trials/length%s-seed%s".formatted(length, seed)));
                sum += RunMetrics.read(run.storage(), run.path()).epochs().stream()
                        .filter(measured -> measured.epoch() <= epoch)
                        .mapToDouble(measured -> measured.get(Metric.SCORE_MEAN))
                        .average()
                        .orElseThrow();
            }
            scores.put(length, sum / 2);
        }
        return scores;
    }

    @Test
    void takesTheEnsembleOfAnotherRunWithTheSameRowsAndSettings() throws IOException {
        Path runs = folder.resolve("runs");
        TinyRun.job(context, trial("any").config(), runs.resolve("fits")).trainEnsemble();
        TinyRun.job(context, trial("any", "ensemble.max-epochs", "1").config(), runs.resolve("other"))
                .trainEnsemble();
        Path fewer = folder.resolve("fewer");
        Asked.convert(fewer, TinyRun.SAMPLE).merge().sample(5_000, 0).run(context);
        List<Trial> trials = List.of(
                trial("file"),
                trial("dataset", "data", runs.resolve("fits/dataset").toString()),
                trial("seed1", "seed", "1"),
                trial("fewer", "data", fewer.toString()));
        Path output = folder.resolve("sweep");
        run(output, new SweepConfig(trials, 1, Optional.empty(), List.of(runs.toString())));

        assertThat(printed.toString().lines().filter(line -> line.contains("ensemble: trained in")))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("seed1: "))
                .anyMatch(line -> line.startsWith("fewer: "));
        // Taken once and for all: the others are not needed to go on.
        assertThat(run(output, trials.subList(0, 1), 1).having(Status.DONE)).hasSize(1);
        Path alone = folder.resolve("alone");
        run(alone, trials.subList(0, 1), 1);
        assertThat(bits(output, "file")).isEqualTo(bits(alone, "file"));
        assertThat(bits(output, "dataset")).isEqualTo(bits(alone, "file"));
    }

    @Test
    void anotherFileOfTheSameNameIsNotTakenForTheSameData() throws Exception {
        Path file = Files.copy(TinyRun.SAMPLE, folder.resolve("hopper.hdf5"));
        Path output = folder.resolve("sweep");
        run(output, List.of(trial("first", "data", file.toString())), 1);
        Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);

        SweepJournal journal = run(
                output,
                List.of(
                        trial("first", "data", file.toString()),
                        trial("second", "data", file.toString(), "rollout.length", "1"),
                        trial("third", "data", file.toString(), "seed", "1")),
                1);

        assertThat(names(journal, Status.DONE)).containsExactly("first");
        assertThat(journal.having(Status.FAILED)).hasSize(2).allSatisfy(failed -> assertThat(failed.reason())
                .contains("hopper.hdf5 has other rows or bytes than when trials of"));
    }

    @Test
    void anEnsembleThatCannotBeTrainedIsTriedTwiceForAllTrials() throws IOException {
        List<Trial> trials = new ArrayList<>();
        for (String length : List.of("1", "2", "3")) {
            trials.add(trial(length, "rollout.length", length, "ensemble.learning-rate", "1e30"));
        }
        SweepJournal journal = run(folder.resolve("sweep"), trials, 1);

        assertThat(journal.having(Status.FAILED)).hasSize(3);
        assertThat(journal.of("1").reason()).contains("diverged");
        assertThat(journal.of("2").reason()).contains("has failed 2 times (").contains("diverged");
    }

    @Test
    void aFailedSeedIsNoAdvantageWhereTrialsAreStoppedEarly() throws IOException {
        List<Trial> trials = List.of(
                trial("a0", "learner.epochs", "3"),
                trial("a1", "learner.epochs", "3", "seed", "1"),
                trial("b0", "learner.epochs", "3", "rollout.length", "1"),
                trial("b1", "learner.epochs", "3", "rollout.length", "1", "seed", "1"));
        TrialHalving halving = new TrialHalving(
                new Halving(1, 2, Halving.By.SCORE),
                new SweepFolder(
                        new Storage(new Configuration()),
                        new org.apache.hadoop.fs.Path(folder.resolve("sweep").toString())));
        for (List<Trial> failed : List.of(trials.subList(1, 2), trials.subList(2, 3))) {
            List<Trial> reached = new ArrayList<>(trials);
            reached.removeAll(failed);
            run(folder.resolve("sweep"), new SweepConfig(reached, 1, Optional.empty(), List.of()));
            List<Trial> best = halving.best(trials, reached, 1);
            assertThat(best)
                    .containsExactlyElementsOf(
                            failed.equals(trials.subList(1, 2)) ? trials.subList(2, 4) : trials.subList(0, 2));
        }
    }

    @Test
    void settingsWithAFailedSeedDoNotGoOnBesideOthers() throws IOException {
        List<Trial> trials = new ArrayList<>();
        for (String length : List.of("1", "2", "3")) {
            trials.add(trial(length + "0", "rollout.length", length));
            trials.add(trial(length + "1", "rollout.length", length, "seed", "1"));
        }
        List<Trial> reached = List.of(trials.get(0), trials.get(2), trials.get(3), trials.get(4));
        Path output = folder.resolve("sweep");
        run(output, new SweepConfig(reached, 1, Optional.empty(), List.of()));
        TrialHalving halving = new TrialHalving(
                new Halving(1, 2, Halving.By.SCORE),
                new SweepFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(output.toString())));

        // Two of three would go on, but at the next rung nobody would know of the seeds that failed.
        assertThat(halving.best(trials, reached, 1)).containsExactly(trials.get(2), trials.get(3));
    }

    @Test
    void theReasonOfAFailureIsALineWithItsCauses() {
        Exception cause = new IllegalStateException("Task 3 failed\n\tat somewhere\n", new NullPointerException());
        assertThat(SweepJob.reason(new IOException("round 7 could not be made", cause)))
                .isEqualTo("round 7 could not be made; Task 3 failed; java.lang.NullPointerException");
        assertThat(SweepJob.reason(new RuntimeException(new IOException("no space left"))))
                .isEqualTo("java.io.IOException: no space left");
    }

    @Test
    void halvingByAFigureThatATrialLacksIsRefused() throws IOException {
        Path output = folder.resolve("sweep");
        List<Trial> trials = List.of(trial("a"), trial("b", "rollout.length", "1"));
        run(output, trials, 1);
        SweepConfig halved =
                new SweepConfig(trials, 1, Optional.of(new Halving(1, 2, Halving.By.FITTED_Q_VALUE)), List.of());

        assertThatThrownBy(() -> run(output, halved))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a has no fitted_q_value at epoch 1, which it had passed");
    }

    @Test
    void aTableThatCannotBeWrittenFailsNoTrial() throws IOException {
        Path output = folder.resolve("sweep");
        Files.createDirectories(output.resolve("report.html/in the way"));
        List<Trial> trials = List.of(trial("a"), trial("b", "rollout.length", "1"));

        assertThatThrownBy(() -> run(output, trials, 1)).isInstanceOf(IOException.class);

        SweepFolder sweep =
                new SweepFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(output.toString()));
        assertThat(names(sweep.journal().orElseThrow(), Status.DONE)).containsExactly("a", "b");
    }

    @Test
    void aTrialOfMoreEpochsThanItHasDoneGoesOn() throws IOException {
        Path output = folder.resolve("sweep");
        run(output, List.of(trial("a")), 1);
        SweepJournal journal = run(output, List.of(trial("a", "learner.epochs", "3")), 1);

        assertThat(names(journal, Status.DONE)).containsExactly("a");
        assertThat(printed.toString()).contains("a: policy: goes on after epoch 2");
        assertThat(table(output)).singleElement().satisfies(row -> {
            assertThat(row).containsEntry("epochs", "3").containsEntry("asked_epochs", "3");
            assertThat(row).containsEntry("status", "done").containsEntry("dataset", "hopper-sample");
            assertThat(Double.parseDouble(row.get("fitted_q_value"))).isFinite();
        });
    }

    @Test
    void aTrialThatWasBegunWithOtherSettingsIsNotGoneOnWith() throws IOException {
        Path output = folder.resolve("sweep");
        run(output, List.of(trial("a")), 1);
        Files.delete(output.resolve("journal.json"));

        assertThatThrownBy(() -> run(output, List.of(trial("b"), trial("a", "rollout.length", "1")), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trials/a was begun with other settings: rollout.length = 2, not 1");
        assertThat(output.resolve("trials/b")).doesNotExist();
    }
}

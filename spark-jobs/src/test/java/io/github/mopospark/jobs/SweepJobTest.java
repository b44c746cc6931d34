package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.SweepConfig;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.runs.SweepFolder;
import io.github.mopospark.runs.SweepJournal;
import io.github.mopospark.runs.SweepJournal.Entry;
import io.github.mopospark.runs.SweepJournal.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        printed = new StringWriter();
        RunConsole console = new RunConsole(new PrintWriter(printed), new PrintWriter(new StringWriter()), false);
        SweepFolder sweep =
                new SweepFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(output.toString()));
        SweepJournal journal =
                new SweepJob(context, new SweepConfig(trials, atOnce), sweep, console, "mopo sweep").run();
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

    @Test
    void aTrialThatWasBegunWithOtherSettingsIsNotGoneOnWith() throws IOException {
        Path output = folder.resolve("sweep");
        run(output, List.of(trial("a")), 1);
        Files.delete(output.resolve("journal.json"));

        SweepJournal journal = run(output, List.of(trial("a", "rollout.length", "1")), 1);

        assertThat(journal.having(Status.FAILED)).singleElement().satisfies(failed -> assertThat(failed.reason())
                .contains("trials/a was begun with other settings: rollout.length = 2, not 1"));
    }
}

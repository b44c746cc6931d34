package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.ExecutorKiller;
import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.cluster.Hdfs;
import io.github.mopospark.cluster.JavaProcess;
import io.github.mopospark.cluster.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program trains on a standalone cluster and is killed in every phase; whatever happens, it ends with the files of
 * the same job in this JVM.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingIT {
    /** So large that there is time to kill something in each phase. */
    private static final String[] LONGER = {
        "ensemble.hidden-sizes", "[32, 32]",
        "ensemble.max-epochs", "9",
        "ensemble.block-epochs", "3",
        "rollout.starts", "4000",
        "rollout.shards", "8",
        "rollout.length", "5",
        "learner.epochs", "6",
        "learner.updates-per-epoch", "50",
        "evaluation.every", "1"
    };

    private Path folder;
    private Map<String, String> expected;

    @BeforeAll
    void trainHere(@TempDir Path temporary) throws IOException {
        folder = temporary;
        expected = trainedHere(folder.resolve("here"));
    }

    private static Map<String, String> trainedHere(Path run, String... more) throws IOException {
        try (JavaSparkContext context = TinyRun.spark("local[2]")) {
            TinyRun.job(context, TinyRun.config(TinyRun.SAMPLE, longer(more)), run)
                    .train();
        }
        return TinyRun.bits(run);
    }

    private static String[] longer(String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(LONGER));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private static String[] command(Path run, String... more) {
        return TinyRun.command("train", TinyRun.settings(TinyRun.SAMPLE, longer(more)), run);
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static boolean isConverting(Path run) throws IOException {
        return FileTree.filesBelow(run.resolve("dataset")).stream()
                .anyMatch(file -> file.toString().contains("/parts-"));
    }

    /** Whether the members have a block behind them and none of the policy has begun. */
    private static boolean isTrainingMembers(Path run) {
        return Files.exists(run.resolve("members/snapshot.json"));
    }

    /** Whether a checkpoint of this epoch, or a later one, is there. */
    private static boolean isSaved(Path run, int epoch) throws IOException {
        String manifest = text(run.resolve("checkpoints/snapshot.json"));
        int saved = manifest.isEmpty() ? 0 : Integer.parseInt(manifest.replaceAll("(?s).*\"epoch\" : (\\d+).*", "$1"));
        return saved >= epoch;
    }

    /** Whether an epoch is told in the metrics; its checkpoint comes next. */
    private static boolean isMeasured(Path run, int epoch) throws IOException {
        return text(run.resolve("metrics.csv")).contains("\n" + epoch + ",");
    }

    /** How many events of jobs that are described so Spark has written. */
    private long events(String event, String description) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path log : FileTree.filesBelow(folder.resolve("events"))) {
            lines.addAll(text(log).lines().toList());
        }
        Pattern started = Pattern.compile("\"Event\":\"SparkListenerJobStart\",\"Job ID\":(\\d+),.*" + description);
        return lines.stream()
                .map(started::matcher)
                .filter(Matcher::find)
                .map(job -> "\"Event\":\"SparkListener%s\",\"Job ID\":%s,".formatted(event, job.group(1)))
                .filter(wanted -> lines.stream().anyMatch(line -> line.contains(wanted)))
                .count();
    }

    /** Runs until a moment, and is killed. */
    private void kill(Path run, String name, JavaProcess.Condition moment, long millisecondsMore, String... arguments)
            throws Exception {
        try (JavaProcess process = JavaProcess.mopo(folder, arguments)) {
            assertThat(process.await(name, moment)).as("is killed when " + name).isTrue();
            Thread.sleep(millisecondsMore);
            assertThat(process.isAlive()).as("still runs").isTrue();
        }
        assertThat(run.resolve("config.conf")).exists();
    }

    private void assertEnds(Path run, Map<String, String> bits, String... arguments) throws Exception {
        try (JavaProcess process = JavaProcess.mopo(folder, arguments)) {
            JavaProcess.Outcome outcome = process.outcome();
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        }
        assertThat(TinyRun.bits(run)).isEqualTo(bits);
    }

    @Test
    void endsWithTheSameFilesThoughItsDriverIsKilledInEveryPhase() throws Exception {
        Path run = folder.resolve("killed");
        String[] spark = {
            "--master",
            "local[2]",
            "--spark-conf",
            "spark.eventLog.enabled=true",
            "--spark-conf",
            "spark.eventLog.dir="
                    + Files.createDirectory(folder.resolve("events")).toUri()
        };
        String[] command = with(command(run), spark);
        String[] resume = with(TinyRun.command("train", Map.of(), run, "--resume"), spark);

        kill(run, "it converts", () -> isConverting(run), 0, command);
        assertThat(run.resolve("ensemble")).doesNotExist();
        kill(run, "members are trained", () -> isTrainingMembers(run), 50, resume);
        assertThat(run.resolve("ensemble/model.json")).doesNotExist();
        kill(run, "rollouts are made", () -> events("JobStart", "rollouts: round 2,") > 0, 0, resume);
        assertThat(isSaved(run, 2)).as("rollouts were made").isFalse();
        kill(run, "updates are done", () -> events("JobEnd", "rollouts: round 3,") > 0, 0, resume);
        assertThat(isMeasured(run, 3)).as("updates were done").isFalse();
        kill(run, "episodes are played", () -> events("JobStart", "evaluation: epoch 4,") > 0, 0, resume);
        assertThat(isMeasured(run, 4)).as("episodes were played").isFalse();
        kill(run, "an epoch is measured", () -> isMeasured(run, 5), 0, resume);
        assertThat(isSaved(run, 6)).as("there is something left to do").isFalse();
        assertEnds(run, expected, resume);
    }

    @Test
    void endsWithTheSameFilesWhereRoundsOverlapAndAreMadeAgain() throws Exception {
        String[] settings = {"checkpoint.rounds", "policies", "rollout.overlap", "true"};
        Map<String, String> bits = trainedHere(folder.resolve("here overlapping"), settings);
        Path run = folder.resolve("killed overlapping");
        String[] command = with(command(run, settings), "--master", "local[2]");

        kill(run, "the third epoch is saved", () -> isSaved(run, 3), 100, command);
        assertThat(isSaved(run, 6)).as("there is something left to do").isFalse();
        assertEnds(run, bits, with(command, "--resume"));
    }

    @Test
    void endsWithTheSameFilesFromAndToHdfs() throws Exception {
        try (Hdfs hdfs = new Hdfs(Files.createDirectory(folder.resolve("hdfs")))) {
            hdfs.files()
                    .copyFromLocalFile(
                            new org.apache.hadoop.fs.Path(TinyRun.SAMPLE.toUri()),
                            new org.apache.hadoop.fs.Path("/in/hopper-sample.hdf5"));
            List<String> arguments = new ArrayList<>(
                    List.of("train", "--data", hdfs.uri() + "/in/hopper-sample.hdf5", "--output", hdfs.uri() + "/run"));
            TinyRun.settings(TinyRun.SAMPLE, longer())
                    .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
            arguments.addAll(List.of("--master", "local[2]"));
            try (JavaProcess process = JavaProcess.mopo(folder, arguments.toArray(String[]::new))) {
                JavaProcess.Outcome outcome = process.outcome();
                assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            }
            Path run = Files.createDirectory(folder.resolve("from hdfs"));
            hdfs.files()
                    .copyToLocalFile(
                            false,
                            new org.apache.hadoop.fs.Path("/run"),
                            new org.apache.hadoop.fs.Path(run.toUri()),
                            true);
            Map<String, String> bits = TinyRun.bits(run.resolve("run"));
            Map<String, String> others = new TreeMap<>(expected);
            // It names the data.
            assertThat(bits.remove("config.conf")).isNotEqualTo(others.remove("config.conf"));
            assertThat(bits).isEqualTo(others);
        }
    }

    @Test
    void endsWithTheSameFilesOnAClusterWhoseExecutorsAreKilled() throws Exception {
        try (StandaloneCluster cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("cluster")))) {
            Path quiet = folder.resolve("on a cluster");
            JavaProcess.Outcome undisturbed = cluster.submit(List.of(), command(quiet));
            assertThat(undisturbed.exitCode()).as(undisturbed.err()).isZero();
            assertThat(TinyRun.bits(quiet)).isEqualTo(expected);
            assertThat(text(quiet.resolve("report.html"))).doesNotContain("was lost");

            Path run = folder.resolve("executors killed");
            JavaProcess driver = cluster.start(List.of(), command(run));
            assertThat(driver.await("members are trained", () -> isTrainingMembers(run)))
                    .isTrue();
            ExecutorKiller.killOneAtWork(cluster, driver, 0);
            assertThat(isSaved(run, 1)).as("members were trained").isFalse();
            assertThat(driver.await("the first epoch is saved", () -> isSaved(run, 1)))
                    .isTrue();
            // An evaluation has tasks too, but none with this number.
            ExecutorKiller.killOneAtWork(cluster, driver, 2);

            JavaProcess.Outcome outcome = driver.outcome();

            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(TinyRun.bits(run)).isEqualTo(expected);
            assertThat(outcome.err()).contains("Lost executor");
            String report = text(run.resolve("report.html"));
            assertThat(report)
                    .containsPattern("executor \\d+ was lost \\(.*137")
                    .containsPattern(
                            "ensemble: member \\d, epochs \\d+ to \\d+: task 0 failed on executor \\d+, attempt 1")
                    .containsPattern("rollouts: round \\d, 4,000 starts of 5 steps in 8 shards: task \\d+ failed on")
                    .contains("ExecutorLostFailure");
        }
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.runs.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** A run that takes seconds: four epochs on the sample in the project. */
public final class TinyRun {
    /** The sample. */
    public static final Path SAMPLE = Path.of(System.getProperty("mopo.root"), "data", "hopper-sample.hdf5");

    private TinyRun() {}

    /** Spark in this JVM. */
    static JavaSparkContext spark(String master) {
        return new JavaSparkContext(
                new SparkConf().setMaster(master).setAppName("test").set("spark.ui.enabled", "false"));
    }

    /**
     * What is set.
     *
     * @param data the dataset
     * @param more pairs of keys and values, instead of these or besides
     * @return values by their keys
     */
    public static Map<String, String> settings(Path data, String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("task", "hopper");
        settings.put("data", data.toString());
        settings.put("ensemble.members", "3");
        settings.put("ensemble.elites", "2");
        settings.put("ensemble.hidden-sizes", "[16, 16]");
        settings.put("ensemble.weight-decay", "[1e-5, 1e-5, 1e-5]");
        settings.put("ensemble.max-epochs", "3");
        settings.put("ensemble.early-stopping", "none");
        settings.put("ensemble.block-epochs", "2");
        settings.put("rollout.starts", "200");
        settings.put("rollout.shards", "4");
        settings.put("rollout.length", "2");
        settings.put("rollout.rounds-kept", "2");
        settings.put("learner.hidden-sizes", "[16, 16]");
        settings.put("learner.batch-size", "32");
        settings.put("learner.epochs", "4");
        settings.put("learner.updates-per-epoch", "20");
        // Two spin while they wait, which takes a core from the tests.
        settings.put("learner.threads", "1");
        settings.put("evaluation.every", "2");
        settings.put("evaluation.episodes", "2");
        settings.put("evaluation.fitted-q-updates", "20");
        settings.put("checkpoint.every", "1");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    /** The configuration of {@link #settings}, with the data's path in full as the commands write it. */
    static RunConfig config(Path data, String... more) {
        Map<String, String> settings = settings(data, more);
        settings.compute("data", (key, path) -> "file:" + Path.of(path).toAbsolutePath());
        return new ConfigReader(new Storage(new Configuration())).read(settings);
    }

    /**
     * A command of {@link #settings}.
     *
     * @param command the subcommand
     * @param settings values by their keys
     * @param output the run's folder
     * @param more arguments
     * @return the subcommand and its options
     */
    public static String[] command(String command, Map<String, String> settings, Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--output", output.toString()));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    static RunFolder folder(Path run) throws IOException {
        return new RunFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(run.toString()));
    }

    /** A job that prints into nothing. */
    static TrainJob job(JavaSparkContext context, RunConfig config, Path run) throws IOException {
        return new TrainJob(context, config, folder(run), console(), "mopo train");
    }

    /** One that prints into nothing. */
    static RunConsole console() {
        return new RunConsole(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
    }

    /** What tasks are told of a run on a dataset, without a look at kernels. */
    static Broadcast<RunPlan> plan(JavaSparkContext context, RunConfig config, String dataset) {
        return context.broadcast(new RunPlan(
                "test", config.render(), dataset, new SerializableConfiguration(context.hadoopConfiguration()), ""));
    }

    /**
     * What must be the same for runs of one configuration: the digests of all files but of those that tell times or failures, and of
     * the dataset, whose parts have random names.
     *
     * @param run the run's folder
     * @return by the paths in the folder
     * @throws IOException if a file cannot be read
     */
    public static Map<String, String> bits(Path run) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (Path file : FileTree.filesBelow(run)) {
            String name = run.relativize(file).toString();
            if (!name.startsWith("tensorboard/")
                    && !name.startsWith("dataset/")
                    && !name.equals("timings.csv")
                    && !name.equals("phases.csv")
                    && !name.equals("retries.txt")
                    && !name.equals("report.html")) {
                digests.put(name, HexFormat.of().formatHex(Storage.sha256().digest(Files.readAllBytes(file))));
            }
        }
        return digests;
    }

    /** A copy of a folder and all below it. */
    static Path copy(Path from, Path to) throws IOException {
        for (Path file : FileTree.filesBelow(from)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        return to;
    }
}

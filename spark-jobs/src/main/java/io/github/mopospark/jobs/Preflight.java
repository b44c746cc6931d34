package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.Trainer;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.Snapshots;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Looks before a run whether it can be done: what would fail hours later fails here, before Spark starts, and nothing is written.
 * Of an HDF5 file that is not on this machine the sizes are known after its conversion only, so that {@link TrainJob} asks once
 * more.
 */
public final class Preflight {
    private final SparkConf conf;
    private final RunConfig config;
    private final RunFolder folder;
    private final Storage storage;
    private final boolean learnsPolicy;

    /**
     * The look at a run.
     *
     * @param conf how Spark will be started
     * @param config the run's
     * @param folder takes it
     * @param learnsPolicy whether a policy is learned, or only an ensemble
     */
    public Preflight(SparkConf conf, RunConfig config, RunFolder folder, boolean learnsPolicy) {
        this.conf = Objects.requireNonNull(conf, "conf");
        this.config = Objects.requireNonNull(config, "config");
        this.folder = Objects.requireNonNull(folder, "folder");
        this.learnsPolicy = learnsPolicy;
        storage = folder.storage();
    }

    /**
     * Checks everything that can be known before Spark starts.
     *
     * @return advice: what goes, but could go better
     * @throws IllegalArgumentException if the run cannot be done; the message says why, and what to do
     */
    public List<String> require() {
        Kernels kernels = kernels();
        boolean isAveraged = config.ensemble().trainer() == Trainer.DL4J_SPARK
                && steps(config, folder, learnsPolicy).contains(MemoryNeeds.Step.ENSEMBLE);
        if (isAveraged && config.ensemble().config().lipschitz().mode() != Lipschitz.Mode.OFF) {
            throw new IllegalArgumentException(
                    "ensemble.lipschitz.mode must be off for ensemble.trainer = dl4j-spark, since DL4J has no means to keep spectral norms small");
        }
        if (kernels.name().startsWith(KernelChoice.ND4J.toString()) || isAveraged) {
            refuse(OmpThreads.problems(System.getenv(OmpThreads.VARIABLE), conf));
        }
        Optional<DataShape> data = dataShape();
        requireEnsemble();
        if (data.isPresent()) {
            data.get().requireFit(Tasks.named(config.task()));
            requireRows(data.get());
            requireMemory(conf, config, data.get(), steps(config, folder, learnsPolicy));
        }
        try {
            folder.tryToWrite();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--output: %s cannot be written to (%s)".formatted(folder.path(), reason(e)), e);
        }
        return vectorAdvice(config.kernels(), kernels.description()).stream().toList();
    }

    /**
     * What memory the run needs of its JVMs, whether they have it or not.
     *
     * @return a line
     * @throws IllegalArgumentException if the data cannot be read
     */
    public String memory() {
        return dataShape()
                .map(data -> memory(conf, config, data, steps(config, folder, learnsPolicy)))
                .orElse("memory: not known before the data are converted, since their file is not on this machine");
    }

    private static String memory(SparkConf conf, RunConfig config, DataShape data, Set<MemoryNeeds.Step> steps) {
        MemoryLimits limits = MemoryLimits.of(conf);
        return limits.line(MemoryNeeds.of(config, data, steps, limits.master().slots()));
    }

    /**
     * Checks what is known once Spark has started.
     *
     * @param context Spark's
     * @return a warning, if data or output are where executors may not reach them
     * @throws IOException if a file system cannot be reached
     */
    public Optional<String> warning(JavaSparkContext context) throws IOException {
        return LocalPaths.warning(context, List.of(storage.qualified(new Path(config.data())), folder.path()));
    }

    /**
     * Checks that the JVMs of a run have the memory for it.
     *
     * @return what it needs, in a line
     * @throws IllegalArgumentException if they do not; the message says what to set
     */
    static String requireMemory(SparkConf conf, RunConfig config, DataShape data, Set<MemoryNeeds.Step> steps) {
        MemoryLimits limits = MemoryLimits.of(conf);
        MemoryNeeds needs = MemoryNeeds.of(config, data, steps, limits.master().slots());
        refuse(limits.shortages(needs, config));
        return limits.line(needs);
    }

    /** What a run is yet to do. */
    static Set<MemoryNeeds.Step> steps(RunConfig config, RunFolder folder, boolean learnsPolicy) {
        EnumSet<MemoryNeeds.Step> steps = EnumSet.noneOf(MemoryNeeds.Step.class);
        try {
            int learned =
                    folder.checkpoints().latest().map(Snapshots.Snapshot::epoch).orElse(0);
            if (learnsPolicy && learned < config.learner().epochs()) {
                steps.add(MemoryNeeds.Step.POLICY);
            }
            if (config.ensemble().trained().isEmpty() && !folder.ensemble().exists()) {
                steps.add(MemoryNeeds.Step.ENSEMBLE);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--output: %s cannot be read (%s)".formatted(folder.path(), reason(e)), e);
        }
        return steps;
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private Kernels kernels() {
        try {
            return config.kernels().open();
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Only those that were not asked for are a pity. */
    static Optional<String> vectorAdvice(KernelChoice choice, String kernels) {
        String plain = KernelChoice.CPU_PLAIN.open().description();
        return choice != KernelChoice.CPU_PLAIN && kernels.equals(plain)
                ? Optional.of(
                        "advice: this JVM computes in plain loops, 3 to 4 times slower than in vectors; start it with --add-modules jdk.incubator.vector (spark-submit --driver-java-options)")
                : Optional.empty();
    }

    /** The sizes of the data, or of an HDF5 file elsewhere none. */
    private Optional<DataShape> dataShape() {
        Path path = new Path(config.data());
        try {
            if (!storage.of(path).exists(path)) {
                // A run that has converted them needs them no more.
                DatasetFolder converted = folder.dataset();
                Manifest manifest = converted
                        .manifest()
                        .orElseThrow(
                                () -> new IllegalArgumentException("data: %s does not exist".formatted(config.data())));
                return Optional.of(DataShape.of(converted, manifest));
            }
            return DataShape.at(storage, config.data());
        } catch (IOException e) {
            throw new IllegalArgumentException("data: %s cannot be read (%s)".formatted(config.data(), reason(e)), e);
        }
    }

    private void requireRows(DataShape data) {
        int needed = config.ensemble().config().batchSize() + 1;
        if (data.rows() < needed) {
            throw new IllegalArgumentException(
                    "data: %s has %,d rows, but ensemble.batch-size = %d needs at least %d; give more data, or a smaller batch"
                            .formatted(data.uri(), data.rows(), needed - 1, needed));
        }
    }

    private void requireEnsemble() {
        String trained = config.ensemble().trained();
        try {
            // A run has its own copy.
            if (trained.isEmpty() || folder.ensemble().exists()) {
                return;
            }
            Task of = new EnsembleFolder(storage, new Path(trained)).read().task();
            if (!of.name().equals(config.task())) {
                throw new IllegalArgumentException("ensemble.trained: %s is an ensemble of %s, but task = %s"
                        .formatted(trained, of.name(), config.task()));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "ensemble.trained: %s cannot be read (%s)".formatted(trained, reason(e)), e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.Determinism;
import io.github.mopospark.configuration.EnsembleSettings;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.Trainer;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.metrics.CsvSink;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.MetricSink;
import io.github.mopospark.metrics.MetricSinks;
import io.github.mopospark.metrics.MlflowSink;
import io.github.mopospark.metrics.RecordedPenalties;
import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.metrics.RunPosition;
import io.github.mopospark.metrics.TensorBoardSink;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.reports.Numbers;
import io.github.mopospark.reports.TrainingReport;
import io.github.mopospark.reports.TrainingSummary;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.Snapshots;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * MOPO from a file to a scored policy: converts the data if they are HDF5, trains the ensemble or takes a trained one, then learns
 * the policy epoch by epoch, with evaluations and checkpoints. A run that was broken off goes on from its last checkpoint to the
 * same bits.
 */
public final class TrainJob {
    private final JavaSparkContext context;
    private final RunConfig config;
    private final RunFolder folder;
    private final RunConsole console;
    private final String command;
    private final Task task;
    private final String id = UUID.randomUUID().toString();
    private final RetryLog retries = new RetryLog(id);

    /**
     * A run.
     *
     * @param context Spark's
     * @param config what is to be done
     * @param folder takes it; a run of the same configuration in it is gone on with
     * @param console is told how it goes
     * @param command what starts the same run, for the report
     */
    public TrainJob(JavaSparkContext context, RunConfig config, RunFolder folder, RunConsole console, String command) {
        this.context = Objects.requireNonNull(context, "context");
        this.config = Objects.requireNonNull(config, "config");
        this.folder = Objects.requireNonNull(folder, "folder");
        this.console = Objects.requireNonNull(console, "console");
        this.command = Objects.requireNonNull(command, "command");
        task = Tasks.named(config.task());
    }

    /**
     * Trains the ensemble alone.
     *
     * @return the trained ensemble, which is saved in the run's folder
     * @throws RunException if the run cannot go on
     * @throws IllegalArgumentException if the data or a trained ensemble do not fit
     * @throws IOException if something cannot be read or written
     */
    public Ensemble trainEnsemble() throws IOException {
        context.sc().addSparkListener(retries);
        try (Started started = new Started(false)) {
            Ensemble ensemble = started.ensemble();
            if (config.ensemble().trainer() == Trainer.CORE) {
                // Else the rows are not here.
                started.checkPenalties(ensemble);
            }
            writeReport(started, ensemble);
            started.metrics.runDone();
            return ensemble;
        } finally {
            context.sc().removeSparkListener(retries);
        }
    }

    /**
     * Does all of the run that is not done yet.
     *
     * @return the evaluations
     * @throws RunException if the run cannot go on
     * @throws IllegalArgumentException if the data or a trained ensemble do not fit
     * @throws IOException if something cannot be read or written
     */
    public Evaluations train() throws IOException {
        return train(config.learner().epochs());
    }

    /**
     * Does what is not done yet of the run's first epochs; the run may go on after them.
     *
     * @param lastEpoch how many it shall have done, at most all
     * @return the evaluations
     * @throws RunException if the run cannot go on
     * @throws IllegalArgumentException if the data or a trained ensemble do not fit
     * @throws IOException if something cannot be read or written
     */
    Evaluations train(int lastEpoch) throws IOException {
        context.sc().addSparkListener(retries);
        try (Started started = new Started(true)) {
            Ensemble ensemble = started.ensemble();
            started.checkPenalties(ensemble);
            started.learn(ensemble, lastEpoch);
            Evaluations evaluations = writeReport(started, ensemble);
            started.metrics.runDone();
            return evaluations;
        } finally {
            context.sc().removeSparkListener(retries);
        }
    }

    /** What a run has while it runs. */
    private final class Started implements AutoCloseable {
        private final TrainingDataset dataset;
        private final RunIdentity identity;
        private final Broadcast<RunPlan> plan;
        private final Kernels kernels;
        private final Snapshots checkpoints;
        private final Optional<Snapshots.Snapshot> last;
        private final MetricSinks metrics;
        /** Whether a given ensemble was taken just now; if the run had begun to train one, that one's curves go. */
        private final boolean hasTaken;

        private Transitions rows;
        private Optional<RecordedPenalties> penalties = Optional.empty();

        Started(boolean learnsPolicy) throws IOException {
            kernels = config.kernels().open();
            requireOneKernel();
            long from = System.nanoTime();
            Optional<String> begun;
            boolean isNew = folder.isEmpty();
            if (isNew) {
                // Now, so that a run that is killed while it converts is known as one.
                folder.begin(config);
            }
            try {
                dataset = TrainingDataset.of(context, config, folder, console.progressOut(), console.onTerminal());
                identity = RunIdentity.of(config, dataset.checksum(), kernels);
                begun = folder.identity();
                begun.ifPresent(before -> identity.requireSame(before, config.determinism(), folder.path()));
                hasTaken = takeEnsemble();
            } catch (IllegalArgumentException e) {
                if (isNew) {
                    folder.abandon();
                }
                throw e;
            }
            folder.begin(config);
            if (begun.isEmpty()) {
                folder.keepIdentity(identity.text());
            }
            // Of a file elsewhere the sizes are known only now; what is converted stays for the next try.
            String memory = Preflight.requireMemory(
                    context.getConf(), config, dataset.shape(), Preflight.steps(config, folder, learnsPolicy));
            plan = plan(
                    scored(dataset.manifest()),
                    dataset.folder().path().toString(),
                    config.determinism() == Determinism.STRICT ? identity.kernels() : "");
            if (config.ensemble().trainer() == Trainer.CORE) {
                rows();
            }
            folder.keepSeconds("dataset", (System.nanoTime() - from) / 1e9);
            checkpoints = folder.checkpoints();
            last = checkpoints.latest();
            metrics = sinks(position());
            console.line(String.format(
                    Locale.ROOT,
                    "dataset: %s, %,d rows; kernels: %s",
                    dataset.folder().path(),
                    dataset.manifest().rows(),
                    kernels.description()));
            console.line(memory);
        }

        /** What policies are scored by is what the rows were relabelled by, whatever the run would have done itself. */
        private RunConfig scored(Manifest manifest) {
            String speedCap = manifest.choices().speedCap();
            return speedCap == null
                    ? config
                    : ConfigReader.withOverrides(config, Map.of("conversion.speed-cap", speedCap));
        }

        private Broadcast<RunPlan> plan(RunConfig of, String path, String fingerprint) {
            return context.broadcast(new RunPlan(
                    id, of.render(), path, new SerializableConfiguration(context.hadoopConfiguration()), fingerprint));
        }

        private MetricSinks sinks(RunPosition position) throws IOException {
            List<MetricSink> others = new ArrayList<>();
            others.add(new TensorBoardSink(folder.storage(), folder.tensorboard(), Clock.systemUTC(), position));
            if (config.tracking().isOn()) {
                Map<String, String> tags = Map.of("task", task.name(), "dataset", dataset.name(), "version", version());
                others.add(new MlflowSink(config, folder, tags, System.getenv()));
            }
            return new MetricSinks(new CsvSink(folder.storage(), folder.path(), position), others);
        }

        private RunPosition position() throws IOException {
            int policyEpoch = last.map(Snapshots.Snapshot::epoch).orElse(0);
            boolean isTrained =
                    !hasTaken && (policyEpoch > 0 || folder.ensemble().exists());
            int ensembleEpoch = isTrained
                    ? Integer.MAX_VALUE
                    : folder.members().latest().map(Snapshots.Snapshot::epoch).orElse(0);
            return new RunPosition(ensembleEpoch, policyEpoch);
        }

        /** Bits differ between kernels, and so would what a task makes by the executor that it runs on. */
        private void requireOneKernel() {
            int executors = Math.max(1, 2 * context.defaultParallelism());
            Broadcast<RunPlan> shared = plan(config, "", "");
            context.setJobGroup("preflight", "preflight: kernels of the executors");
            Set<String> found = new TreeSet<>(
                    context.parallelize(IntStream.range(0, executors).boxed().toList(), executors)
                            .map(any -> RunPlan.fingerprint(shared.value().kernels()))
                            .collect());
            context.clearJobGroup();
            shared.destroy();
            found.add(RunPlan.fingerprint(kernels));
            if (found.size() > 1 && config.determinism() == Determinism.STRICT) {
                throw new IllegalArgumentException(
                        "driver and executors compute with different kernels, %s, so that the run could not be repeated; set kernels so that all have the same, or determinism = relaxed"
                                .formatted(found));
            }
        }

        /** Keeps a copy of a given ensemble, so that the run needs no other folder to go on; says whether it had none. */
        private boolean takeEnsemble() throws IOException {
            if (config.ensemble().trained().isEmpty()) {
                return false;
            }
            EnsembleFolder from = new EnsembleFolder(
                    folder.storage(), new Path(config.ensemble().trained()));
            if (folder.ensemble().exists() && !from.exists()) {
                return false;
            }
            Ensemble ensemble = requireFit(from.read(), from);
            if (!folder.ensemble().exists()) {
                folder.members().clear();
                folder.ensemble().write(ensemble);
                return true;
            } else if (!Arrays.equals(
                    EnsembleFolder.toBytes(ensemble),
                    EnsembleFolder.toBytes(folder.ensemble().read()))) {
                throw new IllegalArgumentException(
                        "%s: is another ensemble than that of the run in %s; leave it out to go on with that one, or begin a run in another folder"
                                .formatted(from.path(), folder.path()));
            }
            return false;
        }

        /** The ensemble that was trained before, or is now. */
        Ensemble ensemble() throws IOException {
            if (folder.ensemble().exists()) {
                // Left by a run that was killed when the ensemble had just been written.
                folder.members().clear();
                Ensemble ensemble = requireFit(folder.ensemble().read(), folder.ensemble());
                console.line(String.format(
                        Locale.ROOT,
                        "ensemble: %s, holdout error %.5f",
                        folder.ensemble().path(),
                        holdoutError(ensemble)));
                return ensemble;
            }
            long from = System.nanoTime();
            Ensemble ensemble = new EnsemblePhase(config, folder, trainer(), metrics, console).train(identity.data());
            double seconds = (System.nanoTime() - from) / 1e9;
            console.line(String.format(
                    Locale.ROOT,
                    "ensemble: trained in %s, holdout error %.5f (members %s)",
                    Numbers.duration(seconds),
                    holdoutError(ensemble),
                    Arrays.toString(ensemble.elites())));
            return ensemble;
        }

        private MemberTrainer trainer() throws IOException {
            EnsembleSettings settings = config.ensemble();
            return switch (settings.trainer()) {
                case CORE ->
                    new EnsembleJob(
                            context, settings, kernels, plan, Preparation.of(rows(), settings.config(), config.seed()));
                case DL4J_SPARK ->
                    new AveragingJob(context, settings, kernels, plan, dataset.manifest(), config.seed());
            };
        }

        /** Read by the first who needs them all, which is no trainer but the core. */
        private Transitions rows() throws IOException {
            if (rows == null) {
                rows = dataset.folder().read();
            }
            return rows;
        }

        private Ensemble requireFit(Ensemble ensemble, EnsembleFolder from) {
            if (!ensemble.task().name().equals(task.name())) {
                throw new IllegalArgumentException("%s: is an ensemble of %s, but task = %s"
                        .formatted(from.path(), ensemble.task().name(), task.name()));
            }
            if (!ensemble.datasetChecksum().equals(identity.data())) {
                throw new IllegalArgumentException(
                        "%s: was trained on another dataset than %s, or on one that was converted otherwise; train it again, or give the data it was trained on"
                                .formatted(from.path(), dataset.folder().path()));
            }
            return ensemble;
        }

        void checkPenalties(Ensemble ensemble) throws IOException {
            RolloutConfig rollout = config.rollout().config();
            penalties = PenaltyCheck.of(kernels, ensemble, rollout.penalty(), rows());
            penalties.ifPresent(found -> console.line(PenaltyCheck.line(found, rollout.penaltyCoefficient())));
        }

        /** Learns the policy, from the last checkpoint on. */
        void learn(Ensemble ensemble, int epochs) throws IOException {
            int done = last.map(Snapshots.Snapshot::epoch).orElse(0);
            if (done >= epochs) {
                console.line("policy: its %d epochs are done".formatted(done));
                return;
            }
            DatasetBuffer buffer = DatasetBuffer.of(rows());
            OfflineEvaluation offline = new OfflineEvaluation(config, kernels, ensemble, buffer, rows());
            // What the learner needs is in the buffer.
            rows = null;
            try (RolloutJob rollouts = new RolloutJob(context, config.rollout(), plan, ensemble);
                    PolicyTraining training = new PolicyTraining(config, kernels, buffer, identity.data(), rollouts)) {
                warnOfActorThatStops();
                if (last.isPresent()) {
                    training.restore(checkpoints, last.get());
                    console.line("policy: goes on after epoch " + done);
                }
                EvaluationJob evaluation = new EvaluationJob(
                        context, plan, task, config.evaluation().episodes(), config.seed());
                long from = System.nanoTime();
                for (int epoch = done + 1; epoch <= epochs; epoch++) {
                    double perEpoch =
                            epoch == done + 1 ? Double.NaN : (System.nanoTime() - from) / 1e9 / (epoch - done - 1);
                    EpochProgress progress = new EpochProgress(config, epoch, perEpoch, rollouts::shardsDone);
                    epoch(training, evaluation, offline, ensemble, epoch, epochs, progress);
                }
            }
        }

        private void warnOfActorThatStops() {
            long decay = config.learner().sac().actorDecayUpdates();
            if (decay > 0 && config.learner().updates() > decay) {
                console.line(
                        "warning: learner.actor-decay-updates = %d, after which the actor learns nothing; %d epochs have more updates, so begin another run for them"
                                .formatted(decay, config.learner().epochs()));
            }
        }

        private void epoch(
                PolicyTraining training,
                EvaluationJob evaluation,
                OfflineEvaluation offline,
                Ensemble ensemble,
                int epoch,
                int epochs,
                EpochProgress progress)
                throws IOException {
            Map<Metric, Double> values;
            boolean isEvaluated = config.evaluation().isDueAfter(epoch, epochs);
            Progress shown = console.progress(progress::line);
            try {
                values = new EnumMap<>(training.run(epoch, epoch == epochs, progress::updated));
                if (isEvaluated) {
                    progress.evaluates(config.evaluation().episodes());
                    long from = System.nanoTime();
                    putEvaluation(values, evaluation.run(training.policy(epoch), epoch));
                    if (epoch == epochs) {
                        progress.evaluatesOffline();
                        values.putAll(offline.run(training.policy(epoch).policy(kernels)));
                    }
                    values.put(Metric.EVALUATION_SECONDS, (System.nanoTime() - from) / 1e9);
                }
            } finally {
                shown.close();
            }
            values.put(Metric.HOLDOUT_ERROR, holdoutError(ensemble));
            EpochMetrics measured = new EpochMetrics(epoch, values);
            metrics.epochDone(measured);
            if (isEvaluated) {
                console.line(EpochProgress.summary(measured));
                EpochProgress.offline(measured).ifPresent(console::line);
            }
            if (config.checkpoint().isDueAfter(epoch, epochs)) {
                long from = System.nanoTime();
                save(training, epoch);
                metrics.epochDone(
                        new EpochMetrics(epoch, Map.of(Metric.CHECKPOINT_SECONDS, (System.nanoTime() - from) / 1e9)));
                writeReport(this, ensemble);
            }
        }

        private void save(PolicyTraining training, int epoch) throws IOException {
            folder.policy().write(training.policy(epoch));
            Map<String, Snapshots.Content> files = training.files();
            Set<String> kept = new TreeSet<>(
                    checkpoints.latest().map(Snapshots.Snapshot::names).orElse(Set.of()));
            // A round and the policy that made it never change.
            kept.retainAll(files.keySet());
            kept.removeIf(PolicyTraining::changes);
            files.keySet().removeAll(kept);
            checkpoints.write(epoch, files, kept);
        }

        @Override
        public void close() throws IOException {
            metrics.close();
            plan.destroy();
        }
    }

    private static void putEvaluation(Map<Metric, Double> values, Evaluation evaluation) {
        double[] returns = evaluation.returns();
        values.put(Metric.RETURN_MEAN, evaluation.meanReturn());
        values.put(Metric.RETURN_STD, evaluation.returnStd());
        values.put(Metric.RETURN_MIN, Arrays.stream(returns).min().orElse(Double.NaN));
        values.put(Metric.RETURN_MAX, Arrays.stream(returns).max().orElse(Double.NaN));
        values.put(Metric.SCORE_MEAN, evaluation.score());
        values.put(Metric.SCORE_STD, evaluation.scoreStd());
        values.put(Metric.EPISODE_LENGTH_MEAN, evaluation.meanLength());
    }

    private static double holdoutError(Ensemble ensemble) {
        return Arrays.stream(ensemble.elites())
                .mapToDouble(elite -> ensemble.holdoutErrors()[elite])
                .average()
                .orElse(Double.NaN);
    }

    private Evaluations writeReport(Started started, Ensemble ensemble) throws IOException {
        RunMetrics measured = RunMetrics.read(folder.storage(), folder.path());
        List<String> sentences = folder.retries(retries.sentences());
        sentences.addAll(started.metrics.failures());
        TrainingSummary summary = new TrainingSummary(
                task.name(),
                folder.path().toString(),
                new TrainingSummary.Dataset(
                        started.dataset.name(),
                        started.dataset.folder().path().toString(),
                        started.dataset.manifest().rows(),
                        started.dataset.sources()),
                measured,
                Arrays.stream(ensemble.elites()).boxed().toList(),
                started.penalties,
                folder.seconds(),
                sentences,
                config.render(),
                versions(started.kernels),
                command);
        folder.storage().replace(folder.report(), TrainingReport.of(summary).getBytes(StandardCharsets.UTF_8));
        return Evaluations.of(measured.epochs());
    }

    private Map<String, String> versions(Kernels kernels) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("mopo-spark", version());
        versions.put("Spark", context.version());
        versions.put("Java", Runtime.version().toString());
        versions.put("kernels", kernels.description());
        return versions;
    }

    private static String version() {
        String own = TrainJob.class.getPackage().getImplementationVersion();
        return own == null ? "not from a jar" : own;
    }
}

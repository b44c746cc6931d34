package io.github.mopospark.metrics;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.runs.RunFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.mlflow.api.proto.Service;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * Tells an MLflow tracking server of a run: its configuration as parameters, what is measured as metrics whose step is the epoch,
 * and at its end, however it ends, the report, the CSV files, the configuration and the policy as artifacts. A run that goes on
 * is told to the same run of the server; of an epoch that is done again there both values stand, since MLflow deletes none.
 *
 * <p>A thread of its own speaks to the server, so that none of this holds the training up: what comes while the server is busy
 * waits and goes with the next request. A request that fails is tried again for a while. A server that is away for longer, or
 * refuses something, or lets too much wait, ends the sink: the next call throws. At its end a run waits for the server once, for a
 * bounded time.
 */
public final class MlflowSink implements MetricSink {
    /** What a server, or what stands before it, answers when it has too much to do: request timeout, too many requests. */
    private static final Set<Integer> BUSY = Set.of(408, 429);

    /** Some thousands of epochs. */
    static final int MOST_WAITING = 100_000;

    /**
     * How long the server is waited for.
     *
     * @param retries how long until a request that failed is tried again, and again
     * @param end how long the end of a run may take
     */
    record Patience(List<Duration> retries, Duration end) {
        static final Patience USUAL = new Patience(
                List.of(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2)),
                Duration.ofMinutes(1));
    }

    /** What is done in the thread of the sink. */
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private final RunConfig config;
    private final RunFolder folder;
    private final Map<String, String> tags;
    private final Patience patience;
    private final BasicMlflowHostCreds server;
    private final MlflowClient client;
    private final BlockingQueue<Service.Metric> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService sender;
    /** Of the sender's thread. */
    private MlflowRun run;

    /** The first: the others follow from it. */
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private boolean isDone;
    private boolean isClosed;

    /**
     * Begins to tell of a run. Does not wait for the server.
     *
     * @param config the run's configuration, which names the server
     * @param folder the run's folder
     * @param tags what the run is marked with besides
     * @param environment the environment's variables: who is asking
     */
    public MlflowSink(RunConfig config, RunFolder folder, Map<String, String> tags, Map<String, String> environment) {
        this(config, folder, tags, environment, Patience.USUAL);
    }

    MlflowSink(
            RunConfig config,
            RunFolder folder,
            Map<String, String> tags,
            Map<String, String> environment,
            Patience patience) {
        this.config = Objects.requireNonNull(config, "config");
        this.folder = Objects.requireNonNull(folder, "folder");
        this.tags = Map.copyOf(tags);
        this.patience = Objects.requireNonNull(patience, "patience");
        server = new BasicMlflowHostCreds(
                config.tracking().uri(),
                environment.get("MLFLOW_TRACKING_USERNAME"),
                environment.get("MLFLOW_TRACKING_PASSWORD"),
                environment.get("MLFLOW_TRACKING_TOKEN"),
                false);
        client = new MlflowClient(server);
        sender = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "mlflow " + folder.path().getName());
            // A server that hangs must not keep the JVM from its end.
            thread.setDaemon(true);
            return thread;
        });
        execute(this::begin);
    }

    @Override
    public void epochDone(EpochMetrics metrics) throws IOException {
        List<Service.Metric> told = new ArrayList<>();
        metrics.values().forEach((metric, value) -> told.add(metric(metric.tag(), value, metrics.epoch())));
        tell(told);
    }

    @Override
    public void membersTrained(List<MemberEpoch> epochs) throws IOException {
        List<Service.Metric> told = new ArrayList<>();
        for (MemberEpoch epoch : epochs) {
            String member = "ensemble/member-" + epoch.member() + "/";
            if (!Double.isNaN(epoch.loss())) {
                told.add(metric(member + "loss", epoch.loss(), epoch.epoch()));
            }
            told.add(metric(member + "holdout_error", epoch.holdoutError(), epoch.epoch()));
        }
        tell(told);
    }

    private static Service.Metric metric(String key, double value, int epoch) {
        return Service.Metric.newBuilder()
                .setKey(key)
                .setValue(value)
                .setTimestamp(System.currentTimeMillis())
                .setStep(epoch)
                .build();
    }

    private void tell(List<Service.Metric> metrics) throws IOException {
        requireGoing();
        for (Service.Metric metric : metrics) {
            if (!waiting.offer(metric)) {
                fail(new IOException("it is so slow that %,d values wait for it".formatted(MOST_WAITING)));
                requireGoing();
            }
        }
        execute(this::send);
    }

    private void requireGoing() throws IOException {
        Exception cause = failure.get();
        if (cause != null) {
            throw new IOException(
                    "the MLflow server %s: %s".formatted(config.tracking().uri(), cause.getMessage()), cause);
        }
    }

    private void fail(Exception cause) {
        failure.compareAndSet(null, cause);
    }

    @Override
    public void runDone() throws IOException {
        requireGoing();
        isDone = true;
    }

    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (failure.get() != null) {
            abandon();
            requireGoing();
        }
        RunStatus status = isDone ? RunStatus.FINISHED : RunStatus.FAILED;
        execute(() -> end(status));
        sender.shutdown();
        closing.countDown();
        try {
            if (!sender.awaitTermination(patience.end().toMillis(), TimeUnit.MILLISECONDS)) {
                fail(new IOException("it did not take the end of the run within %d s"
                        .formatted(patience.end().toSeconds())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new IOException("the run was interrupted before it had taken its end", e));
        } finally {
            abandon();
        }
        requireGoing();
    }

    /** Breaks the connection, which also ends a request that hangs. */
    private void abandon() {
        sender.shutdownNow();
        client.close();
    }

    private void execute(Step step) {
        sender.execute(() -> {
            if (failure.get() != null) {
                return;
            }
            try {
                step.run();
            } catch (IOException | RuntimeException e) {
                fail(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(e);
            }
        });
    }

    private void begin() throws IOException, InterruptedException {
        persistently(() -> run = MlflowRun.of(client, config.tracking().experiment(), folder, tags));
        persistently(() -> run.logParameters(config.settings()));
    }

    /** All that waits, in as few requests as it fits into. */
    private void send() throws IOException, InterruptedException {
        List<Service.Metric> batch = new ArrayList<>();
        while (waiting.drainTo(batch, MlflowRun.MOST_METRICS) > 0) {
            persistently(() -> run.logMetrics(batch));
            batch.clear();
        }
    }

    /** A server that was restarted is there again soon; what it refuses it will refuse again. */
    private void persistently(Step step) throws IOException, InterruptedException {
        for (Duration delay : patience.retries()) {
            try {
                step.run();
                return;
            } catch (MlflowHttpException e) {
                if (e.getStatusCode() < 500 && !BUSY.contains(e.getStatusCode())) {
                    throw e;
                }
            } catch (MlflowClientException e) {
                if (failure.get() != null) {
                    // The end of the run is not waited for any more.
                    throw e;
                }
            }
            // A run that ends tries at once.
            closing.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        }
        step.run();
    }

    private void end(RunStatus status) throws IOException, InterruptedException {
        send();
        try {
            sendFiles();
        } finally {
            // Also of a run whose files the server does not take.
            persistently(() -> run.end(status));
        }
    }

    private void sendFiles() throws IOException, InterruptedException {
        MlflowArtifacts artifacts = new MlflowArtifacts(server, run.artifactLocation());
        for (Path file : files()) {
            byte[] content;
            try {
                content = folder.storage().readFully(file);
            } catch (FileNotFoundException e) {
                // A run that failed early has no report.
                continue;
            }
            String name = folder.path().toUri().relativize(file.toUri()).getPath();
            artifacts.put(name, content);
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(List.of(
                folder.report(),
                new Path(folder.path(), RunFolder.CONFIGURATION),
                new Path(folder.path(), CsvSink.METRICS),
                new Path(folder.path(), CsvSink.ENSEMBLE)));
        Path policy = folder.policy().path();
        try {
            for (FileStatus file : folder.storage().of(policy).listStatus(policy)) {
                files.add(file.getPath());
            }
        } catch (FileNotFoundException e) {
            // A run of the ensemble alone.
            return files;
        }
        return files;
    }
}

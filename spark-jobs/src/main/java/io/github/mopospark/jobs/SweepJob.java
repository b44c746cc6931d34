package io.github.mopospark.jobs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.SweepConfig;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.SweepFolder;
import io.github.mopospark.runs.SweepJournal;
import io.github.mopospark.runs.SweepJournal.Entry;
import io.github.mopospark.runs.SweepJournal.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs the trials of a sweep in one application of Spark, some at a time. Those on the same data with the same seed and the same
 * settings of the ensemble share one, which the first of them trains. A trial that fails is tried once more, and does not end the
 * sweep; a sweep that was broken off goes on where its journal and its trials' checkpoints say.
 */
public final class SweepJob {
    private static final int MOST_ATTEMPTS = 2;
    private static final int KEY_LENGTH = 16;
    private static final int CORES_OF_A_LEARNER = 2;

    private final JavaSparkContext context;
    private final SweepConfig sweep;
    private final SweepFolder folder;
    private final RunConsole console;
    private final String command;
    /** By their keys: whoever holds one trains it, and others wait. */
    private final Map<String, Object> ensembles = new HashMap<>();

    private SweepJournal journal;

    /**
     * A sweep.
     *
     * @param context Spark's
     * @param sweep what is to be done
     * @param folder takes it; a sweep in it is gone on with
     * @param console is told how it goes
     * @param command what starts the same sweep, for the reports
     */
    public SweepJob(
            JavaSparkContext context, SweepConfig sweep, SweepFolder folder, RunConsole console, String command) {
        this.context = Objects.requireNonNull(context, "context");
        this.sweep = Objects.requireNonNull(sweep, "sweep");
        this.folder = Objects.requireNonNull(folder, "folder");
        this.console = Objects.requireNonNull(console, "console");
        this.command = Objects.requireNonNull(command, "command");
    }

    /**
     * Runs all trials that are not done yet.
     *
     * @return what has become of all of them
     * @throws IOException if the journal cannot be read or written
     */
    public SweepJournal run() throws IOException {
        begin();
        ExecutorService drivers = Executors.newFixedThreadPool(trialsAtOnce());
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (Trial trial : sweep.trials()) {
                if (entry(trial).status() != Status.DONE) {
                    futures.add(drivers.submit(() -> tryTrial(trial)));
                }
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the sweep was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException cause) {
                throw cause.getCause();
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            drivers.shutdownNow();
        }
        return journal;
    }

    /** A learner keeps two cores of the driver busy. */
    private int trialsAtOnce() {
        return sweep.trialsAtOnce() > 0
                ? sweep.trialsAtOnce()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_OF_A_LEARNER);
    }

    /** Trials that were done stay so; a sweep to which some were added has these besides. */
    private void begin() throws IOException {
        SweepJournal before = folder.journal().orElse(SweepJournal.of(List.of()));
        journal = SweepJournal.of(sweep.trials().stream().map(Trial::name).toList());
        for (Entry done : before.having(Status.DONE)) {
            journal = journal.with(done);
        }
        folder.write(journal);
    }

    private synchronized Entry entry(Trial trial) {
        return journal.trials().stream()
                .filter(entry -> entry.name().equals(trial.name()))
                .findFirst()
                .orElseThrow();
    }

    private synchronized void tell(Entry entry) {
        journal = journal.with(entry);
        try {
            folder.write(journal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tryTrial(Trial trial) {
        String reason = "";
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            tell(new Entry(trial.name(), Status.RUNNING, attempt, reason));
            try {
                run(trial);
                tell(new Entry(trial.name(), Status.DONE, attempt, reason));
                return;
            } catch (Exception e) {
                // Of Spark's checked exceptions too, which its methods do not declare.
                requireGoing(e);
                reason = String.valueOf(e.getMessage() == null ? e : e.getMessage());
                console.line("%s: failed, attempt %d (%s)".formatted(trial.name(), attempt, reason));
            }
        }
        tell(new Entry(trial.name(), Status.FAILED, MOST_ATTEMPTS, reason));
    }

    /** What fails because all is being stopped is no failure of a trial. */
    private void requireGoing(Exception e) {
        if (context.sc().isStopped() || Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException(e);
        }
    }

    private void run(Trial trial) throws IOException {
        RunConsole told = console.of(trial.name());
        // Trials take turns at the executors, whichever came first.
        context.setLocalProperty("spark.scheduler.pool", trial.name());
        RunFolder run = folder.trial(trial.name());
        RunConfig config = withEnsemble(trial.config(), told);
        run.configuration()
                .ifPresent(begun -> begun.requireSame(
                        config, run.path().toString(), "give another --output, or the settings it was begun with"));
        new TrainJob(context, config, run, told, command).train();
    }

    /** The configuration with the ensemble that the trial shares, which is trained unless it is there. */
    private RunConfig withEnsemble(RunConfig config, RunConsole told) throws IOException {
        if (!config.ensemble().trained().isEmpty()) {
            return config;
        }
        String key = key(config);
        RunFolder shared = folder.ensemble(key);
        synchronized (lock(key)) {
            if (!shared.ensemble().exists()) {
                new TrainJob(context, config, shared, told, command).trainEnsemble();
            }
        }
        String data = shared.dataset().manifest().isPresent()
                ? shared.dataset().path().toString()
                : config.data();
        return ConfigReader.withOverrides(
                config,
                Map.of(
                        "data",
                        data,
                        "ensemble.trained",
                        shared.ensemble().path().toString()));
    }

    private Object lock(String key) {
        synchronized (ensembles) {
            return ensembles.computeIfAbsent(key, ignored -> new Object());
        }
    }

    /** The same for trials that can share an ensemble. */
    private static String key(RunConfig config) {
        byte[] text = (config.digest() + config.data()).getBytes(StandardCharsets.UTF_8);
        String digest = HexFormat.of().formatHex(Storage.sha256().digest(text));
        return "%s-seed%d-%s".formatted(config.task(), config.seed(), digest.substring(0, KEY_LENGTH));
    }
}

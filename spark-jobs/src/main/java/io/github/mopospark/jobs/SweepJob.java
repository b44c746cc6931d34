package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.SweepConfig;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.Snapshots;
import io.github.mopospark.runs.SweepFolder;
import io.github.mopospark.runs.SweepJournal;
import io.github.mopospark.runs.SweepJournal.Entry;
import io.github.mopospark.runs.SweepJournal.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the trials of a sweep in one application of Spark, some at a time. Those on the same data with the same seed and the same
 * settings of the ensemble share one, which the first of them trains. A trial that fails is tried once more, and does not end the
 * sweep; a sweep that was broken off goes on where its journal and its trials' checkpoints say.
 */
public final class SweepJob {
    /** How often a trial is tried in a start of the sweep. */
    static final int MOST_ATTEMPTS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);

    private final JavaSparkContext context;
    private final SweepConfig sweep;
    private final SweepFolder folder;
    private final RunConsole console;
    private final String command;
    private final SharedEnsembles ensembles;
    private final SweepResults results;

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
        ensembles = new SharedEnsembles(
                folder,
                sweep.ensembles(),
                (config, run, told) -> new TrainJob(context, config, run, told, command).trainEnsemble(),
                console);
        results = new SweepResults(sweep, folder, command);
    }

    /**
     * Runs all trials that are not done yet.
     *
     * @return what has become of all of them
     * @throws IllegalArgumentException if a trial was begun with other settings
     * @throws IOException if the journal cannot be read or written
     */
    public SweepJournal run() throws IOException {
        begin();
        int atOnce = sweep.trialsAtOnce() > 0
                ? sweep.trialsAtOnce()
                : TrialsAtOnce.most(context.getConf(), folder.storage(), sweep.trials());
        console.line(
                "sweep: %d trials, %d at a time, in %s".formatted(sweep.trials().size(), atOnce, folder.path()));
        ExecutorService drivers = Executors.newFixedThreadPool(atOnce);
        try {
            List<Trial> going = sweep.trials();
            if (sweep.halving().isPresent()) {
                TrialHalving halving = new TrialHalving(sweep.halving().get(), folder);
                for (int rung : halving.rungs(going)) {
                    going = halving.best(going, runAll(drivers, going, rung), rung);
                    tellStopped(going);
                }
            }
            runAll(drivers, going, Integer.MAX_VALUE);
        } finally {
            drivers.shutdownNow();
        }
        results.write(journal);
        return journal;
    }

    /** Trials that were done stay so; a sweep to which some were added has these besides. */
    private void begin() throws IOException {
        for (Trial trial : sweep.trials()) {
            RunFolder run = folder.trial(trial.name());
            run.configuration()
                    .ifPresent(begun -> begun.requireSame(
                            trial.config(),
                            run.path().toString(),
                            "give another --output, or the settings it was begun with"));
        }
        SweepJournal before = folder.journal().orElse(SweepJournal.of(List.of()));
        journal = SweepJournal.of(sweep.trials().stream().map(Trial::name).toList());
        for (Entry done : before.having(Status.DONE)) {
            journal = journal.with(done);
        }
        for (Trial trial : sweep.trials()) {
            if (journal.of(trial.name()).status() == Status.DONE
                    && !hasReached(trial, trial.config().learner().epochs())) {
                journal = journal.with(new Entry(trial.name(), Status.WAITING, 0, ""));
            }
        }
        folder.write(journal);
    }

    /** Whether a trial's run has done so many epochs, with its settings. */
    private boolean hasReached(Trial trial, int epochs) throws IOException {
        RunFolder run = folder.trial(trial.name());
        return run.isOf(trial.config())
                && run.checkpoints().latest().map(Snapshots.Snapshot::epoch).orElse(0) >= epochs;
    }

    /** Runs trials up to an epoch, and tells which of them have not failed. */
    private List<Trial> runAll(ExecutorService drivers, List<Trial> trials, int epochs) throws IOException {
        List<Future<?>> futures = new ArrayList<>();
        for (Trial trial : trials) {
            if (journal().of(trial.name()).status() != Status.DONE) {
                futures.add(drivers.submit(() -> tryTrial(trial, epochs)));
            }
        }
        try {
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
        }
        return trials.stream()
                .filter(trial -> journal().of(trial.name()).status() != Status.FAILED)
                .toList();
    }

    private void tellStopped(List<Trial> going) {
        for (Trial trial : sweep.trials()) {
            Entry entry = journal().of(trial.name());
            if (entry.status() == Status.WAITING && !going.contains(trial)) {
                tell(new Entry(trial.name(), Status.STOPPED, entry.attempts(), entry.reason()));
            }
        }
    }

    private synchronized SweepJournal journal() {
        return journal;
    }

    private synchronized void tell(Entry entry) {
        journal = journal.with(entry);
        try {
            folder.write(journal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (entry.status() != Status.RUNNING) {
            writeResultsSoFar();
        }
    }

    /** What cannot be written now is with the next trial that ends, and fails none. */
    private void writeResultsSoFar() {
        try {
            results.write(journal);
        } catch (IOException | RuntimeException e) {
            LOG.warn("the table and the report of the sweep could not be written: {}", e.toString(), e);
        }
    }

    private void tryTrial(Trial trial, int mostEpochs) {
        int all = trial.config().learner().epochs();
        int epochs = Math.min(all, mostEpochs);
        String reason = "";
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            try {
                if (epochs == all || !hasReached(trial, epochs)) {
                    tell(new Entry(trial.name(), Status.RUNNING, attempt, reason));
                    run(trial, epochs);
                }
                tell(new Entry(trial.name(), epochs == all ? Status.DONE : Status.WAITING, attempt, reason));
                return;
            } catch (Exception | LinkageError | OutOfMemoryError e) {
                // Also Spark's checked exceptions, which its methods do not declare, and what only this trial's
                // settings ask for.
                requireGoing(e);
                LOG.warn("{} failed", trial.name(), e);
                reason = reason(e);
                console.line("%s: failed, attempt %d (%s)".formatted(trial.name(), attempt, reason));
            }
        }
        tell(new Entry(trial.name(), Status.FAILED, MOST_ATTEMPTS, reason));
    }

    /** A line: what failed, and what that came from, where it is not told already. */
    static String reason(Throwable failure) {
        List<String> reasons = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
            String line = message.strip().lines().findFirst().orElse(cause.toString());
            if (reasons.stream().noneMatch(told -> told.contains(line))) {
                reasons.add(line);
            }
        }
        return String.join("; ", reasons);
    }

    /** What fails because all is being stopped is no failure of a trial. */
    private void requireGoing(Throwable e) {
        if (context.sc().isStopped() || Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException(e);
        }
    }

    private void run(Trial trial, int epochs) throws IOException {
        RunConsole told = console.of(trial.name());
        // Trials take turns at the executors, whichever came first.
        context.setLocalProperty("spark.scheduler.pool", trial.name());
        RunConfig config = ensembles.sharing(trial.config(), told);
        new TrainJob(context, config, folder.trial(trial.name()), told, command).train(epochs);
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.configuration.SweepConfig;
import io.github.mopospark.configuration.SweepReader;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.jobs.SweepJob;
import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.SweepFolder;
import io.github.mopospark.runs.SweepJournal;
import io.github.mopospark.runs.SweepJournal.Entry;
import io.github.mopospark.runs.SweepJournal.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains policies with many settings. */
@Command(
        name = "sweep",
        description =
                "Trains policies with all combinations of settings, in one application of Spark. Trials on the same data with"
                        + " the same seed share an ensemble. The same command again goes on where it was broken off.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "mopo sweep --config conf/sweep/demo.conf --output sweeps/demo",
            "mopo sweep --status sweeps/demo",
            "",
            "Exits with 0 when all trials are done; with 3 when some have failed and the others are done; with 2 when the"
                    + " arguments do not fit; with 1 when something else fails."
        })
final class SweepCommand implements Callable<Integer> {
    private static final int SOME_FAILED = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "URI", description = "The sweep, such as conf/sweep/paper.conf.")
    private String config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the configuration of all trials, whatever the sweep says. Can be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--output",
            paramLabel = "URI",
            description = "The sweep's folder: takes the journal, and a run's folder for each ensemble and each trial.")
    private String output;

    @Option(names = "--status", paramLabel = "URI", description = "Tells how far the sweep in this folder is.")
    private String status;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Storage storage = new Storage(spark.hadoop());
        if (status != null) {
            SweepFolder folder = folder(storage, "--status", status);
            SweepJournal journal = folder.journal()
                    .orElseThrow(
                            () -> new IllegalArgumentException("--status: %s holds no sweep".formatted(folder.path())));
            tell(out, storage, folder, journal);
            return ExitCode.OK;
        }
        if (config == null || output == null) {
            throw new IllegalArgumentException("give --config and --output, or --status");
        }
        SweepConfig sweep = read(storage);
        SweepFolder folder = folder(storage, "--output", output);
        try {
            new RunFolder(storage, folder.path()).tryToWrite();
        } catch (IOException e) {
            throw RunOptions.unusable("--output", output, e);
        }
        if (folder.journal().isEmpty()
                && new RunFolder(storage, folder.path()).configuration().isPresent()) {
            throw new IllegalArgumentException(
                    "--output: %s holds a run, whose report would be replaced; give another folder"
                            .formatted(folder.path()));
        }
        SparkConf conf = spark.conf("mopo sweep");
        // Trials take turns; with Spark's usual order the first would have all executors.
        conf.setIfMissing("spark.scheduler.mode", "FAIR");
        SweepJournal journal;
        try (JavaSparkContext context = spark.start(conf)) {
            journal = new SweepJob(context, sweep, folder, RunOptions.console(spec), SparkOptions.commandLine(spec))
                    .run();
        }
        tell(out, storage, folder, journal);
        return journal.having(Status.FAILED).isEmpty() ? ExitCode.OK : SOME_FAILED;
    }

    private SweepConfig read(Storage storage) {
        try {
            return new SweepReader(storage).read(RunOptions.onThisMachine(new Path(config)), settings);
        } catch (IOException e) {
            throw RunOptions.unusable("--config", config, e);
        }
    }

    private static SweepFolder folder(Storage storage, String option, String uri) {
        try {
            return new SweepFolder(storage, new Path(uri));
        } catch (IOException e) {
            throw RunOptions.unusable(option, uri, e);
        }
    }

    /** A line a trial: how far it is, and what it has reached. */
    private static void tell(PrintWriter out, Storage storage, SweepFolder folder, SweepJournal journal)
            throws IOException {
        for (Entry trial : journal.trials()) {
            RunMetrics measured =
                    RunMetrics.read(storage, folder.trial(trial.name()).path());
            Evaluations evaluations = Evaluations.of(measured.epochs());
            String reached = evaluations
                    .last()
                    .map(last -> String.format(
                            Locale.ROOT,
                            ", epoch %d: %s %.1f, mean of the last %d %.1f",
                            last.epoch(),
                            evaluations.measure().column(),
                            last.get(evaluations.measure()),
                            evaluations.averaged(),
                            evaluations.meanOfLast()))
                    .orElse("");
            String reason = trial.status() == Status.FAILED ? " (" + trial.reason() + ")" : "";
            out.printf("%s: %s%s%s%n", trial.name(), trial.status().word(), reached, reason);
        }
        int failed = journal.having(Status.FAILED).size();
        int stopped = journal.having(Status.STOPPED).size();
        out.printf(
                "%d of %d trials are done%s%s%n",
                journal.having(Status.DONE).size(),
                journal.trials().size(),
                stopped == 0 ? "" : ", %d stopped early".formatted(stopped),
                failed == 0 ? "" : ", %d failed".formatted(failed));
        out.printf("table: %s%n", folder.table());
        out.printf("report: %s%n", folder.report());
        out.flush();
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.jobs.Preflight;
import io.github.mopospark.jobs.TrainJob;
import io.github.mopospark.metrics.CsvSink;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
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

/** Trains a policy from logged transitions. */
@Command(
        name = "train",
        description =
                "Trains a policy from logged transitions: converts them if they are HDF5, trains the ensemble, then the"
                        + " policy, and scores it in MuJoCo.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "mopo train --config conf/demo.conf --output runs/demo",
            "mopo train --resume --output runs/demo",
            "",
            RunOptions.EXIT_CODES
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--ensemble",
            paramLabel = "URI",
            description = "Takes a trained ensemble, the folder ensemble of another run, and trains none.")
    private String ensemble;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        options.takeEnsemble(ensemble);
        RunOptions.Run run = options.run(spark.hadoop());
        SparkConf conf = spark.conf("mopo train " + run.config().task());
        Preflight preflight = new Preflight(conf, run.config(), run.folder(), true);
        if (options.look(preflight, out)) {
            return ExitCode.OK;
        }
        try (JavaSparkContext context = spark.start(conf)) {
            preflight.warning(context).ifPresent(out::println);
            Evaluations evaluations = new TrainJob(
                            context,
                            run.config(),
                            run.folder(),
                            RunOptions.console(spec),
                            SparkOptions.commandLine(spec))
                    .train();
            report(out, run, evaluations);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void report(PrintWriter out, RunOptions.Run run, Evaluations evaluations) throws IOException {
        double last = value(evaluations, evaluations.last());
        double best = value(evaluations, evaluations.best());
        out.printf(
                Locale.ROOT,
                "%s: last %.1f, mean of the last %d %.1f, best %.1f (epoch %d)%n",
                evaluations.measure().column(),
                last,
                evaluations.averaged(),
                evaluations.meanOfLast(),
                best,
                evaluations.best().map(EpochMetrics::epoch).orElse(0));
        out.printf("ensemble: %s%n", run.folder().ensemble().path());
        out.printf("policy: %s%n", run.folder().policy().path());
        out.printf("metrics: %s%n", new Path(run.folder().path(), CsvSink.METRICS));
        out.printf("tensorboard: %s%n", run.folder().tensorboard());
        out.printf("report: %s%n", run.folder().report());
    }

    private static double value(Evaluations evaluations, Optional<EpochMetrics> epoch) {
        return epoch.map(found -> found.get(evaluations.measure())).orElse(Double.NaN);
    }
}

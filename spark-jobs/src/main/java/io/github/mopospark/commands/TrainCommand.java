package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.jobs.TrainJob;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
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
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SparkOptions spark;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--ensemble",
            paramLabel = "URI",
            description = "A trained ensemble, as train-ensemble leaves it in ensemble, to be used as it is.")
    private String ensemble;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        RunOptions.Run run = options.run(spark.hadoop());
        try (JavaSparkContext context = spark.start("mopo train " + run.config().task())) {
            Storage storage = run.folder().storage();
            Optional<EnsembleFolder> trained =
                    ensemble == null ? Optional.empty() : Optional.of(new EnsembleFolder(storage, new Path(ensemble)));
            Evaluations evaluations = new TrainJob(
                            context,
                            run.config(),
                            run.folder(),
                            trained,
                            RunOptions.console(spec),
                            SparkOptions.commandLine(spec))
                    .train();
            report(out, run, evaluations);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void report(PrintWriter out, RunOptions.Run run, Evaluations evaluations) {
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
        out.printf("policy: %s%n", run.folder().path().suffix("/policy"));
        out.printf("report: %s%n", run.folder().report());
    }

    private static double value(Evaluations evaluations, Optional<EpochMetrics> epoch) {
        return epoch.map(found -> found.get(evaluations.measure())).orElse(Double.NaN);
    }
}

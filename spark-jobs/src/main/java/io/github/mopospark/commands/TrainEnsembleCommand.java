package io.github.mopospark.commands;

import io.github.mopospark.jobs.Preflight;
import io.github.mopospark.jobs.TrainJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains the dynamics models alone. */
@Command(
        name = "train-ensemble",
        description = "Trains the ensemble of dynamics models alone; mopo train --resume goes on with the policy, or"
                + " mopo train --ensemble takes it for another run.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "mopo train-ensemble --config conf/demo.conf --output runs/demo",
            "mopo train --resume --output runs/demo",
            "",
            RunOptions.EXIT_CODES
        })
final class TrainEnsembleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        RunOptions.Run run = options.run(spark.hadoop());
        SparkConf conf = spark.conf("mopo train-ensemble " + run.config().task());
        Preflight preflight = new Preflight(conf, run.config(), run.folder(), false);
        if (options.look(preflight, out)) {
            return ExitCode.OK;
        }
        try (JavaSparkContext context = spark.start(conf)) {
            preflight.warning(context).ifPresent(out::println);
            new TrainJob(context, run.config(), run.folder(), RunOptions.console(spec), SparkOptions.commandLine(spec))
                    .trainEnsemble();
        }
        out.printf("ensemble: %s%n", run.folder().ensemble().path());
        out.printf("report: %s%n", run.folder().report());
        out.flush();
        return ExitCode.OK;
    }
}

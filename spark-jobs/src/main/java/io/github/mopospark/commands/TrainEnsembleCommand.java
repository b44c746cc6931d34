package io.github.mopospark.commands;

import io.github.mopospark.jobs.TrainJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        mixinStandardHelpOptions = true)
final class TrainEnsembleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SparkOptions spark;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        RunOptions.Run run = options.run(spark.hadoop());
        try (JavaSparkContext context =
                spark.start("mopo train-ensemble " + run.config().task())) {
            new TrainJob(
                            context,
                            run.config(),
                            run.folder(),
                            Optional.empty(),
                            RunOptions.console(spec),
                            SparkOptions.commandLine(spec))
                    .trainEnsemble();
        }
        out.printf("ensemble: %s%n", run.folder().path().suffix("/ensemble"));
        out.printf("report: %s%n", run.folder().report());
        out.flush();
        return ExitCode.OK;
    }
}

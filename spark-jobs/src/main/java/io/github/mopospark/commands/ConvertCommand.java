package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.preparation.Boundary;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.jobs.ConvertJob;
import io.github.mopospark.jobs.ConvertOptions;
import io.github.mopospark.reports.DatasetFindings;
import io.github.mopospark.reports.Finding;
import io.github.mopospark.tasks.JumpReward;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Converts D4RL and Minari files to Parquet datasets. */
@Command(
        name = "convert",
        description = "Converts D4RL and Minari HDF5 files to Parquet datasets, in one Spark job.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SparkOptions spark;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description =
                    "A file or a quoted pattern, as in 'data/*.hdf5', on any file system of Hadoop. Can be repeated.")
    private List<String> inputs;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "URI",
            description =
                    "The folder that takes a dataset for each file, named like it; with --merge the dataset itself.")
    private String output;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description =
                    "The task of the data, see mopo tasks; none for another. Taken from the file's name if not given.")
    private String task;

    @Option(
            names = "--boundary",
            defaultValue = "flags",
            paramLabel = "RULE",
            description =
                    "What ends an episode besides a terminal row: flags (the file's timeouts), discontinuity (a next"
                            + " observation that is not the next row's), fixed:N (every N steps), or legacy-d4rl (the rows of D4RL's"
                            + " qlearning_dataset).")
    private String boundary;

    @Option(
            names = "--relabel",
            paramLabel = "TASK",
            description = "Recompute the rewards for halfcheetah-jump or ant-angle.")
    private String relabel;

    @Option(
            names = "--speed-cap",
            defaultValue = "min",
            paramLabel = "min|max",
            description =
                    "How halfcheetah-jump caps the speed at 3: as the paper's text has it (min) or its formula (max).")
    private JumpReward.SpeedCap speedCap;

    @Option(
            names = "--drop-nonfinite",
            description = "Leave out rows with a NaN or infinite number instead of refusing the file.")
    private boolean dropNonfinite;

    @Option(names = "--merge", description = "Make one dataset of all files, in the order of their paths.")
    private boolean merge;

    @Option(names = "--max-episodes", paramLabel = "N", description = "Take the first N episodes only.")
    private Long maxEpisodes;

    @Option(
            names = "--top-fraction",
            paramLabel = "F",
            description = "Of these, keep the share F with the highest returns.")
    private Double topFraction;

    @Option(names = "--sample", paramLabel = "N", description = "Of their rows, keep N drawn at random.")
    private Long sample;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Of the draw.")
    private long seed;

    @Option(
            names = "--slices",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Into how many slices a file is cut, each of at least 10,000 rows; 0 for one every 250,000 rows. The rows are the"
                            + " same.")
    private int slices;

    @Option(names = "--overwrite", description = "Convert again, and replace the dataset that is there.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        ConvertOptions options = new ConvertOptions(
                inputs,
                output,
                task,
                new Preparation(Boundary.parse(boundary), relabel, speedCap, dropNonfinite),
                merge,
                maxEpisodes,
                topFraction,
                sample,
                seed,
                slices,
                overwrite);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        int refused = 0;
        try (JavaSparkContext context = spark.start("mopo convert")) {
            List<ConvertJob.Result> results =
                    new ConvertJob(context, options, err, Boolean.getBoolean("mopo.terminal")).run();
            for (ConvertJob.Result result : results) {
                if (result instanceof ConvertJob.Converted converted) {
                    report(out, converted.manifest(), converted.uri(), "converted");
                } else if (result instanceof ConvertJob.UpToDate same) {
                    report(out, same.manifest(), same.uri(), "up to date");
                } else if (result instanceof ConvertJob.Refused wrong) {
                    err.println("mopo convert: " + wrong.reason());
                    refused++;
                }
            }
            if (refused > 0 && results.size() > 1) {
                err.printf("mopo convert: %d of %d could not be converted%n", refused, results.size());
            }
        }
        out.flush();
        err.flush();
        return refused == 0 ? ExitCode.OK : ExitCode.USAGE;
    }

    private static void report(PrintWriter out, Manifest manifest, String uri, String what) {
        Manifest.Statistics statistics = manifest.statistics();
        double[] returns = statistics.episodeReturns();
        out.printf(
                Locale.ROOT,
                "%s: %s; %s, %,d rows, %,d episodes, mean return %.1f%s, %.1f MB%n",
                uri,
                what,
                manifest.task() == null ? "no known task" : manifest.task(),
                manifest.rows(),
                returns.length,
                Arrays.stream(returns).average().orElse(0),
                statistics.normalisedScore() == null
                        ? ""
                        : String.format(Locale.ROOT, " (score %.1f)", statistics.normalisedScore()),
                manifest.parts().stream().mapToLong(Manifest.Part::bytes).sum() / 1e6);
        for (Finding finding : DatasetFindings.of(manifest)) {
            if (finding.isWarning()) {
                out.println("  " + finding.what());
            }
        }
        for (Manifest.Source source : manifest.sources()) {
            if (!source.skippedKeys().isEmpty()) {
                out.println("  not converted: " + String.join(", ", source.skippedKeys()));
            }
        }
    }
}

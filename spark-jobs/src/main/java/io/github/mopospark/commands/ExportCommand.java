package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.export.Export;
import io.github.mopospark.conversion.export.ExportFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a Parquet dataset back to HDF5. */
@Command(
        name = "export",
        description = "Writes a Parquet dataset back to an HDF5 file in D4RL's or Minari's layout.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "URI",
            description = "The folder of the dataset, on any file system of Hadoop.")
    private String input;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "d4rl|minari",
            description =
                    "d4rl: one dataset a column; without next_observations where rows lack one and it can be inferred"
                            + " for the others. minari: a group for each episode.")
    private ExportFormat format;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "The HDF5 file to write, on any file system of Hadoop.")
    private String output;

    @Option(
            names = "--drop-incomplete",
            description = "Leave out rows without a next observation, terminal ones too. The row before each becomes a"
                    + " timeout.")
    private boolean dropIncomplete;

    @Option(names = "--overwrite", description = "Replace an existing file.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        Storage storage = new Storage(new Configuration());
        DatasetFolder dataset = new DatasetFolder(storage, new Path(input));
        Export.Result result = new Export(storage, format, dropIncomplete, overwrite).run(dataset, new Path(output));
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: exported; %,d rows, %,d episodes, %.1f MB%s%n",
                result.uri(),
                result.rows(),
                result.episodes(),
                result.bytes() / 1e6,
                result.leftOut() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; %,d rows left out, %,d of them terminal",
                                result.leftOut(),
                                result.terminalsLeftOut()));
        out.flush();
        return ExitCode.OK;
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.export.Export;
import io.github.mopospark.conversion.export.ExportFormat;
import io.github.mopospark.conversion.export.OutputFile;
import io.github.mopospark.policy.OnnxModel;
import io.github.mopospark.policy.SavedPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a Parquet dataset back to HDF5, or a saved policy as an ONNX model. */
@Command(
        name = "export",
        description = "Writes a dataset or a policy to a file that other programs read.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortSynopsis = false)
final class ExportCommand implements Callable<Integer> {
    private enum Format {
        D4RL,
        MINARI,
        ONNX
    }

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "d4rl|minari|onnx",
            description = {
                "d4rl, of a dataset: HDF5, one dataset a column; without next_observations where rows lack one and it can be"
                        + " inferred for the others.",
                "minari, of a dataset: HDF5, a group for each episode.",
                "onnx, of a policy: from observation, float [batch, observations], to action, float [batch, actions], the"
                        + " most likely actions."
            })
    private Format format;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "The file to write, on any file system of Hadoop.")
    private String output;

    @Option(
            names = "--drop-incomplete",
            description =
                    "Of a dataset: leave out rows without a next observation, terminal ones too. The row before each becomes a"
                            + " timeout.")
    private boolean dropIncomplete;

    @Option(names = "--overwrite", description = "Replace an existing file.")
    private boolean overwrite;

    /** What is exported. */
    private static final class Source {
        @Option(
                names = "--input",
                required = true,
                paramLabel = "URI",
                description = "The folder of a dataset, on any file system of Hadoop.")
        private String input;

        @Option(
                names = "--policy",
                required = true,
                paramLabel = "URI",
                description = "The folder of a saved policy, on any file system of Hadoop.")
        private String policy;
    }

    @Override
    public Integer call() throws IOException {
        boolean isPolicy = source.policy != null;
        if (isPolicy != (format == Format.ONNX)) {
            throw new IllegalArgumentException(
                    isPolicy
                            ? "--format must be onnx for --policy; d4rl and minari are for datasets, given by --input"
                            : "--format must be d4rl or minari for --input; onnx is for policies, given by --policy");
        }
        if (isPolicy && dropIncomplete) {
            throw new IllegalArgumentException("--drop-incomplete belongs to --input; a policy has no rows");
        }
        Storage storage = new Storage(new Configuration());
        PrintWriter out = spec.commandLine().getOut();
        out.println(isPolicy ? exportPolicy(storage) : exportDataset(storage));
        out.flush();
        return ExitCode.OK;
    }

    private String exportDataset(Storage storage) throws IOException {
        ExportFormat layout = format == Format.D4RL ? ExportFormat.D4RL : ExportFormat.MINARI;
        DatasetFolder folder = new DatasetFolder(storage, new Path(source.input));
        Export.Result result = new Export(storage, layout, dropIncomplete, overwrite).run(folder, new Path(output));
        String leftOut = result.leftOut() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; %,d rows left out, %,d of them terminal",
                        result.leftOut(),
                        result.terminalsLeftOut());
        return String.format(
                Locale.ROOT,
                "%s: exported; %,d rows, %,d episodes, %.1f MB%s",
                result.uri(),
                result.rows(),
                result.episodes(),
                result.bytes() / 1e6,
                leftOut);
    }

    private String exportPolicy(Storage storage) throws IOException {
        Path target = new OutputFile(storage, new Path(output), overwrite).requireFree();
        SavedPolicy policy = PolicyOption.read(storage, source.policy);
        byte[] model = OnnxModel.encode(policy, Mopo.version());
        storage.replace(target, model);
        return String.format(
                Locale.ROOT,
                "%s: exported; %s, %d numbers to %d, %.1f MB",
                target,
                policy.task().name(),
                policy.task().observationSize(),
                policy.task().actionSize(),
                model.length / 1e6);
    }
}

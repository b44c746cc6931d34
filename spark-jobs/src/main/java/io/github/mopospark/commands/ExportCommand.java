package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.export.Export;
import io.github.mopospark.conversion.export.ExportFormat;
import io.github.mopospark.conversion.export.OutputFile;
import io.github.mopospark.dl4j.MemberGraph;
import io.github.mopospark.dl4j.ModelZip;
import io.github.mopospark.dl4j.PolicyGraph;
import io.github.mopospark.dl4j.PolicyOrigin;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.jobs.MemberImport;
import io.github.mopospark.policy.OnnxModel;
import io.github.mopospark.policy.SavedPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a Parquet dataset back to HDF5, a saved policy as an ONNX model, or policies and ensembles as networks of DL4J. */
@Command(
        name = "export",
        description = "Writes a dataset, a policy or an ensemble to files that other programs read.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortSynopsis = false)
final class ExportCommand implements Callable<Integer> {
    private enum Format {
        D4RL,
        MINARI,
        ONNX,
        DL4J
    }

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "d4rl|minari|onnx|dl4j",
            description = {
                "d4rl, of a dataset: HDF5, one dataset a column; without next_observations where rows lack one and it can be"
                        + " inferred for the others.",
                "minari, of a dataset: HDF5, a group for each episode.",
                "onnx, of a policy: from observation, float [batch, observations], to action, float [batch, actions], the"
                        + " most likely actions.",
                "dl4j, of a policy or an ensemble: zips of DL4J's ModelSerializer, each a ComputationGraph. A policy's, from"
                        + " observation to mean, log-std and action; a member's, from observation-and-action to mean and"
                        + " log-variance, both of the reward and the observation's change."
            })
    private Format format;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "URI",
            description =
                    "The file to write, on any file system of Hadoop; of an ensemble a folder, for a file each member.")
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

        @Option(
                names = "--ensemble",
                required = true,
                paramLabel = "URI",
                description = "The folder of a saved ensemble, on any file system of Hadoop.")
        private String ensemble;

        /** What of these formats there is. */
        Set<Format> formats() {
            if (policy != null) {
                return EnumSet.of(Format.ONNX, Format.DL4J);
            }
            return ensemble != null ? EnumSet.of(Format.DL4J) : EnumSet.of(Format.D4RL, Format.MINARI);
        }

        String option() {
            if (policy != null) {
                return "--policy";
            }
            return ensemble != null ? "--ensemble" : "--input";
        }
    }

    @Override
    public Integer call() throws IOException {
        if (!source.formats().contains(format)) {
            throw new IllegalArgumentException(
                    "--format must be %s for %s; d4rl and minari are for datasets, given by --input, onnx for policies, given by --policy, dl4j for policies and ensembles"
                            .formatted(
                                    source.formats().stream()
                                            .map(other -> other.name().toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(" or ")),
                                    source.option()));
        }
        if (source.input == null && dropIncomplete) {
            throw new IllegalArgumentException("--drop-incomplete belongs to --input; models have no rows");
        }
        Storage storage = new Storage(SparkOptions.submittedHadoop());
        PrintWriter out = spec.commandLine().getOut();
        if (source.ensemble != null) {
            exportEnsemble(storage).forEach(out::println);
        } else {
            out.println(source.policy != null ? exportPolicy(storage) : exportDataset(storage));
        }
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
        byte[] model = format == Format.ONNX
                ? OnnxModel.encode(policy, Mopo.version())
                : ModelZip.write(
                        PolicyGraph.of(policy),
                        Map.of(PolicyOrigin.ENTRY, PolicyOrigin.of(policy).toBytes()));
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

    private List<String> exportEnsemble(Storage storage) throws IOException {
        Ensemble ensemble;
        try {
            ensemble = new EnsembleFolder(storage, new Path(source.ensemble)).read();
        } catch (IOException e) {
            throw RunOptions.unusable("--ensemble", source.ensemble, e);
        }
        Path folder = storage.qualified(new Path(output));
        storage.of(folder).mkdirs(folder);
        List<Path> targets = new ArrayList<>();
        for (int member = 0; member < ensemble.members().size(); member++) {
            Path target = new Path(folder, MemberImport.fileName(member));
            targets.add(new OutputFile(storage, target, overwrite).requireFree());
        }
        List<String> lines = new ArrayList<>();
        for (int member = 0; member < ensemble.members().size(); member++) {
            byte[] model = ModelZip.write(MemberGraph.of(ensemble, member), Map.of());
            storage.replace(targets.get(member), model);
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: exported; %s, %d numbers to 2 x %d, %.1f MB",
                    targets.get(member),
                    ensemble.task().name(),
                    ensemble.scaler().size(),
                    ensemble.layout().size(),
                    model.length / 1e6));
        }
        return lines;
    }
}

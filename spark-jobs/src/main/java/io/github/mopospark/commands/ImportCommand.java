package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.dl4j.ModelZip;
import io.github.mopospark.dl4j.PolicyGraph;
import io.github.mopospark.dl4j.PolicyOrigin;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.jobs.MemberImport;
import io.github.mopospark.policy.PolicyFolder;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a policy, or members of an ensemble, from the networks of DL4J that {@link ExportCommand} writes. */
@Command(
        name = "import",
        description = {
            "Takes a policy, or members of an ensemble, back from DL4J.",
            "The networks must have the layers that export --format dl4j gives them; DL4J may have trained them further."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortSynopsis = false)
final class ImportCommand implements Callable<Integer> {
    private enum Format {
        DL4J
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--format", required = true, paramLabel = "dl4j", description = "What wrote the input.")
    private Format format;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "URI",
            description = "A policy's zip; or, with --ensemble, a folder of member-0.zip and so on.")
    private String input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "URI",
            description = "The folder for the policy or the ensemble, on any file system of Hadoop.")
    private String output;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "What a policy acts in; needed if DL4J wrote the zip, which knows of no task.")
    private String taskName;

    @Option(
            names = "--ensemble",
            paramLabel = "URI",
            description = "The saved ensemble whose members they were. Members without a file stay as they are.")
    private String ensembleFolder;

    @Option(
            names = "--data",
            paramLabel = "URI",
            description = "The dataset that the ensemble was trained on, to measure members that have changed.")
    private String data;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "N",
            description = "The seed of the run that trained the ensemble: it tells the held-out rows.")
    private long seed;

    @Option(names = "--overwrite", description = "Replace what --output holds.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        Storage storage = new Storage(SparkOptions.submittedHadoop());
        String done =
                switch (format) {
                    case DL4J -> ensembleFolder == null ? importPolicy(storage) : importMembers(storage);
                };
        spec.commandLine().getOut().println(done);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private String importPolicy(Storage storage) throws IOException {
        if (data != null) {
            throw new IllegalArgumentException("--data belongs to --ensemble; a policy is not measured");
        }
        PolicyFolder target = new PolicyFolder(storage, new Path(output));
        requireFree(storage, new Path(target.path(), PolicyFolder.MANIFEST));
        ModelZip zip = ModelZip.read(readFile(storage), input);
        PolicyOrigin origin = zip.origin().orElseGet(() -> PolicyOrigin.unknown(requireTask()));
        if (taskName != null && !Tasks.named(taskName).name().equals(origin.task())) {
            // Of the same sizes, it may act there; but that is not where it comes from.
            origin = PolicyOrigin.unknown(taskName);
        }
        Task task = Tasks.named(origin.task());
        SavedPolicy policy = PolicyGraph.read(zip, task, origin);
        target.write(policy);
        return String.format(
                Locale.ROOT,
                "%s: imported; %s, %d numbers to %d, hidden layers of %s",
                target.path(),
                task.name(),
                policy.task().observationSize(),
                policy.task().actionSize(),
                policy.hiddenSizes());
    }

    private String requireTask() {
        if (taskName == null) {
            throw new IllegalArgumentException(
                    "%s: does not say of which task it is; give --task NAME".formatted(input));
        }
        return taskName;
    }

    private byte[] readFile(Storage storage) {
        try {
            return storage.readFully(storage.qualified(new Path(input)));
        } catch (IOException e) {
            throw RunOptions.unusable("--input", input, e);
        }
    }

    private String importMembers(Storage storage) throws IOException {
        if (taskName != null) {
            throw new IllegalArgumentException("--task belongs to a policy; an ensemble knows its task");
        }
        EnsembleFolder target = new EnsembleFolder(storage, new Path(output));
        requireFree(storage, new Path(target.path(), EnsembleFolder.MANIFEST));
        Ensemble ensemble = new EnsembleFolder(storage, new Path(ensembleFolder)).read();
        MemberImport members = new MemberImport(storage, ensemble);
        List<MemberWeights> read = members.read(new Path(input));
        List<Integer> changed = members.changed(read);
        if (!changed.isEmpty() && data == null) {
            throw new IllegalArgumentException(
                    "%s: the weights of members %s have changed, and with them their errors on the held-out rows; give --data, and --seed if it was not 0"
                            .formatted(input, changed));
        }
        Ensemble result = changed.isEmpty() ? ensemble : members.of(read, new Path(data), seed);
        target.write(result);
        return String.format(
                Locale.ROOT,
                "%s: imported; %d members, %s, elites %s, holdout errors %s",
                target.path(),
                result.members().size(),
                changed.isEmpty() ? "none changed" : "changed " + changed,
                Arrays.toString(result.elites()),
                Arrays.toString(result.holdoutErrors()));
    }

    private void requireFree(Storage storage, Path manifest) throws IOException {
        if (!overwrite && storage.of(manifest).exists(manifest)) {
            throw new IllegalArgumentException(
                    "--output: %s is there already; give --overwrite to replace it".formatted(manifest));
        }
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.jobs.Preflight;
import io.github.mopospark.jobs.RunConsole;
import io.github.mopospark.runs.RunFolder;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which run a command is about. */
final class RunOptions {
    private static final String TRAINED = "ensemble.trained";

    static final String EXIT_CODES =
            "Exits with 0 when done; with 2, before anything is written, when arguments, data, memory or versions do not fit; with"
                    + " 1 when something else fails.";

    @Option(
            names = "--config",
            paramLabel = "URI",
            description = "The run's configuration, such as conf/hopper-medium-replay.conf. Not needed to --resume.")
    private String configFile;

    @Option(
            names = "--data",
            paramLabel = "URI",
            description =
                    "An HDF5 file of D4RL or Minari, or the folder of a converted dataset, in place of the configuration's.")
    private String data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Sets a key of the configuration, as --set rollout.length=5 does; a run's config.conf has all keys. Can"
                            + " be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "URI",
            description = "The run's folder, new or empty: takes ensemble, policy, metrics, checkpoints and report.")
    private String output;

    @Option(names = "--resume", description = "Goes on with the run in --output, from its last checkpoint.")
    private boolean resume;

    @Option(
            names = "--dry-run",
            description =
                    "Prints what memory the run needs, and looks whether it can be done; starts and writes nothing.")
    private boolean dryRun;

    /**
     * A run that can begin or go on.
     *
     * @param config its configuration
     * @param folder its folder
     */
    record Run(RunConfig config, RunFolder folder) {}

    private String ensemble;

    /** An ensemble that is to be taken, in place of the configuration's; null for none. */
    void takeEnsemble(String uri) {
        ensemble = uri;
    }

    /**
     * Looks whether a run can be done.
     *
     * @param preflight the look at it
     * @param out is told what could be better
     * @return whether that was all
     * @throws IllegalArgumentException if it cannot be done
     */
    boolean look(Preflight preflight, PrintWriter out) {
        if (dryRun) {
            // Before anything is refused: whoever sizes another machine wants to know.
            out.println(preflight.memory());
            out.flush();
        }
        preflight.require().forEach(out::println);
        out.flush();
        return dryRun;
    }

    /** Settles the configuration, before Spark starts. */
    Run run(Configuration hadoop) {
        Storage storage = new Storage(hadoop);
        try {
            return run(storage, new RunFolder(storage, new Path(output)));
        } catch (IOException e) {
            throw unusable("--output", output, e);
        }
    }

    /** A file system that cannot be used is told like any other wrong argument. */
    static IllegalArgumentException unusable(String option, String uri, IOException e) {
        return new IllegalArgumentException("%s: %s cannot be used (%s)".formatted(option, uri, reason(e)), e);
    }

    private static Object reason(IOException e) {
        return e.getMessage() == null ? e : e.getMessage();
    }

    private Run run(Storage storage, RunFolder folder) throws IOException {
        Optional<RunConfig> begun = folder.configuration();
        if (begun.isEmpty()) {
            // Also to resume one that was killed before its first file, or never started.
            requireEmpty(folder);
            return new Run(requireData(storage, configuration(storage)), folder);
        }
        if (!resume) {
            throw new IllegalArgumentException(
                    "--output: %s holds a run; go on with it by --resume, or give another folder"
                            .formatted(folder.path()));
        }
        RunConfig config = configFile == null ? begun.get() : configuration(storage);
        Map<String, String> overrides = new LinkedHashMap<>(settings);
        overrides.put("data", data == null ? begun.get().data() : data);
        overrides.put(TRAINED, ensemble == null ? begun.get().ensemble().trained() : ensemble);
        config = requireData(storage, ConfigReader.withOverrides(config, overrides));
        begun.get().requireSame(config, "--resume: " + folder.path(), "leave out --config to go on with its own");
        return new Run(config, folder);
    }

    private static void requireEmpty(RunFolder folder) throws IOException {
        if (!folder.isEmpty()) {
            throw new IllegalArgumentException(
                    "--output: %s is not empty and holds no run; give another folder".formatted(folder.path()));
        }
    }

    private RunConfig configuration(Storage storage) {
        if (configFile == null && settings.isEmpty()) {
            throw new IllegalArgumentException("--config is missing: give a file, such as conf/demo.conf");
        }
        ConfigReader reader = new ConfigReader(storage);
        if (configFile == null) {
            return reader.read(overrides());
        }
        try {
            return reader.read(onThisMachine(new Path(configFile)), overrides());
        } catch (IOException e) {
            throw unusable("--config", configFile, e);
        }
    }

    /** A path without a scheme is a file here, if there is one: a program's configuration rarely lies where its data do. */
    static Path onThisMachine(Path path) {
        boolean isHere = path.toUri().getScheme() == null && new File(path.toString()).isFile();
        return isHere ? new Path(new File(path.toString()).toURI()) : path;
    }

    private Map<String, String> overrides() {
        Map<String, String> overrides = new LinkedHashMap<>(settings);
        if (data != null) {
            overrides.put("data", data);
        }
        if (ensemble != null) {
            overrides.put(TRAINED, ensemble);
        }
        return overrides;
    }

    /** Paths in full, so that a run can be resumed from another folder. */
    private static RunConfig requireData(Storage storage, RunConfig config) {
        if (config.data().isEmpty()) {
            throw new IllegalArgumentException(
                    "data is not set: give an HDF5 file or the folder of a dataset with --data");
        }
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("data", qualified(storage, "data", config.data()));
        String trained = config.ensemble().trained();
        if (!trained.isEmpty()) {
            paths.put(TRAINED, qualified(storage, TRAINED, trained));
        }
        return ConfigReader.withOverrides(config, paths);
    }

    private static String qualified(Storage storage, String key, String path) {
        try {
            return storage.qualified(new Path(path)).toString();
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: %s cannot be read (%s)".formatted(key, path, reason(e)), e);
        }
    }

    static RunConsole console(CommandSpec spec) {
        return new RunConsole(
                spec.commandLine().getOut(), spec.commandLine().getErr(), Boolean.getBoolean("mopo.terminal"));
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.SweepData;
import io.github.mopospark.runs.SweepFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The ensembles that the trials of a sweep share: one for those on the same data with the same seed and the same settings of the
 * ensemble. It is another run's where one fits, and else trained by the first trial that needs it, while others wait.
 */
final class SharedEnsembles {
    private static final int KEY_LENGTH = 16;

    private final SweepFolder folder;
    private final List<String> others;
    private final Training training;
    private final RunConsole console;
    /** By their keys. */
    private final Map<String, Shared> shared = new HashMap<>();
    /** Of files and datasets, as they were when they were first looked at. */
    private final Map<Path, String> checksums = new HashMap<>();

    /** What is known of an ensemble: whoever holds this looks for it or trains it. */
    private static final class Shared {
        private int failures;
        private String reason = "";
    }

    /** Trains an ensemble. */
    interface Training {
        /**
         * Does it, from where it was broken off.
         *
         * @param config of the trial that needs it
         * @param run takes it
         * @param told how it goes
         */
        void train(RunConfig config, RunFolder run, RunConsole told) throws IOException;
    }

    /**
     * The ensembles of a sweep.
     *
     * @param folder the sweep's
     * @param others folders of other runs' folders
     * @param training makes what is not there
     * @param console is told which of the others cannot be looked at
     */
    SharedEnsembles(SweepFolder folder, List<String> others, Training training, RunConsole console) {
        this.folder = Objects.requireNonNull(folder, "folder");
        this.others = List.copyOf(others);
        this.training = Objects.requireNonNull(training, "training");
        this.console = Objects.requireNonNull(console, "console");
    }

    /**
     * A trial's configuration with the ensemble that it shares, and the dataset that was converted for it.
     *
     * @param config the trial's
     * @param told how it goes
     * @throws IOException if something cannot be read or written
     */
    RunConfig sharing(RunConfig config, RunConsole told) throws IOException {
        if (!config.ensemble().trained().isEmpty()) {
            return config;
        }
        requireSameData(config.data());
        String key = key(config);
        RunFolder run = folder.ensemble(key);
        Shared state = shared(key);
        synchronized (state) {
            if (!run.ensemble().exists()) {
                requireHope(state, key);
                try {
                    if (!takeAnother(config, run)) {
                        training.train(config, run, told);
                    }
                } catch (Throwable e) {
                    // Also Spark's checked exceptions, which its methods do not declare, and too little memory.
                    state.failures++;
                    state.reason = SweepJob.reason(e);
                    throw e;
                }
            }
            Path data = dataOf(config, run);
            return ConfigReader.withOverrides(
                    config,
                    Map.of(
                            "data",
                            data.toString(),
                            "ensemble.trained",
                            run.ensemble().path().toString()));
        }
    }

    /** Trials that share an ensemble that cannot be trained need not all find that out. */
    private static void requireHope(Shared state, String key) {
        if (state.failures >= SweepJob.MOST_ATTEMPTS) {
            throw new IllegalStateException(
                    "its ensemble, %s, has failed %d times (%s)".formatted(key, state.failures, state.reason));
        }
    }

    private Shared shared(String key) {
        synchronized (shared) {
            return shared.computeIfAbsent(key, ignored -> new Shared());
        }
    }

    /** The same for trials that can share an ensemble. */
    private static String key(RunConfig config) {
        byte[] text = (config.digest() + config.kernels() + config.data()).getBytes(StandardCharsets.UTF_8);
        String digest = HexFormat.of().formatHex(Storage.sha256().digest(text));
        return "%s-seed%d-%s".formatted(config.task(), config.seed(), digest.substring(0, KEY_LENGTH));
    }

    /** The rows of a run that has an ensemble: what it has converted, or what it was given. */
    private Path dataOf(RunConfig config, RunFolder run) throws IOException {
        return run.dataset().manifest().isPresent()
                ? run.dataset().path()
                : new Path(run.configuration().orElse(config).data());
    }

    /** Trials on rows as they were and as they are must not be taken for seeds of one dataset. */
    private void requireSameData(String data) throws IOException {
        if (data.isEmpty()) {
            return;
        }
        Path path = new Path(data);
        if (!folder.storage().of(path).exists(path)) {
            // What was made of it may still be here.
            return;
        }
        String now = checksum(path);
        synchronized (checksums) {
            SweepData known = folder.data();
            String before = known.checksums().get(data);
            if (before == null) {
                folder.write(known.with(data, now));
            } else if (!before.equals(now)) {
                throw new IllegalArgumentException(
                        "data: %s has other rows or bytes than when trials of %s first learned from it; give another --output, or the data as they were"
                                .formatted(data, folder.path()));
            }
        }
    }

    /** Copies the ensemble of another run, of the same settings and rows, if there is one. */
    private boolean takeAnother(RunConfig config, RunFolder run) throws IOException {
        for (String other : others) {
            for (RunFolder candidate : runs(new Path(other))) {
                Optional<Path> data = fitting(candidate, config);
                if (data.isPresent()) {
                    // The ensemble last: with it there, the others are not looked at any more.
                    run.begin(ConfigReader.withOverrides(
                            config, Map.of("data", data.get().toString())));
                    run.ensemble().write(candidate.ensemble().read());
                    return true;
                }
            }
        }
        return false;
    }

    /** Where the rows are of which a run has an ensemble with the same settings as a configuration; empty if it does not fit. */
    private Optional<Path> fitting(RunFolder candidate, RunConfig config) {
        try {
            Optional<RunConfig> begun = candidate.configuration();
            boolean isSame = begun.isPresent()
                    && begun.get().digest().equals(config.digest())
                    && begun.get().kernels() == config.kernels()
                    && candidate.ensemble().exists();
            return isSame ? sameRows(candidate, config) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            console.line("ensembles: %s is passed over (%s)".formatted(candidate.path(), e.getMessage()));
            return Optional.empty();
        }
    }

    private List<RunFolder> runs(Path parent) throws IOException {
        Storage storage = folder.storage();
        List<RunFolder> runs = new ArrayList<>(List.of(new RunFolder(storage, parent)));
        try {
            FileStatus[] entries = storage.of(parent).listStatus(parent);
            Arrays.sort(entries);
            for (FileStatus entry : entries) {
                if (entry.isDirectory()) {
                    runs.add(new RunFolder(storage, entry.getPath()));
                }
            }
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("ensembles: there is no folder %s".formatted(parent), e);
        }
        return runs;
    }

    /** Where the rows are that a run's ensemble was trained on, if they are those of a configuration. */
    private Optional<Path> sameRows(RunFolder run, RunConfig config) throws IOException {
        Path data = new Path(config.data());
        String trainedOn = run.ensemble().read().datasetChecksum();
        if (isDataset(data)) {
            return checksum(data).equals(trainedOn) ? Optional.of(data) : Optional.empty();
        }
        // The run has converted such a file itself.
        Optional<Manifest> converted = run.dataset().manifest();
        boolean isSame = converted.isPresent()
                && new TrainingDataset(run.dataset(), converted.get())
                        .checksum()
                        .equals(trainedOn)
                && converted.get().sources().size() == 1
                && converted.get().sources().get(0).sha256().equals(checksum(data));
        return isSame ? Optional.of(run.dataset().path()) : Optional.empty();
    }

    private boolean isDataset(Path data) throws IOException {
        return folder.storage().of(data).getFileStatus(data).isDirectory();
    }

    /** Of a dataset's rows, or of a file's bytes. */
    private String checksum(Path data) throws IOException {
        synchronized (checksums) {
            String known = checksums.get(data);
            if (known == null) {
                known = isDataset(data) ? rowsChecksum(data) : sha256(data);
                checksums.put(data, known);
            }
            return known;
        }
    }

    private String rowsChecksum(Path data) throws IOException {
        DatasetFolder dataset = new DatasetFolder(folder.storage(), data);
        return new TrainingDataset(dataset, dataset.open()).checksum();
    }

    private String sha256(Path file) throws IOException {
        try (InputStream in = folder.storage().of(file).open(file)) {
            return StagedFiles.copy(in, OutputStream.nullOutputStream());
        }
    }
}

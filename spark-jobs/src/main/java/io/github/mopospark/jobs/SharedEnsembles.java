package io.github.mopospark.jobs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.SweepFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
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
    /** By their keys: whoever holds one looks for it or trains it. */
    private final Map<String, Object> locks = new HashMap<>();

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
     */
    SharedEnsembles(SweepFolder folder, List<String> others, Training training) {
        this.folder = Objects.requireNonNull(folder, "folder");
        this.others = List.copyOf(others);
        this.training = Objects.requireNonNull(training, "training");
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
        String key = key(config);
        RunFolder shared = folder.ensemble(key);
        synchronized (lock(key)) {
            if (!shared.ensemble().exists()) {
                Optional<RunConfig> found = found(config);
                if (found.isPresent()) {
                    return found.get();
                }
                training.train(config, shared, told);
            }
        }
        Path data = shared.dataset().manifest().isPresent() ? shared.dataset().path() : new Path(config.data());
        return with(config, data, shared.ensemble());
    }

    private static RunConfig with(RunConfig config, Path data, EnsembleFolder ensemble) {
        return ConfigReader.withOverrides(
                config,
                Map.of(
                        "data",
                        data.toString(),
                        "ensemble.trained",
                        ensemble.path().toString()));
    }

    private Object lock(String key) {
        synchronized (locks) {
            return locks.computeIfAbsent(key, ignored -> new Object());
        }
    }

    /** The same for trials that can share an ensemble. */
    private static String key(RunConfig config) {
        byte[] text = (config.digest() + config.data()).getBytes(StandardCharsets.UTF_8);
        String digest = HexFormat.of().formatHex(Storage.sha256().digest(text));
        return "%s-seed%d-%s".formatted(config.task(), config.seed(), digest.substring(0, KEY_LENGTH));
    }

    /** The configuration with the ensemble of another run, of the same settings and rows. */
    private Optional<RunConfig> found(RunConfig config) throws IOException {
        for (String other : others) {
            for (RunFolder run : runs(new Path(other))) {
                Optional<RunConfig> begun = run.configuration();
                if (begun.isPresent()
                        && begun.get().digest().equals(config.digest())
                        && run.ensemble().exists()) {
                    Optional<Path> data = dataOf(run, config);
                    if (data.isPresent()) {
                        return Optional.of(with(config, data.get(), run.ensemble()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private List<RunFolder> runs(Path parent) throws IOException {
        Storage storage = folder.storage();
        List<RunFolder> runs = new ArrayList<>(List.of(new RunFolder(storage, parent)));
        try {
            for (FileStatus entry : storage.of(parent).listStatus(parent)) {
                if (entry.isDirectory()) {
                    runs.add(new RunFolder(storage, entry.getPath()));
                }
            }
        } catch (FileNotFoundException e) {
            throw new FileNotFoundException("ensembles: there is no folder %s".formatted(parent));
        }
        return runs;
    }

    /** Where the rows are that a run's ensemble was trained on, if they are those of a configuration. */
    private Optional<Path> dataOf(RunFolder run, RunConfig config) throws IOException {
        Path data = new Path(config.data());
        String trainedOn = run.ensemble().read().datasetChecksum();
        if (folder.storage().of(data).getFileStatus(data).isDirectory()) {
            DatasetFolder dataset = new DatasetFolder(folder.storage(), data);
            boolean isSame =
                    new TrainingDataset(dataset, dataset.open()).checksum().equals(trainedOn);
            return isSame ? Optional.of(data) : Optional.empty();
        }
        // The run has converted such a file itself.
        Optional<Manifest> converted = run.dataset().manifest();
        boolean isSame = converted.isPresent()
                && new TrainingDataset(run.dataset(), converted.get())
                        .checksum()
                        .equals(trainedOn)
                && converted.get().sources().size() == 1
                && converted.get().sources().get(0).sha256().equals(sha256(data));
        return isSame ? Optional.of(run.dataset().path()) : Optional.empty();
    }

    private String sha256(Path file) throws IOException {
        MessageDigest digest = Storage.sha256();
        try (InputStream in = new DigestInputStream(folder.storage().of(file).open(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}

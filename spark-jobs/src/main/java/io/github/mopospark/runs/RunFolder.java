package io.github.mopospark.runs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.policy.PolicyFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where the things of a run lie, on any file system of Hadoop. */
public final class RunFolder {
    /** The resolved configuration; a folder with it holds a run. */
    public static final String CONFIGURATION = "config.conf";

    private static final String IDENTITY = "identity.txt";
    private static final String MLFLOW_RUN = "mlflow.txt";

    private final Storage storage;
    private final Path folder;
    /** Null until it is read. */
    private List<String> earlierRetries;
    /** Null until they are read. */
    private Map<String, Double> earlierSeconds;

    private final Map<String, Double> secondsNow = new LinkedHashMap<>();

    /**
     * The run in a folder, which need not exist yet.
     *
     * @param storage the file systems
     * @param folder the folder
     * @throws IOException if its file system cannot be reached
     */
    public RunFolder(Storage storage, Path folder) throws IOException {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.folder = storage.qualified(folder);
    }

    /**
     * Where it is.
     *
     * @return the folder, with its scheme
     */
    public Path path() {
        return folder;
    }

    /**
     * The file systems.
     *
     * @return what it was made with
     */
    public Storage storage() {
        return storage;
    }

    /**
     * The configuration of the run that was begun here.
     *
     * @return empty if none was
     * @throws IOException if it cannot be read
     */
    public Optional<RunConfig> configuration() throws IOException {
        Path path = new Path(folder, CONFIGURATION);
        try {
            String text = new String(storage.readFully(path), StandardCharsets.UTF_8);
            return Optional.of(ConfigReader.ofRendered(text, path.toString()));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether a run was begun here that can go on with a configuration.
     *
     * @param config the configuration
     * @return true if there is one, without {@link RunConfig#differences}
     * @throws IOException if its own configuration cannot be read
     */
    public boolean isOf(RunConfig config) throws IOException {
        return configuration().map(begun -> begun.differences(config).isEmpty()).orElse(false);
    }

    /**
     * Whether there is nothing in the folder.
     *
     * @return true if it does not exist or is empty, but for what a run that was killed at its very start may have left
     * @throws IOException if it cannot be looked at
     */
    public boolean isEmpty() throws IOException {
        try {
            FileStatus[] entries = storage.of(folder).listStatus(folder);
            return Arrays.stream(entries)
                    .allMatch(entry -> entry.getPath().getName().startsWith("." + CONFIGURATION + "."));
        } catch (FileNotFoundException e) {
            return true;
        }
    }

    /**
     * Writes a file and deletes it, and the folders that were made for it: afterwards the folder is as before.
     *
     * @throws IOException if nothing can be written here
     */
    public void tryToWrite() throws IOException {
        FileSystem system = storage.of(folder);
        List<Path> made = new ArrayList<>();
        for (Path path = folder; path != null && !system.exists(path); path = path.getParent()) {
            made.add(path);
        }
        // Called like a configuration that is half written, so that one which is left behind is swept away like those.
        Path probe = new Path(folder, "." + CONFIGURATION + "." + UUID.randomUUID());
        try {
            system.create(probe).close();
        } finally {
            system.delete(probe, false);
            for (Path path : made) {
                if (system.exists(path) && system.listStatus(path).length == 0) {
                    system.delete(path, false);
                }
            }
        }
    }

    /**
     * Makes the folder a run's. What a run that was killed has left half written is deleted.
     *
     * @param config the run's configuration
     * @throws IOException if it cannot be written
     */
    public void begin(RunConfig config) throws IOException {
        storage.of(folder).mkdirs(folder);
        storage.sweep(folder);
        storage.replace(new Path(folder, CONFIGURATION), config.render().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What the run was begun with, besides its configuration.
     *
     * @return the text that was kept; empty if none was
     * @throws IOException if it cannot be read
     */
    public Optional<String> identity() throws IOException {
        try {
            return Optional.of(new String(storage.readFully(new Path(folder, IDENTITY)), StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Keeps what the run was begun with.
     *
     * @param text tells it
     * @throws IOException if it cannot be written
     */
    public void keepIdentity(String text) throws IOException {
        storage.replace(new Path(folder, IDENTITY), text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Which run of an MLflow server tells of this one.
     *
     * @return the id that was kept; empty if none was
     * @throws IOException if it cannot be read
     */
    public Optional<String> mlflowRun() throws IOException {
        try {
            return Optional.of(
                    new String(storage.readFully(new Path(folder, MLFLOW_RUN)), StandardCharsets.UTF_8).strip());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Keeps which run of an MLflow server tells of this one, so that it still does when this one goes on.
     *
     * @param id the server's id of it
     * @throws IOException if it cannot be written
     */
    public void keepMlflowRun(String id) throws IOException {
        storage.replace(new Path(folder, MLFLOW_RUN), (id + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Makes a folder that was empty so again, because the run could not even begin.
     *
     * @throws IOException if its files cannot be deleted
     */
    public void abandon() throws IOException {
        storage.of(folder).delete(dataset().path(), true);
        storage.of(folder).delete(ensemble().path(), true);
        storage.of(folder).delete(new Path(folder, CONFIGURATION), false);
    }

    /**
     * The dataset, if it is made by the run.
     *
     * @return the folder {@code dataset}
     * @throws IOException if its file system cannot be reached
     */
    public DatasetFolder dataset() throws IOException {
        return new DatasetFolder(storage, new Path(folder, "dataset"));
    }

    /**
     * The trained ensemble.
     *
     * @return the folder {@code ensemble}
     * @throws IOException if its file system cannot be reached
     */
    public EnsembleFolder ensemble() throws IOException {
        return new EnsembleFolder(storage, new Path(folder, "ensemble"));
    }

    /**
     * The members between two blocks of their training.
     *
     * @return the folder {@code members}
     * @throws IOException if its file system cannot be reached
     */
    public Snapshots members() throws IOException {
        return new Snapshots(storage, new Path(folder, "members"));
    }

    /**
     * The learner between two epochs.
     *
     * @return the folder {@code checkpoints}
     * @throws IOException if its file system cannot be reached
     */
    public Snapshots checkpoints() throws IOException {
        return new Snapshots(storage, new Path(folder, "checkpoints"));
    }

    /**
     * The policy of the last checkpoint.
     *
     * @return the folder {@code policy}
     * @throws IOException if its file system cannot be reached
     */
    public PolicyFolder policy() throws IOException {
        return new PolicyFolder(storage, new Path(folder, "policy"));
    }

    /**
     * The report.
     *
     * @return the file {@code report.html}
     */
    public Path report() {
        return new Path(folder, "report.html");
    }

    /**
     * Keeps what failed and was tried again, so that a report made after a resumption tells of it.
     *
     * @param now what was heard since this start
     * @return that, after what was heard in earlier starts
     * @throws IOException if it cannot be read or written
     */
    public List<String> retries(List<String> now) throws IOException {
        if (earlierRetries == null) {
            earlierRetries = lines(retriesFile());
        }
        List<String> all = new ArrayList<>(earlierRetries);
        all.addAll(now);
        if (!all.isEmpty()) {
            storage.replace(retriesFile(), (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return all;
    }

    private Path retriesFile() {
        return new Path(folder, "retries.txt");
    }

    private List<String> lines(Path file) throws IOException {
        try {
            return new String(storage.readFully(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /**
     * Keeps how long a phase took in this start, so that a report made after a resumption tells of all starts.
     *
     * @param phase which
     * @param seconds so far; kept instead of what was told of it in this start before
     * @throws IOException if it cannot be read or written
     */
    public void keepSeconds(String phase, double seconds) throws IOException {
        secondsNow.put(phase, seconds);
        StringBuilder text = new StringBuilder("phase,seconds\n");
        seconds()
                .forEach(
                        (name, all) -> text.append(name).append(',').append(all).append('\n'));
        storage.replace(phasesFile(), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * How long phases took, in all starts together.
     *
     * @return seconds by phase, in the order in which they were first told
     * @throws IOException if it cannot be read
     */
    public Map<String, Double> seconds() throws IOException {
        if (earlierSeconds == null) {
            earlierSeconds = new LinkedHashMap<>();
            for (String line : lines(phasesFile()).stream().skip(1).toList()) {
                String[] cells = line.split(",", 2);
                try {
                    earlierSeconds.put(cells[0], Double.valueOf(cells[cells.length - 1]));
                } catch (NumberFormatException e) {
                    throw new IOException(
                            "%s: '%s' is not a phase and its seconds; delete the file, which is for the report alone"
                                    .formatted(phasesFile(), line),
                            e);
                }
            }
        }
        Map<String, Double> all = new LinkedHashMap<>(earlierSeconds);
        secondsNow.forEach((phase, seconds) -> all.merge(phase, seconds, Double::sum));
        return all;
    }

    private Path phasesFile() {
        return new Path(folder, "phases.csv");
    }

    /**
     * What TensorBoard reads.
     *
     * @return the folder {@code tensorboard}
     */
    public Path tensorboard() {
        return new Path(folder, "tensorboard");
    }
}

package io.github.mopospark.runs;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.saving.ManifestJson;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Where the things of a sweep lie, on any file system of Hadoop. */
public final class SweepFolder {
    private final Storage storage;
    private final Path folder;

    /**
     * The sweep in a folder, which need not exist yet.
     *
     * @param storage the file systems
     * @param folder the folder
     * @throws IOException if its file system cannot be reached
     */
    public SweepFolder(Storage storage, Path folder) throws IOException {
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
     * The report.
     *
     * @return the file {@code report.html}
     */
    public Path report() {
        return new Path(folder, "report.html");
    }

    /**
     * The table of trials, for programs.
     *
     * @return the file {@code trials.csv}
     */
    public Path table() {
        return new Path(folder, "trials.csv");
    }

    /**
     * A trial's run.
     *
     * @param name the trial's
     * @return the folder {@code trials/NAME}
     * @throws IOException if its file system cannot be reached
     */
    public RunFolder trial(String name) throws IOException {
        return new RunFolder(storage, new Path(folder, "trials/" + name));
    }

    /**
     * The run that trains an ensemble for several trials.
     *
     * @param name tells it from others
     * @return the folder {@code ensembles/NAME}
     * @throws IOException if its file system cannot be reached
     */
    public RunFolder ensemble(String name) throws IOException {
        return new RunFolder(storage, new Path(folder, "ensembles/" + name));
    }

    /**
     * How far the sweep is.
     *
     * @return empty if it was not begun
     * @throws IOException if it cannot be read
     */
    public Optional<SweepJournal> journal() throws IOException {
        return read(journalFile(), "journal of a sweep", SweepJournal.VERSION, SweepJournal.class);
    }

    /**
     * Keeps how far the sweep is.
     *
     * @param journal what is known
     * @throws IOException if it cannot be written; what was kept before then counts
     */
    public void write(SweepJournal journal) throws IOException {
        replace(journalFile(), journal);
    }

    /**
     * What the sweep's trials have learned from.
     *
     * @return nothing before the first has begun
     * @throws IOException if it cannot be read
     */
    public SweepData data() throws IOException {
        return read(dataFile(), "list of a sweep's data", SweepData.VERSION, SweepData.class)
                .orElse(SweepData.none());
    }

    /**
     * Keeps what the sweep's trials learn from.
     *
     * @param data all that is known
     * @throws IOException if it cannot be written; what was kept before then counts
     */
    public void write(SweepData data) throws IOException {
        replace(dataFile(), data);
    }

    private <M> Optional<M> read(Path file, String what, int version, Class<M> type) throws IOException {
        try {
            return Optional.of(ManifestJson.read(storage.readFully(file), file.toString(), what, version, type));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private void replace(Path file, Object manifest) throws IOException {
        storage.of(folder).mkdirs(folder);
        storage.replace(file, ManifestJson.write(manifest));
    }

    private Path dataFile() {
        return new Path(folder, "data.json");
    }

    private Path journalFile() {
        return new Path(folder, "journal.json");
    }
}

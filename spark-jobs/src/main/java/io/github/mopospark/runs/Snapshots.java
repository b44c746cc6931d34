package io.github.mopospark.runs;

import io.github.mopospark.conversion.dataset.HashedFiles;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.saving.ManifestJson;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * States of a run that follow one another, of which the last counts. Its files are named by their content and written first, the
 * manifest that names them last: whenever a writer dies, the folder holds the state before or the one after. What the manifest
 * does not name is deleted.
 */
public final class Snapshots {
    private static final int VERSION = 1;
    private static final String MANIFEST = "snapshot.json";
    private static final String STEMS = "[a-z]+(-[0-9]+)?";
    private static final String[] ENDINGS = {".npz", ".npy", ".bin"};

    private final Storage storage;
    private final Path folder;
    private final HashedFiles files;

    /** Writes a file of a state. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes it.
         *
         * @param out takes it; not closed
         * @throws IOException if it cannot be written
         */
        void write(OutputStream out) throws IOException;
    }

    /**
     * The state that counts.
     *
     * @param formatVersion of the manifest
     * @param epoch after which it was saved
     * @param files by the names they were given
     */
    public record Snapshot(int formatVersion, int epoch, Map<String, HashedFiles.Entry> files) {
        /**
         * The files.
         *
         * @return their names
         */
        public Set<String> names() {
            return files.keySet();
        }
    }

    /**
     * The states in a folder, which need not exist yet.
     *
     * @param storage the file systems
     * @param folder the folder, with nothing else in it
     * @throws IOException if its file system cannot be reached
     */
    public Snapshots(Storage storage, Path folder) throws IOException {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.folder = storage.qualified(folder);
        files = new HashedFiles(storage, this.folder, STEMS, ENDINGS);
    }

    /**
     * Saves the next state.
     *
     * @param epoch after which it is saved
     * @param fresh what is to be written, by name: {@code learner.npz}, {@code transitions-7.npy} or {@code policy-7.bin}
     * @param kept names of files of the state before that are this one's too, unchanged
     * @throws SavedDataException if a file to be kept is not there
     * @throws IllegalArgumentException if a name is none of these
     * @throws IOException if it cannot be written; the state before then counts
     */
    public void write(int epoch, Map<String, Content> fresh, Set<String> kept) throws IOException {
        storage.of(folder).mkdirs(folder);
        Map<String, HashedFiles.Entry> entries = new TreeMap<>();
        if (!kept.isEmpty()) {
            Map<String, HashedFiles.Entry> before =
                    latest().map(Snapshot::files).orElse(Map.of());
            for (String name : kept) {
                entries.put(name, require(before, name));
            }
        }
        for (Map.Entry<String, Content> file : fresh.entrySet()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.getValue().write(out);
            String name = file.getKey();
            int ending = Math.max(0, name.lastIndexOf('.'));
            entries.put(name, files.write(name.substring(0, ending), name.substring(ending), out.toByteArray()));
        }
        storage.replace(manifest(), ManifestJson.write(new Snapshot(VERSION, epoch, entries)));
        files.deleteAllBut(entries.values());
    }

    private Path manifest() {
        return new Path(folder, MANIFEST);
    }

    private HashedFiles.Entry require(Map<String, HashedFiles.Entry> entries, String name) {
        HashedFiles.Entry entry = entries.get(name);
        if (entry == null) {
            throw new SavedDataException(
                    "%s: names no file as %s, only %s".formatted(manifest(), name, entries.keySet()));
        }
        return entry;
    }

    /**
     * The state that counts.
     *
     * @return empty if none was saved
     * @throws SavedDataException if the manifest is damaged, or of another version
     * @throws IOException if it cannot be read
     */
    public Optional<Snapshot> latest() throws IOException {
        try {
            byte[] content = storage.readFully(manifest());
            return Optional.of(
                    ManifestJson.read(content, manifest().toString(), "state of a run", VERSION, Snapshot.class));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a file.
     *
     * @param snapshot from {@link #latest}
     * @param name the file's
     * @return its content
     * @throws SavedDataException if there is no such file, or it was changed
     * @throws IOException if it cannot be read
     */
    public byte[] read(Snapshot snapshot, String name) throws IOException {
        HashedFiles.Entry entry = require(snapshot.files(), name);
        try {
            return files.read(entry);
        } catch (IllegalArgumentException e) {
            throw new SavedDataException("%s: %s".formatted(manifest(), e.getMessage()), e);
        }
    }

    /**
     * What messages call a file.
     *
     * @param snapshot from {@link #latest}
     * @param name the file's
     * @return its path
     */
    public String path(Snapshot snapshot, String name) {
        return files.path(require(snapshot.files(), name)).toString();
    }

    /**
     * Deletes all states.
     *
     * @throws IOException if they cannot be deleted
     */
    public void clear() throws IOException {
        storage.of(folder).delete(folder, true);
    }
}

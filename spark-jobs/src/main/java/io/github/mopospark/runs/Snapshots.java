package io.github.mopospark.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * States of a run that follow one another, of which the last counts. Its files are written under fresh names, and then a manifest
 * that names them, in one step: whenever a writer dies, the folder holds the state before or the one after. What the manifest
 * does not name is deleted.
 */
public final class Snapshots {
    private static final int VERSION = 1;
    private static final String MANIFEST = "snapshot.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Storage storage;
    private final Path folder;

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

    /** A file of a state. */
    record Saved(String path, String sha256) {}

    /**
     * The state that counts.
     *
     * @param formatVersion of the manifest
     * @param digest tells the configuration that it belongs to
     * @param epoch after which it was saved
     * @param files by the names they were given
     */
    public record Snapshot(int formatVersion, String digest, int epoch, Map<String, Saved> files) {
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
    }

    /**
     * Saves the next state.
     *
     * @param digest tells the configuration that it belongs to
     * @param epoch after which it is saved
     * @param fresh what is to be written, by name
     * @param kept names of files of the state before that are this one's too, unchanged
     * @throws SavedDataException if a file to be kept is not there
     * @throws IOException if it cannot be written; the state before then counts
     */
    public void write(String digest, int epoch, Map<String, Content> fresh, Set<String> kept) throws IOException {
        storage.of(folder).mkdirs(folder);
        Map<String, Saved> files = new TreeMap<>();
        if (!kept.isEmpty()) {
            Map<String, Saved> before = latest().map(Snapshot::files).orElse(Map.of());
            for (String name : kept) {
                files.put(name, require(before, name));
            }
        }
        for (Map.Entry<String, Content> file : fresh.entrySet()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.getValue().write(out);
            String sha256 = sha256(out.toByteArray());
            String path = sha256.substring(0, 16) + "-" + file.getKey();
            storage.replace(new Path(folder, path), out.toByteArray());
            files.put(file.getKey(), new Saved(path, sha256));
        }
        storage.replace(
                new Path(folder, MANIFEST), JSON.writeValueAsBytes(new Snapshot(VERSION, digest, epoch, files)));
        sweep(files);
    }

    private Saved require(Map<String, Saved> files, String name) {
        Saved saved = files.get(name);
        if (saved == null) {
            throw new SavedDataException(
                    "%s: the last state has no %s, only %s".formatted(folder, name, files.keySet()));
        }
        return saved;
    }

    private void sweep(Map<String, Saved> files) throws IOException {
        for (FileStatus file : storage.of(folder).listStatus(folder)) {
            String name = file.getPath().getName();
            if (!name.equals(MANIFEST)
                    && files.values().stream().noneMatch(saved -> saved.path().equals(name))) {
                storage.of(folder).delete(file.getPath(), false);
            }
        }
    }

    private static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Storage.sha256().digest(content));
    }

    /**
     * The state that counts.
     *
     * @return empty if none was saved
     * @throws SavedDataException if the manifest is damaged, or of another version
     * @throws IOException if it cannot be read
     */
    public Optional<Snapshot> latest() throws IOException {
        Path path = new Path(folder, MANIFEST);
        byte[] content;
        try {
            content = storage.readFully(path);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
        try {
            Snapshot snapshot = JSON.readValue(content, Snapshot.class);
            if (snapshot.formatVersion() != VERSION) {
                throw new SavedDataException("%s: format_version is %d, but this program reads %d"
                        .formatted(path, snapshot.formatVersion(), VERSION));
            }
            return Optional.of(snapshot);
        } catch (JsonProcessingException e) {
            throw new SavedDataException(
                    "%s: not a saved state of a run (%s)".formatted(path, e.getOriginalMessage()), e);
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
        Saved saved = require(snapshot.files(), name);
        Path path = new Path(folder, saved.path());
        byte[] content;
        try {
            content = storage.readFully(path);
        } catch (FileNotFoundException e) {
            throw new SavedDataException("%s: there is no such file, but %s names it".formatted(path, MANIFEST), e);
        }
        if (!sha256(content).equals(saved.sha256())) {
            throw new SavedDataException(
                    "%s: its SHA-256 is not that which %s says; it was damaged or changed".formatted(path, MANIFEST));
        }
        return content;
    }

    /**
     * What messages call a file.
     *
     * @param snapshot from {@link #latest}
     * @param name the file's
     * @return its path
     */
    public String path(Snapshot snapshot, String name) {
        return new Path(folder, require(snapshot.files(), name).path()).toString();
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

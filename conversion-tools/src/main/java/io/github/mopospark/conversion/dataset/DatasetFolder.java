package io.github.mopospark.conversion.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A dataset on any file system that Hadoop reads: {@code dataset.json}, and a folder of Parquet parts. Parts are written to a
 * fresh folder and the manifest last, as one file, so that a dataset is the old one or the new one whenever a writer dies.
 * Readers read only what the manifest names.
 */
public final class DatasetFolder {
    /** The manifest's name. */
    public static final String MANIFEST = "dataset.json";

    private static final String PARTS_PREFIX = "parts-";
    private static final Pattern PARTS = Pattern.compile(PARTS_PREFIX + "[0-9a-f-]{36}");
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    private final Storage storage;
    private final Path folder;

    /**
     * The dataset in a folder, which need not exist yet.
     *
     * @param storage the file systems
     * @param folder the folder
     * @throws IOException if its file system cannot be reached
     */
    public DatasetFolder(Storage storage, Path folder) throws IOException {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.folder = storage.qualified(folder);
    }

    /**
     * Where the dataset lies.
     *
     * @return the folder, with its scheme
     */
    public Path path() {
        return folder;
    }

    /**
     * Reads the manifest and checks that its parts are there with their sizes.
     *
     * @return the manifest
     * @throws DatasetException if there is none, it is of another version, or a part is missing or has another size
     * @throws IOException if it cannot be read
     */
    public Manifest open() throws IOException {
        Manifest manifest = manifest()
                .orElseThrow(() -> new DatasetException(
                        folder + ": no " + MANIFEST + "; not a dataset, or one whose conversion did not end"));
        requireParts(manifest);
        return manifest;
    }

    /**
     * Checks that the parts a manifest names are there with their sizes.
     *
     * @param manifest of this dataset
     * @throws DatasetException if a part is missing, or has another size, or all have not as many rows as the dataset
     * @throws IOException if they cannot be looked at
     */
    public void requireParts(Manifest manifest) throws IOException {
        FileSystem system = storage.of(folder);
        long rows = 0;
        for (Manifest.Part part : manifest.parts()) {
            long bytes;
            try {
                bytes = system.getFileStatus(new Path(folder, part.path())).getLen();
            } catch (FileNotFoundException e) {
                throw new DatasetException(
                        "%s: the part %s is missing; convert it again".formatted(folder, part.path()), e);
            }
            if (bytes != part.bytes()) {
                throw new DatasetException("%s: the part %s has %,d bytes but %s says %,d; convert it again"
                        .formatted(folder, part.path(), bytes, MANIFEST, part.bytes()));
            }
            rows += part.rows();
        }
        if (rows != manifest.rows()) {
            throw new DatasetException("%s: the parts have %,d rows but %s says %,d; convert it again"
                    .formatted(folder, rows, MANIFEST, manifest.rows()));
        }
    }

    /**
     * Reads the manifest.
     *
     * @return empty if there is none
     * @throws DatasetException if it is no manifest, or of another version
     * @throws IOException if it cannot be read
     */
    public Optional<Manifest> manifest() throws IOException {
        Path path = new Path(folder, MANIFEST);
        byte[] content;
        try {
            content = storage.readFully(path);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JSON.readTree(content);
            int version = tree.path("schema_version").asInt(-1);
            if (version != TransitionSchema.VERSION) {
                throw new DatasetException("%s: schema_version is %s but this program reads %d; convert it again"
                        .formatted(path, tree.path("schema_version").asText("missing"), TransitionSchema.VERSION));
            }
            Manifest manifest = JSON.treeToValue(tree, Manifest.class);
            manifest.fault().ifPresent(fault -> {
                throw new DatasetException(path + ": not a dataset's manifest (" + fault + "); convert it again");
            });
            return Optional.of(manifest);
        } catch (JsonProcessingException e) {
            throw new DatasetException(path + ": not a dataset's manifest (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new DatasetException(path + ": not a dataset's manifest (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Whether anything but a dataset, or what is left of a broken conversion, lies in the folder.
     *
     * @return true if something else would be mixed with a dataset written here
     * @throws IOException if it cannot be read
     */
    public boolean holdsOtherFiles() throws IOException {
        FileSystem system = storage.of(folder);
        try {
            for (FileStatus entry : system.listStatus(folder)) {
                String name = entry.getPath().getName();
                if (!name.equals(MANIFEST) && !name.startsWith("." + MANIFEST) && !isParts(name)) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /**
     * A name for the folder of new parts.
     *
     * @return a name that no other run has
     */
    public String freshParts() {
        return PARTS_PREFIX + UUID.randomUUID();
    }

    /**
     * Makes the folder of new parts. Writers of parts do not make it, so that none appears again after {@link #discard}.
     *
     * @param parts the name from {@link #freshParts}
     * @throws IOException if it cannot be made
     */
    public void make(String parts) throws IOException {
        Path path = new Path(folder, parts);
        if (!storage.of(folder).mkdirs(path)) {
            throw new IOException(path + " cannot be made");
        }
    }

    /**
     * What each part's footer says of the dataset.
     *
     * @param task the task's name, or null
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     * @param sources source files and their SHA-256
     * @return the footer's keys and values
     */
    public static Map<String, String> footer(String task, int observationSize, int actionSize, String sources) {
        Map<String, String> footer = new LinkedHashMap<>();
        footer.put(TransitionSchema.FOOTER_VERSION, Integer.toString(TransitionSchema.VERSION));
        footer.put(TransitionSchema.FOOTER_TASK, task == null ? "" : task);
        footer.put(TransitionSchema.FOOTER_OBSERVATION_SIZE, Integer.toString(observationSize));
        footer.put(TransitionSchema.FOOTER_ACTION_SIZE, Integer.toString(actionSize));
        footer.put(TransitionSchema.FOOTER_SOURCES, sources);
        return footer;
    }

    /**
     * Makes the new parts the dataset: replaces the manifest, then deletes what it does not name.
     *
     * @param manifest names the new parts
     * @throws DatasetException if a part is not there, as when another run has swept it; the old dataset then stays
     * @throws IOException if it cannot be written, and the old dataset stays; or if the old parts cannot be deleted, and the
     *     new dataset counts
     */
    public void publish(Manifest manifest) throws IOException {
        requireParts(manifest);
        storage.replace(new Path(folder, MANIFEST), JSON.writeValueAsBytes(manifest));
        sweep(manifest);
    }

    /**
     * Deletes what the manifest does not name: parts of an older dataset and of conversions that were broken off.
     *
     * @param manifest the dataset's
     * @throws IOException if they cannot be deleted
     */
    public void sweep(Manifest manifest) throws IOException {
        FileSystem system = storage.of(folder);
        for (FileStatus entry : system.listStatus(folder)) {
            String name = entry.getPath().getName();
            boolean isNamed =
                    manifest.parts().stream().anyMatch(part -> part.path().startsWith(name + "/"));
            if (name.startsWith("." + MANIFEST) || (isParts(name) && !isNamed)) {
                system.delete(entry.getPath(), true);
            }
        }
        Path parts = new Path(folder, manifest.parts().get(0).path()).getParent();
        if (isParts(parts.getName())) {
            // What attempts left that Spark ran twice.
            for (FileStatus entry : system.listStatus(parts)) {
                String name = entry.getPath().getName();
                if (manifest.parts().stream().noneMatch(part -> part.path().endsWith("/" + name))) {
                    system.delete(entry.getPath(), false);
                }
            }
        }
    }

    private static boolean isParts(String name) {
        return PARTS.matcher(name).matches();
    }

    /**
     * Deletes parts that were not published, and the folder if nothing else is in it. Where the manifest names them they stay:
     * publishing can fail after the manifest was written.
     *
     * @param parts the name from {@link #freshParts}
     * @throws IOException if they cannot be deleted
     */
    public void discard(String parts) throws IOException {
        if (isPublished(parts)) {
            return;
        }
        FileSystem system = storage.of(folder);
        system.delete(new Path(folder, parts), true);
        try {
            if (system.listStatus(folder).length == 0) {
                system.delete(folder, false);
            }
        } catch (FileNotFoundException e) {
            // It was never made.
        }
    }

    private boolean isPublished(String parts) throws IOException {
        try {
            return manifest().stream()
                    .flatMap(manifest -> manifest.parts().stream())
                    .anyMatch(part -> part.path().startsWith(parts + "/"));
        } catch (DatasetException e) {
            // Another program's manifest, or a broken one: not the one that names these parts.
            return false;
        }
    }

    /**
     * Reads all rows.
     *
     * @return the rows in order
     * @throws DatasetException if the dataset is incomplete, damaged or too large for arrays
     * @throws IOException if it cannot be read
     */
    public Transitions read() throws IOException {
        Manifest manifest = open();
        return read(manifest, 0, manifest.rows());
    }

    /**
     * Reads a range of rows; only the parts that hold them are touched.
     *
     * @param manifest from {@link #open}
     * @param from the first row
     * @param to the row after the last
     * @return the rows in order
     * @throws DatasetException if a part is damaged or differs from its checksum
     * @throws IllegalArgumentException if the range is not of the dataset, or too large for arrays
     * @throws IOException if it cannot be read
     */
    public Transitions read(Manifest manifest, long from, long to) throws IOException {
        if (from < 0 || from > to || to > manifest.rows()) {
            throw new IllegalArgumentException(
                    "rows %d to %d are not in a dataset of %d rows".formatted(from, to, manifest.rows()));
        }
        Transitions target = Transitions.allocate(to - from, manifest.observationSize(), manifest.actionSize());
        ListLevels levels = new ListLevels();
        long start = 0;
        for (Manifest.Part part : manifest.parts()) {
            long end = start + part.rows();
            if (start < to && end > from) {
                long first = Math.max(from, start);
                int count = (int) (Math.min(to, end) - first);
                Path path = new Path(folder, part.path());
                new PartReader(path.toString(), part, storage.readFully(path), levels)
                        .read(Math.toIntExact(first - start), count, target, Math.toIntExact(first - from));
            }
            start = end;
        }
        return target;
    }
}

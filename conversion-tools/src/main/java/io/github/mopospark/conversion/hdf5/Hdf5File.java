package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/** An open HDF5 file, read through jHDF; whatever a damaged file makes jHDF throw becomes a {@link DatasetException}. */
final class Hdf5File implements AutoCloseable {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    /** Deeper than any layout; a damaged file can link a group into itself. */
    private static final int DEEPEST_GROUP = 8;

    private final String name;
    private final long bytes;
    private final HdfFile file;
    private final FileChannel channel;
    private final NavigableMap<String, Dataset> datasets;

    private Hdf5File(
            String name, long bytes, HdfFile file, FileChannel channel, NavigableMap<String, Dataset> datasets) {
        this.name = name;
        this.bytes = bytes;
        this.file = file;
        this.channel = channel;
        this.datasets = datasets;
    }

    /**
     * Opens a file.
     *
     * @param path a local file
     * @param name what messages call it
     * @return the open file
     * @throws DatasetException if it is no HDF5 file, or a damaged one
     * @throws IOException if it cannot be read
     */
    static Hdf5File open(Path path, String name) throws IOException {
        long bytes = Files.size(path);
        requireSignature(path, name);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        HdfFile file = null;
        try {
            HdfFile opened = guarded(name, () -> new HdfFile(path));
            file = opened;
            requireWhole(opened, bytes, name);
            NavigableMap<String, Dataset> datasets = guarded(name, () -> datasets(opened));
            return new Hdf5File(name, bytes, opened, channel, datasets);
        } catch (DatasetException e) {
            channel.close();
            if (file != null) {
                file.close();
            }
            throw e;
        }
    }

    private static void requireSignature(Path path, String name) throws IOException {
        byte[] start;
        try (var in = Files.newInputStream(path)) {
            start = in.readNBytes(SIGNATURE.length);
        }
        if (start.length == 0) {
            throw new DatasetException(name + ": the file is empty; fetch it again");
        }
        if (!Arrays.equals(start, SIGNATURE)) {
            throw new DatasetException(
                    name
                            + ": not an HDF5 file (its first 8 bytes are not the signature); a failed download is often a web page");
        }
    }

    /** HDF5 notes where its file ends, so a download that was cut is seen even where no dataset misses a byte yet. */
    private static void requireWhole(HdfFile file, long bytes, String name) {
        Superblock superblock = guarded(name, () -> file.getHdfBackingStorage().getSuperblock());
        long end = superblock.getEndOfFileAddress();
        if (end < 0 || end > bytes) {
            throw new DatasetException("%s: has %,d bytes but must have %,d; the file is truncated, fetch it again"
                    .formatted(name, bytes, end));
        }
    }

    private static NavigableMap<String, Dataset> datasets(HdfFile file) {
        NavigableMap<String, Dataset> found = new TreeMap<>();
        collect(file, "", 0, found);
        return found;
    }

    private static void collect(Group group, String prefix, int depth, Map<String, Dataset> found) {
        if (depth > DEEPEST_GROUP) {
            throw new IllegalStateException("groups are nested deeper than " + DEEPEST_GROUP);
        }
        for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
            String path = prefix + child.getKey();
            if (child.getValue() instanceof Dataset dataset) {
                found.put(path, dataset);
            } else if (child.getValue() instanceof Group nested) {
                collect(nested, path + "/", depth + 1, found);
            }
        }
    }

    /**
     * Runs code of jHDF. Which exception a damaged file ends in is a matter of chance, so all are taken; the errors too that
     * sizes read from a damaged file lead to.
     */
    static <T> T guarded(String place, Supplier<T> code) {
        try {
            return code.get();
        } catch (DatasetException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            throw new DatasetException(place + ": too large for the memory of this JVM, or damaged; give it more", e);
        } catch (RuntimeException | StackOverflowError e) {
            throw new DatasetException(
                    place
                            + ": cannot be read; the file is truncated, damaged or uses a part of HDF5 that is not supported ("
                            + cause(e) + ")",
                    e);
        }
    }

    private static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return root.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    String name() {
        return name;
    }

    /** Bytes of the file on disk. */
    long bytes() {
        return bytes;
    }

    FileChannel channel() {
        return channel;
    }

    long userBlockSize() {
        return file.getUserBlockSize();
    }

    /** Paths of all datasets, without the leading slash, in alphabetical order. */
    List<String> keys() {
        return new ArrayList<>(datasets.keySet());
    }

    boolean has(String key) {
        return datasets.containsKey(key);
    }

    /** Whether the path is a group with datasets in it. */
    boolean hasBelow(String path) {
        String next = datasets.ceilingKey(path + "/");
        return next != null && next.startsWith(path + "/");
    }

    /** The groups at the top, in the order of the number their name ends in. */
    List<String> groupsNamed(String prefix) {
        return guarded(name, () -> file.getChildren().entrySet().stream()
                .filter(child ->
                        child.getValue() instanceof Group && child.getKey().matches(prefix + "\\d{1,18}"))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparingLong(key -> Long.parseLong(key.substring(prefix.length()))))
                .toList());
    }

    /** An attribute of the file that is a whole number, if it has one of that name. */
    OptionalLong wholeNumber(String attribute) {
        Object value = guarded(name, () -> {
            Attribute found = file.getAttribute(attribute);
            return found == null ? null : found.getData();
        });
        return value instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    /**
     * A column of floats.
     *
     * @param key the dataset's path
     * @param rank 1 for {@code [rows]}, 2 for {@code [rows, width]}
     */
    FloatColumn floats(String key, int rank) {
        return new FloatColumn(this, key, dataset(key), rank);
    }

    /** A column of flags, {@code [rows]}. */
    FlagColumn flags(String key) {
        return new FlagColumn(this, key, dataset(key));
    }

    Optional<FlagColumn> flagsIfPresent(String key) {
        return has(key) ? Optional.of(flags(key)) : Optional.empty();
    }

    private Dataset dataset(String key) {
        Dataset dataset = datasets.get(key);
        if (dataset == null) {
            throw new DatasetException(
                    "%s: /%s is missing; found are %s".formatted(name, key, abbreviated(datasets.keySet())));
        }
        return dataset;
    }

    /** At most twenty of the names, so that a file of ten thousand episodes still gives a message that can be read. */
    static String abbreviated(Collection<String> keys) {
        int shown = 20;
        if (keys.isEmpty()) {
            return "no datasets";
        }
        String list = String.join(", ", keys.stream().limit(shown).toList());
        return keys.size() > shown ? list + " and " + (keys.size() - shown) + " more" : list;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        file.close();
    }
}

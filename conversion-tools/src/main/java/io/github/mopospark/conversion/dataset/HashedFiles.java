package io.github.mopospark.conversion.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a folder that are named by their content, {@code STEM.HASH.npz}: a new one never replaces an old one that a manifest
 * still names, so that whoever writes the manifest last leaves the old state or the new one.
 */
public final class HashedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(HashedFiles.class);
    /** Digits of the SHA-256 in a name; the manifest has them all. */
    private static final int NAME_DIGITS = 16;

    private final Storage storage;
    private final Path folder;
    private final String names;
    private final Pattern name;

    /**
     * What a manifest says of a file.
     *
     * @param path its name in the folder
     * @param sha256 of its bytes, hexadecimal
     */
    public record Entry(String path, String sha256) {}

    /**
     * The files of a folder.
     *
     * @param storage the file systems
     * @param folder the folder, its scheme and path in full
     * @param stems a regular expression of the stems, such as {@code member-[0-9]+}
     * @param endings what names may end with, such as {@code .npz}
     */
    public HashedFiles(Storage storage, Path folder, String stems, String... endings) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.folder = Objects.requireNonNull(folder, "folder");
        names = stems + ".HASH" + String.join("|", endings);
        String ending = Arrays.stream(endings).map(Pattern::quote).collect(Collectors.joining("|"));
        name = Pattern.compile("(" + stems + ")\\.[0-9a-f]{" + NAME_DIGITS + "}(" + ending + ")");
    }

    /**
     * Writes a file.
     *
     * @param stem what it is
     * @param ending what its name ends with
     * @param content its bytes
     * @return what the manifest shall say of it
     * @throws IllegalArgumentException if such a file would have another name than these files
     * @throws IOException if it cannot be written
     */
    public Entry write(String stem, String ending, byte[] content) throws IOException {
        String sha256 = sha256(content);
        Entry entry = requireName(new Entry(stem + "." + sha256.substring(0, NAME_DIGITS) + ending, sha256));
        storage.replace(path(entry), content);
        return entry;
    }

    private Entry requireName(Entry entry) {
        if (entry == null || !name.matcher(entry.path()).matches()) {
            throw new IllegalArgumentException("a file that it names must lie beside it and be named %s, but is %s"
                    .formatted(names, entry == null ? "null" : entry.path()));
        }
        return entry;
    }

    /**
     * Where a file is.
     *
     * @param entry what the manifest says of it
     * @return its path
     */
    public Path path(Entry entry) {
        return new Path(folder, entry.path());
    }

    /**
     * Reads a file.
     *
     * @param entry what the manifest says of it; may be null
     * @return its bytes
     * @throws IllegalArgumentException if it has another name than such a file, is not there, or is not what was written
     * @throws IOException if it cannot be read
     */
    public byte[] read(Entry entry) throws IOException {
        // A manifest that was tampered with must not make a reader open other files.
        requireName(entry);
        byte[] content;
        try {
            content = storage.readFully(path(entry));
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("it names %s, but there is no such file".formatted(entry.path()), e);
        }
        String found = sha256(content);
        if (!found.equals(entry.sha256())) {
            throw new IllegalArgumentException(
                    "it names %s with the SHA-256 %s, but that file's is %s; the file was damaged or changed"
                            .formatted(entry.path(), entry.sha256(), found));
        }
        return content;
    }

    /**
     * Deletes such files that a manifest does not name any more, and what writers that died have left. Those that cannot be deleted are left for the next time, with
     * a warning: what was written is complete without that.
     *
     * @param kept what the manifest names
     */
    public void deleteAllBut(Collection<Entry> kept) {
        try {
            storage.sweep(folder);
            for (FileStatus file : storage.of(folder).listStatus(folder)) {
                String found = file.getPath().getName();
                if (name.matcher(found).matches()
                        && kept.stream().noneMatch(entry -> entry.path().equals(found))) {
                    storage.of(folder).delete(file.getPath(), false);
                }
            }
        } catch (IOException e) {
            LOG.warn("{}: files of an older state could not be deleted and are left", folder, e);
        }
    }

    private static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Storage.sha256().digest(content));
    }
}

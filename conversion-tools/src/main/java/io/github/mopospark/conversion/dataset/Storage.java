package io.github.mopospark.conversion.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** What datasets need of a Hadoop file system. */
public final class Storage {
    /** How often a file is read that is replaced just then. */
    private static final int MOST_LOOKS = 10;

    /** Where a file appears when it is closed, and renaming is copying. */
    private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs", "swift");

    /** What a file that is to replace another is called until then. */
    private static final Pattern ASIDE = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Configuration configuration;

    /**
     * The file systems of a configuration.
     *
     * @param configuration Hadoop's
     */
    public Storage(Configuration configuration) {
        this.configuration = Objects.requireNonNull(configuration, "configuration");
    }

    /**
     * The file system of a path. The local one is without Hadoop's {@code .crc} files: a dataset has its own checksums, and
     * other programs that read the folder would take them for data.
     *
     * @param path the path
     * @return its file system
     * @throws IOException if the scheme is unknown or the system cannot be reached
     */
    public FileSystem of(Path path) throws IOException {
        FileSystem system;
        try {
            system = path.getFileSystem(configuration);
        } catch (RuntimeException e) {
            // So Hadoop tells that the jars of a file system are not there.
            throw new IOException(
                    "%s: the file system of %s: cannot be used (%s); put its jars on the classpath"
                            .formatted(path, path.toUri().getScheme(), e.getMessage()),
                    e);
        }
        return system instanceof LocalFileSystem local ? local.getRawFileSystem() : system;
    }

    /**
     * A path with its scheme and in full.
     *
     * @param path a path
     * @return the same file or folder
     * @throws IOException if the scheme is unknown or the system cannot be reached
     */
    public Path qualified(Path path) throws IOException {
        return of(path).makeQualified(path);
    }

    /**
     * Replaces a small file as a whole: a reader sees the old or the new content. Where renaming over a file is atomic the new
     * one is written beside it first; on an object store a file appears when it is closed, so there it is written directly.
     *
     * @param path the file
     * @param content its new content
     * @throws IOException if it cannot be written
     */
    public void replace(Path path, byte[] content) throws IOException {
        FileSystem system = of(path);
        Path aside = aside(path);
        if (isLocal(system)) {
            try {
                write(system, aside, out -> out.write(content));
                move(local(aside), local(path));
            } finally {
                // Nothing is there any more unless this failed.
                system.delete(aside, false);
            }
        } else {
            replace(system, path, aside, out -> out.write(content));
        }
    }

    /**
     * Replaces a file as a whole, as {@link #replace(Path, byte[])} does, by a local one, which is moved where it can be.
     *
     * @param path the file
     * @param local its new content; for a local path on the same disk
     * @throws IOException if it cannot be written
     */
    public void replace(Path path, java.nio.file.Path local) throws IOException {
        FileSystem system = of(path);
        if (isLocal(system)) {
            move(local, local(path));
        } else {
            replace(system, path, aside(path), out -> Files.copy(local, out));
        }
    }

    /**
     * Whether files of a system lie on a disk of this machine, or one that is mounted as such.
     *
     * @param system a file system
     * @return true for the scheme {@code file}
     */
    public static boolean isLocal(FileSystem system) {
        return system.getUri().getScheme().equals("file");
    }

    private java.nio.file.Path local(Path path) throws IOException {
        return java.nio.file.Path.of(qualified(path).toUri());
    }

    private static Path aside(Path path) {
        return new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID());
    }

    /**
     * Deletes what was left in a folder by a {@link #replace(Path, byte[])} whose JVM died. Nobody may be writing into the folder.
     *
     * @param folder the folder; what is below its folders stays
     * @throws IOException if it is not there, or files cannot be deleted
     */
    public void sweep(Path folder) throws IOException {
        FileSystem system = of(folder);
        for (FileStatus file : system.listStatus(folder)) {
            if (file.isFile() && ASIDE.matcher(file.getPath().getName()).matches()) {
                system.delete(file.getPath(), false);
            }
        }
    }

    private static void move(java.nio.file.Path from, java.nio.file.Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void replace(FileSystem system, Path path, Path aside, Content content) throws IOException {
        Optional<FileContext> context = renaming(path);
        if (context.isEmpty()) {
            write(system, path, content);
            return;
        }
        try {
            write(system, aside, content);
            context.get().rename(aside, path, Options.Rename.OVERWRITE);
        } finally {
            // Nothing is there any more unless this failed.
            system.delete(aside, false);
        }
    }

    /** What renames over a file; empty for an object store, and for a system that has no such call. */
    private Optional<FileContext> renaming(Path path) throws IOException {
        if (OBJECT_STORES.contains(path.toUri().getScheme())) {
            return Optional.empty();
        }
        try {
            return Optional.of(FileContext.getFileContext(path.toUri(), configuration));
        } catch (UnsupportedFileSystemException e) {
            return Optional.empty();
        }
    }

    /**
     * A new SHA-256, which every JDK has.
     *
     * @return a digest of nothing yet
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes what a file shall hold. */
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void write(FileSystem system, Path path, Content content) throws IOException {
        try (FSDataOutputStream out = system.create(path, true)) {
            try {
                content.writeTo(out);
            } catch (FSError e) {
                // So Hadoop's local file system tells of a full disk.
                throw new IOException(path + " cannot be written: " + e.getMessage(), e);
            } catch (IOException e) {
                // Else closing would make a file of what was written so far.
                if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
                    out.abort();
                }
                throw e;
            }
        }
    }

    /**
     * Reads a whole file, also one that another process replaces meanwhile: as it was, or as it is.
     *
     * @param path the file
     * @return its content
     * @throws IOException if it cannot be read, or is larger than an array
     */
    public byte[] readFully(Path path) throws IOException {
        FileSystem system = of(path);
        for (int look = 1; look <= MOST_LOOKS; look++) {
            long length = system.getFileStatus(path).getLen();
            if (length > Integer.MAX_VALUE - 8L) {
                throw new IOException(path + " has " + length + " bytes, more than can be read at once");
            }
            byte[] content = new byte[(int) length];
            try (FSDataInputStream in = system.open(path)) {
                // The length is that of the file that is opened, unless it was replaced in between.
                if (in.readNBytes(content, 0, content.length) == content.length && in.read() < 0) {
                    return content;
                }
            }
        }
        throw new IOException(path + " was replaced each time when it was read");
    }
}

package io.github.mopospark.conversion.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** What datasets need of a Hadoop file system. */
public final class Storage {
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
        FileSystem system = path.getFileSystem(configuration);
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
        Path aside = new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID());
        switch (system.getUri().getScheme()) {
            case "file" -> {
                write(system, aside, content);
                Files.move(
                        java.nio.file.Path.of(qualified(aside).toUri()),
                        java.nio.file.Path.of(qualified(path).toUri()),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            case "hdfs", "viewfs", "webhdfs", "swebhdfs" -> {
                write(system, aside, content);
                FileContext.getFileContext(path.toUri(), configuration).rename(aside, path, Options.Rename.OVERWRITE);
            }
            default -> write(system, path, content);
        }
    }

    private static void write(FileSystem system, Path path, byte[] content) throws IOException {
        try (OutputStream out = system.create(path, true)) {
            out.write(content);
        }
    }

    /**
     * Reads a whole file.
     *
     * @param path the file
     * @return its content
     * @throws IOException if it cannot be read, or is larger than an array
     */
    public byte[] readFully(Path path) throws IOException {
        FileSystem system = of(path);
        long length = system.getFileStatus(path).getLen();
        if (length > Integer.MAX_VALUE - 8L) {
            throw new IOException(path + " has " + length + " bytes, more than can be read at once");
        }
        byte[] content = new byte[(int) length];
        try (FSDataInputStream in = system.open(path)) {
            in.readFully(0, content);
        }
        return content;
    }
}

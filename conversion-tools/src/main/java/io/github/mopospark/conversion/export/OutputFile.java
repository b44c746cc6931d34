package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The file that {@code --output} of an export names, on any file system of Hadoop. */
public final class OutputFile {
    private final Storage storage;
    private final Path path;
    private final boolean overwrite;

    /**
     * A file to write.
     *
     * @param storage the file systems
     * @param path the file
     * @param overwrite whether it may be there already
     */
    public OutputFile(Storage storage, Path path, boolean overwrite) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.path = Objects.requireNonNull(path, "path");
        this.overwrite = overwrite;
    }

    /**
     * Checks that it can be written, before any work is done for it.
     *
     * @return the file with its scheme and in full
     * @throws DatasetException if it is a folder, is there already and may not be, or lies in a local folder that does not exist
     *     or cannot be written to
     * @throws IOException if its file system cannot be reached
     */
    public Path requireFree() throws IOException {
        Path target = storage.qualified(path);
        FileSystem system = storage.of(target);
        if (system.exists(target)) {
            if (system.getFileStatus(target).isDirectory()) {
                throw new DatasetException("--output: " + target + " is a folder; name a file");
            }
            if (!overwrite) {
                throw new DatasetException("--output: " + target + " is there already; give --overwrite to replace it");
            }
        }
        if (Storage.isLocal(system)) {
            requireFolder(java.nio.file.Path.of(target.toUri()).getParent());
        }
        return target;
    }

    private static void requireFolder(java.nio.file.Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DatasetException("--output: the folder " + folder + " does not exist");
        }
        if (!Files.isWritable(folder)) {
            throw new DatasetException("--output: the folder " + folder + " cannot be written to");
        }
    }
}

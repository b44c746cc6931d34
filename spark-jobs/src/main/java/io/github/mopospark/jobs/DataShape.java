package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How large data are, which is known before a row of them is read.
 *
 * @param uri where they are
 * @param rows at most so many
 * @param observationSize numbers in an observation
 * @param actionSize numbers in an action
 * @param task the name of their task; null if unknown
 */
record DataShape(String uri, long rows, int observationSize, int actionSize, String task) {
    DataShape {
        Objects.requireNonNull(uri, "uri");
    }

    /**
     * The sizes of a dataset, or of an HDF5 file of this machine.
     *
     * @param storage the file systems
     * @param uri where it is
     * @return empty for an HDF5 file elsewhere
     * @throws DatasetException if it is neither
     * @throws IOException if it cannot be read
     */
    static Optional<DataShape> at(Storage storage, String uri) throws IOException {
        Path path = new Path(uri);
        FileSystem system = storage.of(path);
        if (system.getFileStatus(path).isDirectory()) {
            DatasetFolder dataset = new DatasetFolder(storage, path);
            Manifest manifest = dataset.open();
            requireReadable(
                    system, new Path(dataset.path(), manifest.parts().get(0).path()));
            return Optional.of(of(dataset, manifest));
        }
        requireReadable(system, path);
        if (!Storage.isLocal(system)) {
            return Optional.empty();
        }
        java.nio.file.Path local = java.nio.file.Path.of(storage.qualified(path).toUri());
        try (TransitionFile file = TransitionFile.open(local, uri)) {
            return Optional.of(of(uri, file));
        }
    }

    private static void requireReadable(FileSystem system, Path file) throws IOException {
        try (FSDataInputStream in = system.open(file)) {
            in.read();
        }
    }

    static DataShape of(DatasetFolder folder, Manifest manifest) {
        return new DataShape(
                folder.path().toString(),
                manifest.rows(),
                manifest.observationSize(),
                manifest.actionSize(),
                manifest.task());
    }

    static DataShape of(String uri, TransitionFile file) {
        return new DataShape(uri, file.rows(), file.observationSize(), file.actionSize(), null);
    }

    /**
     * Data of another task have other observations, even where their sizes are the same.
     *
     * @throws DatasetException if they cannot be of the task
     */
    void requireFit(Task wanted) {
        boolean isOther = task != null && !Tasks.named(task).name().equals(wanted.name());
        if (isOther || observationSize != wanted.observationSize() || actionSize != wanted.actionSize()) {
            throw new DatasetException(
                    "%s: holds %d observed numbers and %d actions of %s, but task = %s has %d and %d; give its data, or another task"
                            .formatted(
                                    uri,
                                    observationSize,
                                    actionSize,
                                    task == null ? "no known task" : task,
                                    wanted.name(),
                                    wanted.observationSize(),
                                    wanted.actionSize()));
        }
    }
}

package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes a dataset back to an HDF5 file, block by block. The C library writes a local file, which then takes its place as a
 * whole: a file that cannot be exported leaves nothing.
 */
public final class Export {
    /** Rows read at once, unless they are very wide. */
    private static final int BLOCK_ROWS = 100_000;

    private static final int LARGEST_BLOCK_NUMBERS = 1 << 24;

    private final Storage storage;
    private final ExportFormat format;
    private final boolean dropIncomplete;
    private final boolean overwrite;
    private final int blockRows;

    /**
     * What was written.
     *
     * @param uri the file
     * @param rows rows in it
     * @param episodes episodes in it
     * @param leftOut rows left out for want of a next observation
     * @param terminalsLeftOut those of them that are terminal
     * @param bytes its size
     */
    public record Result(String uri, long rows, long episodes, long leftOut, long terminalsLeftOut, long bytes) {}

    /**
     * An export.
     *
     * @param storage the file systems
     * @param format the layout to write
     * @param dropIncomplete whether rows without a next observation are left out; else they are refused where the layout has no
     *     place for them
     * @param overwrite whether to replace an existing file
     */
    public Export(Storage storage, ExportFormat format, boolean dropIncomplete, boolean overwrite) {
        this(storage, format, dropIncomplete, overwrite, BLOCK_ROWS);
    }

    Export(Storage storage, ExportFormat format, boolean dropIncomplete, boolean overwrite, int blockRows) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.format = Objects.requireNonNull(format, "format");
        this.dropIncomplete = dropIncomplete;
        this.overwrite = overwrite;
        this.blockRows = blockRows;
    }

    /**
     * Exports a dataset. Not safe for use by several threads.
     *
     * @param dataset the dataset
     * @param output the file to write, on any file system of Hadoop
     * @return what was written
     * @throws DatasetException if the dataset is incomplete or damaged, the layout cannot hold it, or the output is there already
     * @throws IOException if it cannot be read or written
     */
    public Result run(DatasetFolder dataset, org.apache.hadoop.fs.Path output) throws IOException {
        org.apache.hadoop.fs.Path target = new OutputFile(storage, output, overwrite).requireFree();
        Manifest manifest = dataset.open();
        boolean isLocal = Storage.isLocal(storage.of(target));
        Path local;
        Path folder = null;
        if (isLocal) {
            Path file = Path.of(target.toUri());
            local = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        } else {
            folder = Files.createTempDirectory("mopo-export-");
            local = folder.resolve("export.hdf5");
        }
        // For a JVM that is interrupted; in the order in which they are deleted, the last first.
        if (folder != null) {
            folder.toFile().deleteOnExit();
        }
        local.toFile().deleteOnExit();
        try {
            Counts counts = write(dataset, manifest, local);
            long bytes = Files.size(local);
            storage.replace(target, local);
            return new Result(
                    target.toString(), counts.rows, counts.episodes, counts.leftOut, counts.terminalsLeftOut, bytes);
        } finally {
            Files.deleteIfExists(local);
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        }
    }

    private record Counts(long rows, long episodes, long leftOut, long terminalsLeftOut) {}

    private Counts write(DatasetFolder dataset, Manifest manifest, Path local) throws IOException {
        String name = dataset.path().toString();
        int width = Math.max(manifest.observationSize(), manifest.actionSize());
        RowSource all =
                new DatasetRows(dataset, manifest, Math.max(1, Math.min(blockRows, LARGEST_BLOCK_NUMBERS / width)));
        CompleteRows complete = dropIncomplete ? new CompleteRows(all) : null;
        RowWindows windows = new RowWindows(dropIncomplete ? complete : all);
        long rows = 0;
        long episodes = 0;
        try (Hdf5Writer file = new Hdf5Writer(local)) {
            RowSink sink =
                    switch (format) {
                        case D4RL ->
                            new D4rlExport(
                                    file,
                                    name,
                                    manifest.observationSize(),
                                    manifest.actionSize(),
                                    dropIncomplete || hasAllNext(manifest));
                        case MINARI -> new MinariExport(file, name);
                    };
            for (Optional<RowWindow> next = windows.next(); next.isPresent(); next = windows.next()) {
                RowWindow window = next.get();
                sink.write(window);
                rows += window.rows().rows();
                for (int i = 0; i < window.rows().rows(); i++) {
                    episodes += window.endsEpisode(i) ? 1 : 0;
                }
            }
            if (rows == 0) {
                throw new DatasetException(name + ": no row has a next observation; leave --drop-incomplete out");
            }
            sink.finish();
            file.finish();
        }
        return new Counts(
                rows,
                episodes,
                dropIncomplete ? complete.leftOut() : 0,
                dropIncomplete ? complete.terminalsLeftOut() : 0);
    }

    private static boolean hasAllNext(Manifest manifest) {
        Manifest.Column next = manifest.statistics().nextObservation();
        return next != null && next.count() == manifest.rows();
    }
}

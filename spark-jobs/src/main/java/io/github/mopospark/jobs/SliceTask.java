package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.PartWriter;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.conversion.preparation.PreparedBlock;
import io.github.mopospark.conversion.preparation.SliceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;

/** Reads a slice, and writes it as parts of a dataset unless only its summary is wanted. */
final class SliceTask {
    /** A part is read into memory as a whole, so it must not be large. */
    private static final int ROWS_A_PART = 50_000;

    private final Slice slice;
    private final Preparation preparation;
    private final Configuration configuration;
    private final LongAccumulator rowsDone;
    private final LongAccumulator bytesDone;

    SliceTask(
            Slice slice,
            Preparation preparation,
            Configuration configuration,
            LongAccumulator rowsDone,
            LongAccumulator bytesDone) {
        this.slice = slice;
        this.preparation = preparation;
        this.configuration = configuration;
        this.rowsDone = rowsDone;
        this.bytesDone = bytesDone;
    }

    /**
     * Runs.
     *
     * @param target where the rows go; null to summarise only
     * @param index the slice's place in the dataset
     */
    SliceResult run(SliceTarget target, int index) throws IOException {
        ArrayList<Manifest.Part> parts = new ArrayList<>();
        ArrayList<BlockSummary> blocks = new ArrayList<>();
        java.nio.file.Path local = StagedFiles.ofThisExecutor(configuration)
                .fetch(slice.uri(), slice.sha256(), slice.bytes(), slice.modified());
        PartWriter writer = null;
        try (TransitionFile file = TransitionFile.open(local, slice.uri())) {
            SliceReader reader =
                    new SliceReader(file, preparation, slice.episodes(), slice.selection(), slice.from(), slice.to());
            long rowsInPart = 0;
            for (Optional<PreparedBlock> next = reader.next(); next.isPresent(); next = reader.next()) {
                Transitions rows = next.get().transitions();
                blocks.add(BlockSummary.of(next.get()));
                if (target != null && rows.rows() > 0) {
                    if (writer != null && rowsInPart + rows.rows() > ROWS_A_PART) {
                        parts.add(writer.finish());
                        writer = null;
                    }
                    if (writer == null) {
                        writer = open(target, index, parts.size());
                        rowsInPart = 0;
                    }
                    writer.write(rows);
                    rowsInPart += rows.rows();
                }
                rowsDone.add(rows.rows());
                bytesDone.add((long) Float.BYTES
                        * (rows.observations().length
                                + rows.nextObservations().length
                                + rows.actions().length
                                + rows.rows()));
            }
            if (writer != null) {
                parts.add(writer.finish());
                writer = null;
            }
        } finally {
            if (writer != null) {
                writer.close();
            }
        }
        return new SliceResult(parts, blocks);
    }

    /** Two attempts of a task may run at once, so each has its own names; the manifest names those of the one that counts. */
    private PartWriter open(SliceTarget target, int index, int part) throws IOException {
        String name = "%s/part-%05d-%03d-%d.parquet"
                .formatted(target.parts(), index, part, TaskContext.get().taskAttemptId());
        return new PartWriter(new Storage(configuration), new Path(target.folder()), name, target.footer());
    }
}

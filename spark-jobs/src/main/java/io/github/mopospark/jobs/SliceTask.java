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
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
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
        ArrayList<BlockSummary> blocks = new ArrayList<>();
        try (TransitionFile file = StagedFiles.ofThisExecutor(configuration)
                        .open(slice.uri(), slice.sha256(), slice.bytes(), slice.modified());
                Parts parts = new Parts(target, index)) {
            SliceReader reader =
                    new SliceReader(file, preparation, slice.episodes(), slice.selection(), slice.from(), slice.to());
            for (Optional<PreparedBlock> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (TaskContext.get().isInterrupted()) {
                    // Another task has failed, and what this one writes would be deleted.
                    throw new TaskKilledException();
                }
                Transitions rows = next.get().transitions();
                blocks.add(BlockSummary.of(next.get()));
                if (target != null) {
                    parts.write(rows);
                }
                rowsDone.add(rows.rows());
                bytesDone.add((long) Float.BYTES
                        * (rows.observations().length
                                + rows.nextObservations().length
                                + rows.actions().length
                                + rows.rows()));
            }
            return new SliceResult(new ArrayList<>(parts.finish()), blocks);
        }
    }

    /** The parts of a slice, begun anew when one has enough rows. */
    private final class Parts implements AutoCloseable {
        private final SliceTarget target;
        private final int index;
        private final List<Manifest.Part> finished = new ArrayList<>();
        private PartWriter writer;
        private long rows;

        Parts(SliceTarget target, int index) {
            this.target = target;
            this.index = index;
        }

        void write(Transitions block) throws IOException {
            if (block.rows() == 0) {
                return;
            }
            if (writer != null && rows + block.rows() > ROWS_A_PART) {
                finishPart();
            }
            if (writer == null) {
                writer = new PartWriter(new Storage(configuration), new Path(target.folder()), name(), target.footer());
                rows = 0;
            }
            writer.write(block);
            rows += block.rows();
        }

        /** Two attempts of a task may run at once, so each has its own names; the manifest names those that count. */
        private String name() {
            return "%s/part-%05d-%03d-%d.parquet"
                    .formatted(
                            target.parts(),
                            index,
                            finished.size(),
                            TaskContext.get().taskAttemptId());
        }

        private void finishPart() throws IOException {
            finished.add(writer.finish());
            writer = null;
        }

        List<Manifest.Part> finish() throws IOException {
            if (writer != null) {
                finishPart();
            }
            return finished;
        }

        @Override
        public void close() throws IOException {
            if (writer != null) {
                writer.close();
            }
        }
    }
}

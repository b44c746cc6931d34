package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.conversion.preparation.Episodes;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.conversion.preparation.PreparedBlock;
import io.github.mopospark.conversion.preparation.RowSelection;
import io.github.mopospark.conversion.preparation.SliceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a file of recorded transitions as a conversion would prepare it, without Spark. */
final class RecordedFile {
    private RecordedFile() {}

    static Transitions read(Path path) throws IOException {
        Preparation preparation = Preparation.defaults();
        try (TransitionFile file = TransitionFile.open(path, path.toString())) {
            Episodes episodes = Episodes.of(file, path.toString(), preparation.boundary(), 0);
            Transitions rows = Transitions.allocate(file.rows(), file.observationSize(), file.actionSize());
            SliceReader reader = new SliceReader(file, preparation, episodes, RowSelection.ALL, 0, file.rows());
            int row = 0;
            for (Optional<PreparedBlock> block = reader.next(); block.isPresent(); block = reader.next()) {
                copy(block.get().transitions(), rows, row);
                row += block.get().transitions().rows();
            }
            if (row != rows.rows()) {
                throw new IOException("%s: %,d of %,d rows could be read".formatted(path, row, rows.rows()));
            }
            return rows;
        }
    }

    private static void copy(Transitions from, Transitions to, int row) {
        int count = from.rows();
        int width = from.observationSize();
        System.arraycopy(from.episodes(), 0, to.episodes(), row, count);
        System.arraycopy(from.steps(), 0, to.steps(), row, count);
        System.arraycopy(from.observations(), 0, to.observations(), row * width, count * width);
        System.arraycopy(from.actions(), 0, to.actions(), row * from.actionSize(), count * from.actionSize());
        System.arraycopy(from.rewards(), 0, to.rewards(), row, count);
        System.arraycopy(from.nextObservations(), 0, to.nextObservations(), row * width, count * width);
        System.arraycopy(from.hasNextObservation(), 0, to.hasNextObservation(), row, count);
        System.arraycopy(from.terminals(), 0, to.terminals(), row, count);
        System.arraycopy(from.timeouts(), 0, to.timeouts(), row, count);
    }
}

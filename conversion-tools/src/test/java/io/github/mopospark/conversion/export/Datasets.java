package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.PartWriter;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.conversion.preparation.Boundary;
import io.github.mopospark.conversion.preparation.Episodes;
import io.github.mopospark.conversion.preparation.Findings;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.conversion.preparation.PreparedBlock;
import io.github.mopospark.conversion.preparation.RowSelection;
import io.github.mopospark.conversion.preparation.SliceReader;
import io.github.mopospark.tasks.JumpReward;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Makes datasets and rows for them, without Spark. */
final class Datasets {
    static final int OBSERVATION_SIZE = 3;
    static final int ACTION_SIZE = 2;

    private Datasets() {}

    /** Episodes of these lengths that end in turn by a terminal and by a timeout; all next observations are recorded. */
    static Transitions episodes(int... lengths) {
        int count = 0;
        for (int length : lengths) {
            count += length;
        }
        Random random = new Random(7);
        Transitions rows = Transitions.allocate(count, OBSERVATION_SIZE, ACTION_SIZE);
        int row = 0;
        for (int episode = 0; episode < lengths.length; episode++) {
            float[] observation = numbers(random, OBSERVATION_SIZE);
            for (int step = 0; step < lengths[episode]; step++) {
                float[] next = numbers(random, OBSERVATION_SIZE);
                rows.episodes()[row] = episode;
                rows.steps()[row] = step;
                System.arraycopy(observation, 0, rows.observations(), row * OBSERVATION_SIZE, OBSERVATION_SIZE);
                System.arraycopy(next, 0, rows.nextObservations(), row * OBSERVATION_SIZE, OBSERVATION_SIZE);
                System.arraycopy(numbers(random, ACTION_SIZE), 0, rows.actions(), row * ACTION_SIZE, ACTION_SIZE);
                rows.rewards()[row] = numbers(random, 1)[0];
                rows.hasNextObservation()[row] = true;
                boolean ends = step + 1 == lengths[episode];
                rows.terminals()[row] = ends && episode % 2 == 0;
                rows.timeouts()[row] = ends && episode % 2 == 1;
                observation = next;
                row++;
            }
        }
        return rows;
    }

    /** Those rows as a file without next observations gives them: none at an episode's end. */
    static Transitions episodesWithoutLastNext(int... lengths) {
        Transitions rows = episodes(lengths);
        for (int row = 0; row < rows.rows(); row++) {
            if (rows.terminals()[row] || rows.timeouts()[row]) {
                forgetNext(rows, row);
            }
        }
        return rows;
    }

    static void forgetNext(Transitions rows, int row) {
        rows.hasNextObservation()[row] = false;
        for (int k = 0; k < OBSERVATION_SIZE; k++) {
            rows.nextObservations()[row * OBSERVATION_SIZE + k] = 0;
        }
    }

    /** Any finite numbers of up to 1, with those whose bits are lost most easily among them. */
    private static float[] numbers(Random random, int count) {
        float[] delicate = {-0.0f, 0.0f, Float.MIN_VALUE, -Float.MIN_NORMAL, Math.nextDown(1f), 0.1f};
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] =
                    random.nextInt(4) == 0 ? delicate[random.nextInt(delicate.length)] : 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    /** Makes a dataset of blocks of rows, each a part. */
    static DatasetFolder publish(Path folder, Transitions... parts) throws IOException {
        Storage storage = new Storage(new Configuration());
        DatasetFolder dataset = new DatasetFolder(storage, new org.apache.hadoop.fs.Path(folder.toString()));
        int observationSize = parts[0].observationSize();
        int actionSize = parts[0].actionSize();
        String name = dataset.freshParts();
        dataset.make(name);
        List<Manifest.Part> written = new ArrayList<>();
        long rows = 0;
        long withNext = 0;
        for (Transitions part : parts) {
            try (PartWriter writer = new PartWriter(
                    storage,
                    dataset.path(),
                    name + "/part-" + written.size() + ".parquet",
                    DatasetFolder.footer(null, observationSize, actionSize, ""))) {
                writer.write(part);
                written.add(writer.finish());
            }
            rows += part.rows();
            for (boolean hasNext : part.hasNextObservation()) {
                withNext += hasNext ? 1 : 0;
            }
        }
        dataset.publish(new Manifest(
                Manifest.VERSION,
                null,
                observationSize,
                actionSize,
                rows,
                written,
                List.of(),
                new Manifest.Choices("flags", null, null, false, null, null, null, null),
                Findings.NONE,
                new Manifest.Statistics(
                        column(rows, observationSize),
                        column(rows, actionSize),
                        column(rows, 1),
                        withNext == 0 ? null : column(withNext, observationSize),
                        0,
                        new double[0],
                        new long[0],
                        null)));
        return dataset;
    }

    private static Manifest.Column column(long count, int width) {
        return new Manifest.Column(count, new double[width], new double[width], new double[width], new double[width]);
    }

    /** Converts a file with {@code --boundary flags}, each block a part. */
    static DatasetFolder convert(Path file, Path folder) throws IOException {
        return convert(file, folder, "flags");
    }

    static DatasetFolder convert(Path file, Path folder, String boundary) throws IOException {
        Preparation preparation = new Preparation(Boundary.parse(boundary), null, JumpReward.SpeedCap.MIN, false);
        List<Transitions> parts = new ArrayList<>();
        try (TransitionFile source = TransitionFile.open(file, file.toString())) {
            Episodes episodes = Episodes.of(source, file.toString(), preparation.boundary(), 0);
            SliceReader reader = new SliceReader(source, preparation, episodes, RowSelection.ALL, 0, source.rows());
            for (Optional<PreparedBlock> next = reader.next(); next.isPresent(); next = reader.next()) {
                parts.add(next.get().transitions());
            }
        }
        return publish(folder, parts.toArray(new Transitions[0]));
    }
}

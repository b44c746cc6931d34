package io.github.mopospark.ml;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.jobs.Outcome;
import io.github.mopospark.tasks.Task;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The columns of a DataFrame that dynamics are learned from, and the way of their rows into packed arrays. A null next observation
 * is one that was not recorded.
 *
 * @param observation {@code [observationSize]} a row
 * @param action {@code [actionSize]} a row
 * @param reward the column of rewards, the third of those that are selected
 * @param nextObservation {@code [observationSize]} a row
 */
record TransitionColumns(NumbersColumn observation, NumbersColumn action, String reward, NumbersColumn nextObservation)
        implements Serializable {
    private static final int REWARD = 2;
    private static final int FIRST_ROWS = 1_024;
    /** What an array can have. */
    private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

    static TransitionColumns of(Task task, String observation, String action, String reward, String nextObservation) {
        return new TransitionColumns(
                new NumbersColumn(observation, 0, task.observationSize(), "an observation of " + task.name()),
                new NumbersColumn(action, 1, task.actionSize(), "an action of " + task.name()),
                reward,
                new NumbersColumn(nextObservation, 3, task.observationSize(), "an observation of " + task.name()));
    }

    /**
     * Brings all rows to the driver, in the order of partitions and of rows in them.
     *
     * @param dataset a DataFrame with these columns
     * @return its rows; episodes, steps and flags of their end are not read, and are zero
     * @throws io.github.mopospark.jobs.RunException if a row cannot be taken; the message says which and why
     */
    Transitions read(Dataset<?> dataset) {
        Column[] columns = Stream.of(observation.name(), action.name(), reward, nextObservation.name())
                .map(TransitionColumns::column)
                .toArray(Column[]::new);
        List<Outcome<PackedRows>> partitions = dataset.select(columns)
                .toJavaRDD()
                .mapPartitionsWithIndex(
                        (partition, rows) ->
                                List.of(Outcome.of(() -> pack(partition, rows))).iterator(),
                        false)
                .collect();
        return join(partitions.stream().map(Outcome::orThrow).toList());
    }

    /** A column by its name alone, whatever characters it has. */
    private static Column column(String name) {
        return functions.col("`%s`".formatted(name.replace("`", "``")));
    }

    private int stride() {
        return 2 * observation.size() + action.size() + 2;
    }

    private PackedRows pack(int partition, Iterator<Row> rows) {
        int stride = stride();
        float[] numbers = new float[FIRST_ROWS * stride];
        int count = 0;
        while (rows.hasNext()) {
            if ((count + 1L) * stride > numbers.length) {
                numbers = grown(numbers, partition, count);
            }
            pack(rows.next(), new RowPlace(partition, count), numbers, count * stride);
            count++;
        }
        return new PackedRows(count, Arrays.copyOf(numbers, count * stride));
    }

    private float[] grown(float[] numbers, int partition, int count) {
        if (numbers.length > MOST_NUMBERS - stride()) {
            throw new DatasetException(
                    "partition %,d has more rows than %,d, which is what fits in one array; repartition the DataFrame"
                            .formatted(partition, count));
        }
        return Arrays.copyOf(numbers, (int) Math.min(2L * numbers.length, MOST_NUMBERS));
    }

    private void pack(Row row, RowPlace place, float[] numbers, int start) {
        int rewardAt = start + observation.size() + action.size();
        observation.read(row, place, numbers, start);
        action.read(row, place, numbers, start + observation.size());
        if (row.isNullAt(REWARD)) {
            throw new DatasetException("%s: %s is null; leave such rows out".formatted(place, reward));
        }
        numbers[rewardAt] = ((Number) row.get(REWARD)).floatValue();
        if (!nextObservation.isNull(row)) {
            nextObservation.read(row, place, numbers, rewardAt + 1);
            numbers[start + stride() - 1] = 1;
            requireFinite(place, numbers, start);
        }
    }

    /** Rows without a next observation are not learned, so their numbers do not matter. */
    private void requireFinite(RowPlace place, float[] numbers, int start) {
        int offset = start;
        for (NumbersColumn column : List.of(observation, action)) {
            requireFinite(place, column.name(), numbers, offset, column.size());
            offset += column.size();
        }
        requireFinite(place, reward, numbers, offset, 1);
        requireFinite(place, nextObservation.name(), numbers, offset + 1, nextObservation.size());
    }

    private static void requireFinite(RowPlace place, String column, float[] numbers, int from, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(numbers[from + i])) {
                throw new DatasetException(
                        "%s: number %d of %s is %s as a float, but must be finite; leave such rows out"
                                .formatted(place, i, column, numbers[from + i]));
            }
        }
    }

    private Transitions join(List<PackedRows> partitions) {
        int observationSize = observation.size();
        int actionSize = action.size();
        long count = partitions.stream().mapToLong(PackedRows::count).sum();
        Transitions all = Transitions.allocate(count, observationSize, actionSize);
        int row = 0;
        for (PackedRows rows : partitions) {
            for (int i = 0; i < rows.count(); i++) {
                int from = i * stride();
                System.arraycopy(rows.numbers(), from, all.observations(), row * observationSize, observationSize);
                from += observationSize;
                System.arraycopy(rows.numbers(), from, all.actions(), row * actionSize, actionSize);
                from += actionSize;
                all.rewards()[row] = rows.numbers()[from];
                System.arraycopy(
                        rows.numbers(), from + 1, all.nextObservations(), row * observationSize, observationSize);
                all.hasNextObservation()[row] = rows.numbers()[from + 1 + observationSize] == 1;
                row++;
            }
        }
        return all;
    }

    /**
     * Tells rows from others by their numbers. It is not what tells a converted dataset, which is known by its files.
     *
     * @param rows as {@link #read} gives them
     * @return {@code rows-} and a SHA-256 in hexadecimal
     */
    static String checksum(Transitions rows) {
        MessageDigest digest = Storage.sha256();
        for (float[] numbers : List.of(rows.observations(), rows.actions(), rows.rewards(), rows.nextObservations())) {
            update(digest, numbers);
        }
        for (boolean has : rows.hasNextObservation()) {
            digest.update((byte) (has ? 1 : 0));
        }
        return "rows-" + HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, float[] numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * 1_024);
        for (float number : numbers) {
            if (!buffer.hasRemaining()) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            buffer.putFloat(number);
        }
        digest.update(buffer.flip());
    }
}

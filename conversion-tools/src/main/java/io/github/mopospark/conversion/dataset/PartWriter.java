package io.github.mopospark.conversion.dataset;

import io.github.mopospark.conversion.Transitions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.plain.BooleanPlainValuesWriter;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * Writes one Parquet part of a dataset, and its SHA-256 on the way. Parquet's own record writer takes numbers one by one, which
 * costs several times what writing them does; so the pages, all of plain encoding, are made here from whole arrays, and
 * Parquet's file writer puts them into the file.
 */
public final class PartWriter implements AutoCloseable {
    private final String name;
    private final HashedFile file;
    private final ParquetFileWriter writer;
    private final Map<String, String> footer;
    private final CompressionCodecFactory codecs =
            new CodecFactory(new Configuration(false), ParquetWriter.DEFAULT_PAGE_SIZE);
    private final ColumnChunk[] columns;
    private final ListLevels levels = new ListLevels();
    private boolean isClosed;
    private long rows;

    /**
     * Creates the part.
     *
     * @param storage the file systems
     * @param folder the dataset's folder
     * @param name the part's path in it; must not exist
     * @param footer what the part's footer says of the dataset
     * @throws IOException if it cannot be created
     */
    public PartWriter(Storage storage, Path folder, String name, Map<String, String> footer) throws IOException {
        this.name = name;
        this.footer = footer;
        Path path = new Path(folder, name);
        this.file = new HashedFile(storage.of(path), path);
        this.writer = new ParquetFileWriter(
                file,
                TransitionSchema.COLUMNS,
                ParquetFileWriter.Mode.CREATE,
                ParquetWriter.DEFAULT_BLOCK_SIZE,
                ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
                ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                // The manifest has a checksum of the whole part.
                false);
        writer.start();
        this.columns = new ColumnChunk[TransitionSchema.COLUMNS.getFieldCount()];
        for (int field = 0; field < columns.length; field++) {
            columns[field] = new ColumnChunk(TransitionSchema.column(field), codecs);
        }
    }

    /**
     * Appends rows: a page of each column. They stay in memory until the part is finished.
     *
     * @param transitions the rows
     * @throws IOException if they cannot be compressed
     */
    public void write(Transitions transitions) throws IOException {
        int count = transitions.rows();
        if (count == 0) {
            return;
        }
        longs(TransitionSchema.EPISODE, transitions.episodes());
        ints(TransitionSchema.STEP, transitions.steps());
        lists(TransitionSchema.OBSERVATION, transitions.observations(), transitions.observationSize(), count);
        lists(TransitionSchema.ACTION, transitions.actions(), transitions.actionSize(), count);
        floats(TransitionSchema.REWARD, transitions.rewards());
        nullableLists(transitions);
        booleans(TransitionSchema.TERMINAL, transitions.terminals());
        booleans(TransitionSchema.TIMEOUT, transitions.timeouts());
        rows += count;
    }

    private void longs(int field, long[] values) throws IOException {
        ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        Statistics<?> statistics = columns[field].statistics();
        for (long value : values) {
            statistics.updateStats(value);
        }
        columns[field].add(BytesInput.from(bytes), values.length, values.length, statistics);
    }

    private void ints(int field, int[] values) throws IOException {
        ByteBuffer bytes = littleEndian(values.length * Integer.BYTES);
        bytes.asIntBuffer().put(values);
        Statistics<?> statistics = columns[field].statistics();
        for (int value : values) {
            statistics.updateStats(value);
        }
        columns[field].add(BytesInput.from(bytes), values.length, values.length, statistics);
    }

    private void floats(int field, float[] values) throws IOException {
        columns[field].add(
                plain(values, values.length), values.length, values.length, range(field, values, values.length));
    }

    private void booleans(int field, boolean[] values) throws IOException {
        BooleanPlainValuesWriter bits = new BooleanPlainValuesWriter();
        Statistics<?> statistics = columns[field].statistics();
        for (boolean value : values) {
            bits.writeBoolean(value);
            statistics.updateStats(value);
        }
        columns[field].add(bits.getBytes(), values.length, values.length, statistics);
    }

    private void lists(int field, float[] values, int width, int count) throws IOException {
        int defined = TransitionSchema.column(field).getMaxDefinitionLevel();
        columns[field].add(
                BytesInput.concat(levels.ofLists(count, width, defined), plain(values, values.length)),
                values.length,
                count,
                range(field, values, values.length));
    }

    private void nullableLists(Transitions transitions) throws IOException {
        int field = TransitionSchema.NEXT_OBSERVATION;
        int width = transitions.observationSize();
        boolean[] isPresent = transitions.hasNextObservation();
        int missing = 0;
        for (boolean present : isPresent) {
            missing += present ? 0 : 1;
        }
        if (missing == 0) {
            lists(field, transitions.nextObservations(), width, isPresent.length);
            return;
        }
        float[] values =
                present(transitions.nextObservations(), isPresent, width, (isPresent.length - missing) * width);
        Statistics<?> statistics = range(field, values, values.length);
        statistics.incrementNumNulls(missing);
        columns[field].add(
                BytesInput.concat(ListLevels.ofNullableLists(isPresent, width), plain(values, values.length)),
                values.length + missing,
                isPresent.length,
                statistics);
    }

    private static float[] present(float[] values, boolean[] isPresent, int width, int numbers) {
        float[] kept = new float[numbers];
        int next = 0;
        for (int row = 0; row < isPresent.length; row++) {
            if (isPresent[row]) {
                System.arraycopy(values, row * width, kept, next, width);
                next += width;
            }
        }
        return kept;
    }

    private static BytesInput plain(float[] values, int count) {
        ByteBuffer bytes = littleEndian(count * Float.BYTES);
        bytes.asFloatBuffer().put(values, 0, count);
        return BytesInput.from(bytes);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Statistics<?> range(int field, float[] values, int count) {
        Statistics<?> statistics = columns[field].statistics();
        if (count == 0) {
            return statistics;
        }
        float min = values[0];
        float max = values[0];
        for (int i = 1; i < count; i++) {
            float value = values[i];
            min = value < min ? value : min;
            max = value > max ? value : max;
        }
        statistics.updateStats(min);
        statistics.updateStats(max);
        return statistics;
    }

    /**
     * Writes the pages and the footer, and closes the file.
     *
     * @return what the manifest says of the part
     * @throws IllegalStateException if no rows were written
     * @throws IOException if it cannot be written
     */
    public Manifest.Part finish() throws IOException {
        if (rows == 0) {
            throw new IllegalStateException(name + " has no rows");
        }
        try {
            writer.startBlock(rows);
            for (ColumnChunk column : columns) {
                column.writeTo(writer);
            }
            writer.endBlock();
            writer.end(footer);
        } catch (IOException | FSError e) {
            // Hadoop's local file system throws an error where a disk is full.
            throw new IOException(file.getPath() + " cannot be written: " + e.getMessage(), e);
        }
        isClosed = true;
        codecs.release();
        return new Manifest.Part(name, rows, file.bytes(), file.hash());
    }

    /** Closes the file, which is no part unless it was finished. */
    @Override
    public void close() throws IOException {
        if (!isClosed) {
            isClosed = true;
            codecs.release();
            file.close();
        }
    }
}

package io.github.mopospark.conversion.dataset;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;

/** Reads the columns of one part into packed arrays, without objects for rows. The part is in memory, so parts are small. */
final class PartReader {
    private final String name;
    private final byte[] content;

    /**
     * A reader of a part.
     *
     * @param name what messages call it
     * @param part what the manifest says of it
     * @param content its bytes
     * @throws DatasetException if the bytes are not those the manifest names
     */
    PartReader(String name, Manifest.Part part, byte[] content) {
        this.name = name;
        this.content = content;
        String sha256 = HexFormat.of().formatHex(HashedFile.sha256().digest(content));
        if (!sha256.equals(part.sha256())) {
            throw new DatasetException("%s: the SHA-256 is %s but %s says %s; the part was changed, so convert it again"
                    .formatted(name, sha256, DatasetFolder.MANIFEST, part.sha256()));
        }
    }

    /**
     * Reads rows.
     *
     * @param skipped rows of the part before the first to read
     * @param count rows to read
     * @param target takes them
     * @param offset the row of the target that takes the first
     * @throws DatasetException if the columns are not a dataset's, or a row has another size
     * @throws IOException if Parquet cannot read it
     */
    void read(int skipped, int count, Transitions target, int offset) throws IOException {
        try (ParquetFileReader reader = new ParquetFileReader(
                new InMemoryFile(content), ParquetReadOptions.builder().build())) {
            var metadata = reader.getFooter().getFileMetaData();
            if (!metadata.getSchema().equals(TransitionSchema.COLUMNS)) {
                throw new DatasetException(name + ": its columns are not those of a dataset of transitions");
            }
            int toSkip = skipped;
            int done = 0;
            for (PageReadStore pages = reader.readNextRowGroup();
                    pages != null && done < count;
                    pages = reader.readNextRowGroup()) {
                int rows = Math.toIntExact(pages.getRowCount());
                int skippedHere = Math.min(toSkip, rows);
                int taken = Math.min(count - done, rows - skippedHere);
                ColumnReadStoreImpl columns = new ColumnReadStoreImpl(
                        pages,
                        new NoConversion(TransitionSchema.COLUMNS),
                        TransitionSchema.COLUMNS,
                        metadata.getCreatedBy());
                readColumns(columns, skippedHere, taken, target, offset + done);
                toSkip -= skippedHere;
                done += taken;
            }
            if (done < count) {
                throw new DatasetException(
                        "%s: has %d rows after the first %d, not %d".formatted(name, done, skipped, count));
            }
        }
    }

    private void readColumns(ColumnReadStoreImpl columns, int skipped, int count, Transitions target, int offset) {
        if (count == 0) {
            return;
        }
        ColumnReader episodes = column(columns, TransitionSchema.EPISODE, skipped);
        ColumnReader steps = column(columns, TransitionSchema.STEP, skipped);
        ColumnReader rewards = column(columns, TransitionSchema.REWARD, skipped);
        ColumnReader terminals = column(columns, TransitionSchema.TERMINAL, skipped);
        ColumnReader timeouts = column(columns, TransitionSchema.TIMEOUT, skipped);
        for (int row = offset; row < offset + count; row++) {
            target.episodes()[row] = episodes.getLong();
            episodes.consume();
        }
        for (int row = offset; row < offset + count; row++) {
            target.steps()[row] = steps.getInteger();
            steps.consume();
        }
        for (int row = offset; row < offset + count; row++) {
            target.rewards()[row] = rewards.getFloat();
            rewards.consume();
        }
        for (int row = offset; row < offset + count; row++) {
            target.terminals()[row] = terminals.getBoolean();
            terminals.consume();
            target.timeouts()[row] = timeouts.getBoolean();
            timeouts.consume();
        }
        int observationSize = target.observationSize();
        floats(
                columns,
                TransitionSchema.OBSERVATION,
                skipped,
                count,
                target.observations(),
                observationSize,
                offset,
                null);
        floats(columns, TransitionSchema.ACTION, skipped, count, target.actions(), target.actionSize(), offset, null);
        floats(
                columns,
                TransitionSchema.NEXT_OBSERVATION,
                skipped,
                count,
                target.nextObservations(),
                observationSize,
                offset,
                target.hasNextObservation());
    }

    private static ColumnReader column(ColumnReadStoreImpl columns, int field, int skipped) {
        ColumnReader reader = columns.getColumnReader(TransitionSchema.column(field));
        for (int row = 0; row < skipped; row++) {
            reader.skip();
            reader.consume();
        }
        return reader;
    }

    /** Reads lists of one width; where {@code isPresent} is given, a list may be null. */
    private void floats(
            ColumnReadStoreImpl columns,
            int field,
            int skipped,
            int count,
            float[] target,
            int width,
            int offset,
            boolean[] isPresent) {
        ColumnReader reader = columns.getColumnReader(TransitionSchema.column(field));
        int full = TransitionSchema.column(field).getMaxDefinitionLevel();
        for (int row = -skipped; row < count; row++) {
            if (isPresent != null && reader.getCurrentDefinitionLevel() == 0) {
                reader.consume();
                continue;
            }
            int first = (offset + row) * width;
            for (int i = 0; i < width; i++) {
                if (reader.getCurrentDefinitionLevel() != full || reader.getCurrentRepetitionLevel() == 0 != (i == 0)) {
                    throw otherWidth(field, row + skipped, width);
                }
                if (row >= 0) {
                    target[first + i] = reader.getFloat();
                } else {
                    reader.skip();
                }
                reader.consume();
            }
            if (isPresent != null && row >= 0) {
                isPresent[offset + row] = true;
            }
        }
        if (reader.getCurrentRepetitionLevel() != 0) {
            throw otherWidth(field, count + skipped - 1, width);
        }
    }

    private DatasetException otherWidth(int field, int row, int width) {
        return new DatasetException("%s: the %s in row %d does not have %d numbers"
                .formatted(name, TransitionSchema.COLUMNS.getFieldName(field), row, width));
    }

    /** Parquet asks for converters even when columns are read without them. */
    private static final class NoConversion extends GroupConverter {
        private final GroupType type;

        NoConversion(GroupType type) {
            this.type = type;
        }

        @Override
        public Converter getConverter(int field) {
            if (type.getType(field).isPrimitive()) {
                return new PrimitiveConverter() {};
            }
            return new NoConversion(type.getType(field).asGroupType());
        }

        @Override
        public void start() {
            // Never called: no record is assembled.
        }

        @Override
        public void end() {
            // Never called: no record is assembled.
        }
    }

    private record InMemoryFile(byte[] content) implements InputFile {
        @Override
        public long getLength() {
            return content.length;
        }

        @Override
        public SeekableInputStream newStream() {
            SeekableBytes bytes = new SeekableBytes(content);
            return new DelegatingSeekableInputStream(bytes) {
                @Override
                public long getPos() {
                    return bytes.position();
                }

                @Override
                public void seek(long position) {
                    bytes.seek(position);
                }
            };
        }
    }

    private static final class SeekableBytes extends ByteArrayInputStream {
        SeekableBytes(byte[] content) {
            super(content);
        }

        synchronized int position() {
            return pos;
        }

        synchronized void seek(long position) {
            pos = Math.toIntExact(position);
        }
    }
}

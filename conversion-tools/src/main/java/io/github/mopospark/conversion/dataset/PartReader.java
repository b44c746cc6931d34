package io.github.mopospark.conversion.dataset;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Reads the columns of one part into packed arrays, without objects for rows: Parquet finds the pages and decompresses them, and
 * their values are copied as a whole, since {@link PartWriter} writes all of them plain. The part is in memory, so parts are
 * small.
 */
final class PartReader {
    private final String name;
    private final long rows;
    private final byte[] content;
    private final ListLevels levels;

    /**
     * A reader of a part.
     *
     * @param name what messages call it
     * @param part what the manifest says of it
     * @param content its bytes
     * @param levels shared by the parts of a dataset
     * @throws DatasetException if the bytes are not those the manifest names
     */
    PartReader(String name, Manifest.Part part, byte[] content, ListLevels levels) {
        this.name = name;
        this.rows = part.rows();
        this.levels = levels;
        this.content = content;
        String sha256 = HexFormat.of().formatHex(Storage.sha256().digest(content));
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
     * @throws DatasetException if Parquet cannot read it, the columns are not a dataset's, or a row has another size
     */
    void read(int skipped, int count, Transitions target, int offset) {
        try {
            readColumns(new Rows(skipped, count, offset, target));
        } catch (DatasetException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            throw new DatasetException(name + ": too large for the memory of this JVM, or damaged; give it more", e);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // The bytes are those that the manifest names, so whoever wrote it did not write a part.
            throw new DatasetException(name + ": not a part of a dataset (" + e + "); convert it again", e);
        }
    }

    private void readColumns(Rows wanted) throws IOException {
        try (ParquetFileReader reader = new ParquetFileReader(
                new InMemoryFile(content), ParquetReadOptions.builder().build())) {
            if (!reader.getFooter().getFileMetaData().getSchema().equals(TransitionSchema.COLUMNS)) {
                throw new DatasetException(name + ": its columns are not those of a dataset of transitions");
            }
            if (reader.getRowGroups().size() != 1 || reader.getRecordCount() != rows) {
                throw new DatasetException("%s: has %,d rows in %d row groups but %s says %,d in one; convert it again"
                        .formatted(
                                name,
                                reader.getRecordCount(),
                                reader.getRowGroups().size(),
                                DatasetFolder.MANIFEST,
                                rows));
            }
            for (int field = 0; field < TransitionSchema.COLUMNS.getFieldCount(); field++) {
                // One column at a time: Parquet copies what it reads.
                reader.setRequestedSchema(
                        new MessageType(TransitionSchema.COLUMNS.getName(), TransitionSchema.COLUMNS.getType(field)));
                readColumn(reader.readRowGroup(0), field, wanted);
            }
        }
    }

    /** Which rows of the part go where. */
    private record Rows(int skipped, int count, int offset, Transitions target) {
        /** Of a page that starts at a row, how many rows are skipped. */
        int skippedOf(int pageStart, int pageRows) {
            return Math.min(pageRows, Math.max(0, skipped - pageStart));
        }

        /** Of a page that starts at a row, how many rows are taken behind the skipped. */
        int takenOf(int pageStart, int pageRows) {
            return Math.max(0, Math.min(pageStart + pageRows, skipped + count) - Math.max(pageStart, skipped));
        }

        /** The row of the target that takes the first taken row of a page. */
        int targetOf(int pageStart) {
            return offset + Math.max(pageStart, skipped) - skipped;
        }
    }

    private void readColumn(PageReadStore pages, int field, Rows rows) throws IOException {
        PageReader reader = pages.getPageReader(TransitionSchema.column(field));
        if (reader.readDictionaryPage() != null) {
            throw notOurs(field);
        }
        int start = 0;
        while (start < rows.skipped + rows.count) {
            if (!(reader.readPage() instanceof DataPageV1 page) || page.getValueEncoding() != Encoding.PLAIN) {
                throw notOurs(field);
            }
            start += readPage(page, field, start, rows);
        }
    }

    private DatasetException notOurs(int field) {
        return new DatasetException("%s: the pages of %s are not as this program writes them; convert the dataset again"
                .formatted(name, TransitionSchema.COLUMNS.getFieldName(field)));
    }

    /** Reads a page and returns how many rows it has. */
    private int readPage(DataPageV1 page, int field, int start, Rows rows) throws IOException {
        ByteBuffer bytes = page.getBytes().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        Transitions target = rows.target;
        try {
            return switch (field) {
                case TransitionSchema.OBSERVATION ->
                    lists(page, bytes, field, start, rows, target.observations(), target.observationSize());
                case TransitionSchema.ACTION ->
                    lists(page, bytes, field, start, rows, target.actions(), target.actionSize());
                case TransitionSchema.NEXT_OBSERVATION ->
                    lists(page, bytes, field, start, rows, target.nextObservations(), target.observationSize());
                default -> {
                    scalars(bytes, field, page.getValueCount(), start, rows);
                    yield page.getValueCount();
                }
            };
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new DatasetException(
                    name + ": a page of " + TransitionSchema.COLUMNS.getFieldName(field)
                            + " is shorter than its rows; convert the dataset again",
                    e);
        }
    }

    private static void scalars(ByteBuffer bytes, int field, int pageRows, int start, Rows rows) {
        int skipped = rows.skippedOf(start, pageRows);
        int taken = rows.takenOf(start, pageRows);
        int to = rows.targetOf(start);
        Transitions target = rows.target;
        switch (field) {
            case TransitionSchema.EPISODE ->
                bytes.asLongBuffer().position(skipped).get(target.episodes(), to, taken);
            case TransitionSchema.STEP -> bytes.asIntBuffer().position(skipped).get(target.steps(), to, taken);
            case TransitionSchema.REWARD ->
                bytes.asFloatBuffer().position(skipped).get(target.rewards(), to, taken);
            case TransitionSchema.TERMINAL -> bits(bytes, skipped, taken, target.terminals(), to);
            case TransitionSchema.TIMEOUT -> bits(bytes, skipped, taken, target.timeouts(), to);
            default -> throw new IllegalArgumentException("field " + field + " is a list");
        }
    }

    /** Plain booleans are bits, the lowest of a byte first. */
    private static void bits(ByteBuffer bytes, int skipped, int taken, boolean[] target, int to) {
        for (int i = 0; i < taken; i++) {
            int bit = skipped + i;
            target[to + i] = (bytes.get(bytes.position() + bit / Byte.SIZE) >> bit % Byte.SIZE & 1) == 1;
        }
    }

    private int lists(DataPageV1 page, ByteBuffer bytes, int field, int start, Rows rows, float[] target, int width)
            throws IOException {
        boolean isNullable = field == TransitionSchema.NEXT_OBSERVATION;
        int defined = TransitionSchema.column(field).getMaxDefinitionLevel();
        int fullRows = page.getValueCount() / width;
        boolean canBeFull = page.getValueCount() == fullRows * width;
        ByteBuffer full = canBeFull ? levels.ofLists(fullRows, width, defined).toByteBuffer() : ByteBuffer.allocate(0);
        boolean isFull = canBeFull
                && bytes.remaining() >= full.remaining()
                && bytes.slice(bytes.position(), full.remaining()).equals(full);
        if (!isFull && !isNullable) {
            throw new DatasetException("%s: not every %s in the page from row %d has %d numbers"
                    .formatted(name, TransitionSchema.COLUMNS.getFieldName(field), start, width));
        }
        boolean[] isPresent = new boolean[fullRows];
        if (isFull) {
            Arrays.fill(isPresent, true);
            bytes.position(bytes.position() + full.remaining());
        } else {
            isPresent = presence(page, bytes, width);
        }
        int skipped = rows.skippedOf(start, isPresent.length);
        int taken = rows.takenOf(start, isPresent.length);
        int to = rows.targetOf(start);
        FloatBuffer values = bytes.asFloatBuffer();
        if (isFull) {
            values.position(skipped * width).get(target, to * width, taken * width);
        } else {
            int before = 0;
            for (int row = 0; row < skipped; row++) {
                before += isPresent[row] ? width : 0;
            }
            values.position(before);
            for (int row = 0; row < taken; row++) {
                if (isPresent[skipped + row]) {
                    values.get(target, (to + row) * width, width);
                }
            }
        }
        if (isNullable) {
            System.arraycopy(isPresent, skipped, rows.target.hasNextObservation(), to, taken);
        }
        return isPresent.length;
    }

    /** Decodes the levels of lists of one width of which some are null. */
    private boolean[] presence(DataPageV1 page, ByteBuffer bytes, int width) throws IOException {
        int count = page.getValueCount();
        RunLengthBitPackingHybridDecoder repetition = decoder(bytes, 1);
        RunLengthBitPackingHybridDecoder definition = decoder(bytes, 2);
        boolean[] isPresent = new boolean[count];
        int rows = 0;
        int open = 0;
        for (int i = 0; i < count; i++) {
            boolean starts = repetition.readInt() == 0;
            int level = definition.readInt();
            if (starts != (open == 0) || level == 1 || (level == 0 && !starts)) {
                throw new DatasetException(
                        "%s: not every next_observation has %d numbers or none".formatted(name, width));
            }
            if (starts) {
                isPresent[rows] = level != 0;
                rows++;
                open = level == 0 ? 0 : width - 1;
            } else {
                open--;
            }
        }
        return Arrays.copyOf(isPresent, rows);
    }

    private static RunLengthBitPackingHybridDecoder decoder(ByteBuffer bytes, int largest) {
        int length = bytes.getInt();
        ByteBuffer levels = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return new RunLengthBitPackingHybridDecoder(
                Integer.SIZE - Integer.numberOfLeadingZeros(largest), ByteBufferInputStream.wrap(levels));
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

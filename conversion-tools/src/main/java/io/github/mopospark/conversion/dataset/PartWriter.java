package io.github.mopospark.conversion.dataset;

import io.github.mopospark.conversion.Transitions;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes one Parquet part of a dataset, and its SHA-256 on the way. */
public final class PartWriter implements AutoCloseable {
    private static final long ROW_GROUP_BYTES = 64L << 20;

    private final String name;
    private final MessageDigest digest = sha256();
    private final HashedFile file;
    private final ParquetWriter<Integer> writer;
    private final TransitionSupport support;
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
        Path path = new Path(folder, name);
        this.file = new HashedFile(storage.of(path), path, digest);
        this.support = new TransitionSupport(footer);
        this.writer = new Builder(file, support)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withRowGroupSize(ROW_GROUP_BYTES)
                // Measured numbers hardly repeat: a dictionary of them is built, found too large and thrown away.
                .withDictionaryEncoding(false)
                .withDictionaryEncoding("episode", true)
                .build();
    }

    /** A new SHA-256, which every JDK has. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Appends rows.
     *
     * @param transitions the rows
     * @throws IOException if they cannot be written
     */
    public void write(Transitions transitions) throws IOException {
        support.transitions = transitions;
        for (int row = 0; row < transitions.rows(); row++) {
            writer.write(row);
        }
        rows += transitions.rows();
    }

    /**
     * Writes the footer and closes the file.
     *
     * @return what the manifest says of the part
     * @throws IOException if it cannot be written
     */
    public Manifest.Part finish() throws IOException {
        writer.close();
        return new Manifest.Part(name, rows, file.bytes, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
        private final TransitionSupport support;

        Builder(OutputFile file, TransitionSupport support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
            return support;
        }
    }

    /** Hands the columns of a row to Parquet; a record is a row's place in the block. */
    private static final class TransitionSupport extends WriteSupport<Integer> {
        private final Map<String, String> footer;
        private RecordConsumer consumer;
        private Transitions transitions;

        TransitionSupport(Map<String, String> footer) {
            this.footer = footer;
        }

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(TransitionSchema.COLUMNS, footer);
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            this.consumer = recordConsumer;
        }

        @Override
        public void write(Integer record) {
            int row = record;
            consumer.startMessage();
            start(TransitionSchema.EPISODE);
            consumer.addLong(transitions.episodes()[row]);
            end(TransitionSchema.EPISODE);
            start(TransitionSchema.STEP);
            consumer.addInteger(transitions.steps()[row]);
            end(TransitionSchema.STEP);
            floats(TransitionSchema.OBSERVATION, transitions.observations(), row, transitions.observationSize());
            floats(TransitionSchema.ACTION, transitions.actions(), row, transitions.actionSize());
            start(TransitionSchema.REWARD);
            consumer.addFloat(transitions.rewards()[row]);
            end(TransitionSchema.REWARD);
            if (transitions.hasNextObservation()[row]) {
                floats(
                        TransitionSchema.NEXT_OBSERVATION,
                        transitions.nextObservations(),
                        row,
                        transitions.observationSize());
            }
            start(TransitionSchema.TERMINAL);
            consumer.addBoolean(transitions.terminals()[row]);
            end(TransitionSchema.TERMINAL);
            start(TransitionSchema.TIMEOUT);
            consumer.addBoolean(transitions.timeouts()[row]);
            end(TransitionSchema.TIMEOUT);
            consumer.endMessage();
        }

        private void start(int field) {
            consumer.startField(TransitionSchema.COLUMNS.getFieldName(field), field);
        }

        private void end(int field) {
            consumer.endField(TransitionSchema.COLUMNS.getFieldName(field), field);
        }

        private void floats(int field, float[] values, int row, int width) {
            start(field);
            consumer.startGroup();
            consumer.startField("list", 0);
            for (int i = row * width; i < (row + 1) * width; i++) {
                consumer.startGroup();
                consumer.startField("element", 0);
                consumer.addFloat(values[i]);
                consumer.endField("element", 0);
                consumer.endGroup();
            }
            consumer.endField("list", 0);
            consumer.endGroup();
            end(field);
        }
    }

    /** A new file whose bytes are hashed as they are written. */
    private static final class HashedFile implements OutputFile {
        private final FileSystem system;
        private final Path path;
        private final MessageDigest digest;
        private long bytes;

        HashedFile(FileSystem system, Path path, MessageDigest digest) {
            this.system = system;
            this.path = path;
            this.digest = digest;
        }

        @Override
        public PositionOutputStream create(long blockSizeHint) throws IOException {
            FSDataOutputStream out = system.create(path, false);
            OutputStream hashed = new DigestOutputStream(out, digest);
            return new PositionOutputStream() {
                @Override
                public long getPos() {
                    return bytes;
                }

                @Override
                public void write(int b) throws IOException {
                    hashed.write(b);
                    bytes++;
                }

                @Override
                public void write(byte[] source, int offset, int length) throws IOException {
                    hashed.write(source, offset, length);
                    bytes += length;
                }

                @Override
                public void flush() throws IOException {
                    hashed.flush();
                }

                @Override
                public void close() throws IOException {
                    hashed.close();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }

        @Override
        public String getPath() {
            return path.toString();
        }
    }
}

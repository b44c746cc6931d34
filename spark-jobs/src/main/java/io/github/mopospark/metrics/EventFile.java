package io.github.mopospark.metrics;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.protobuf.ProtobufWriter;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * An event file of TensorBoard: TFRecords, each a message {@code Event}. Where a file system shows what is written before the
 * file is closed, the file grows; elsewhere, as on an object store, it is replaced as a whole by {@link #flush}.
 */
final class EventFile implements Closeable {
    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\..*");

    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE_VALUE = 2;
    private static final int SESSION_LOG_STATUS = 1;
    private static final int SESSION_START = 1;

    private static final int CRC_DELTA = 0xA282EAD8;

    private final Storage storage;
    private final Path path;
    private final Clock clock;
    /** The open file; null where it is replaced as a whole. */
    private final FSDataOutputStream growing;
    /** All of the file where it is replaced, else what was not flushed yet. */
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();

    private EventFile(Storage storage, Path path, Clock clock, FSDataOutputStream growing) {
        this.storage = storage;
        this.path = path;
        this.clock = clock;
        this.growing = growing;
    }

    /**
     * Begins a file, behind those that are in its folder.
     *
     * @param storage writes it
     * @param folder its folder, which is made if it is not there
     * @param clock the time of events
     * @param firstStep the first step that will be told; what former files have from there on does not count
     * @throws IOException if it cannot be written
     */
    static EventFile create(Storage storage, Path folder, Clock clock, long firstStep) throws IOException {
        FileSystem system = storage.of(folder);
        // TensorBoard reads a folder's files in the order of their names.
        long seconds = Math.max(clock.instant().getEpochSecond(), lastSeconds(system, folder) + 1);
        Path path = new Path(folder, "events.out.tfevents.%010d.%s".formatted(seconds, host()));
        FSDataOutputStream out = system.create(path, false);
        boolean grows = out.hasCapability(StreamCapabilities.HSYNC);
        if (!grows) {
            out.close();
        }
        EventFile file = new EventFile(storage, path, clock, grows ? out : null);
        file.add(file.event().text(EVENT_FILE_VERSION, "brain.Event:2"));
        file.add(file.event()
                .varint(EVENT_STEP, firstStep)
                .message(EVENT_SESSION_LOG, new ProtobufWriter().varint(SESSION_LOG_STATUS, SESSION_START)));
        return file;
    }

    private static long lastSeconds(FileSystem system, Path folder) throws IOException {
        long last = -1;
        try {
            for (FileStatus status : system.listStatus(folder)) {
                Matcher name = NAME.matcher(status.getPath().getName());
                last = name.matches() ? Math.max(last, Long.parseLong(name.group(1))) : last;
            }
        } catch (FileNotFoundException e) {
            return last;
        }
        return last;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Adds scalars of a step by their tags. */
    void add(long step, Map<String, Double> scalars) {
        ProtobufWriter summary = new ProtobufWriter();
        scalars.forEach((tag, value) -> summary.message(
                SUMMARY_VALUE,
                new ProtobufWriter().text(VALUE_TAG, tag).float32(VALUE_SIMPLE_VALUE, value.floatValue())));
        add(event().varint(EVENT_STEP, step).message(EVENT_SUMMARY, summary));
    }

    private ProtobufWriter event() {
        return new ProtobufWriter().float64(EVENT_WALL_TIME, clock.millis() / 1e3);
    }

    /** A TFRecord: the length, its checksum, the message, its checksum; little-endian. */
    private void add(ProtobufWriter event) {
        byte[] message = event.toBytes();
        byte[] length = little(Long.BYTES).putLong((long) message.length).array();
        records.writeBytes(length);
        records.writeBytes(checksum(length));
        records.writeBytes(message);
        records.writeBytes(checksum(message));
    }

    private static byte[] checksum(byte[] bytes) {
        return little(Integer.BYTES).putInt(maskedCrc(bytes)).array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The CRC-32C, turned by 15 bits and shifted by a constant, as TFRecords have it. */
    static int maskedCrc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return Integer.rotateRight((int) crc.getValue(), 15) + CRC_DELTA;
    }

    /** Lets readers see what was added. */
    void flush() throws IOException {
        if (growing == null) {
            storage.replace(path, records.toByteArray());
        } else {
            records.writeTo(growing);
            records.reset();
            growing.hflush();
        }
    }

    @Override
    public void close() throws IOException {
        if (growing != null) {
            growing.close();
        }
    }
}

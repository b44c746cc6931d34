package io.github.mopospark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files, read by a decoder of their own. */
class TensorBoardSinkTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_500L), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(OnCloseFileSystem.register(new Configuration()));

    private TensorBoardSink sink(RunPosition position) {
        return new TensorBoardSink(storage, new org.apache.hadoop.fs.Path(folder.toUri()), CLOCK, position);
    }

    private static EpochMetrics epoch(int epoch) {
        return new EpochMetrics(epoch, Map.of(Metric.TEMPERATURE, 0.25 * epoch, Metric.SCORE_MEAN, -1.0 / epoch));
    }

    /** The event files of a folder, in the order in which TensorBoard reads them. */
    private List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.sorted().toList();
        }
    }

    private record Event(double wallTime, long step, String version, boolean isStart, Map<String, Float> scalars) {}

    private static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertThat(bytes.getInt()).isEqualTo(crc(length));
            byte[] message = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            bytes.get(message);
            assertThat(bytes.getInt()).isEqualTo(crc(message));
            events.add(event(message));
        }
        return events;
    }

    /** By the formula in the description of TFRecords. */
    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        int value = (int) crc.getValue();
        return ((value >>> 15) | (value << 17)) + 0xa282ead8;
    }

    private static Event event(byte[] message) {
        Map<Integer, Object> fields = fields(message);
        Map<String, Float> scalars = new LinkedHashMap<>();
        if (fields.get(5) instanceof byte[] summary) {
            // A summary has nothing but values; all of them have the key of the first.
            ByteBuffer values = ByteBuffer.wrap(summary);
            while (values.hasRemaining()) {
                assertThat(values.get()).isEqualTo((byte) (1 << 3 | 2));
                byte[] value = new byte[(int) varint(values)];
                values.get(value);
                Map<Integer, Object> parts = fields(value);
                scalars.put(new String((byte[]) parts.get(1), StandardCharsets.UTF_8), (Float) parts.get(2));
            }
        }
        return new Event(
                (Double) fields.get(1),
                (Long) fields.getOrDefault(2, 0L),
                fields.get(3) instanceof byte[] version ? new String(version, StandardCharsets.UTF_8) : "",
                fields.get(7) instanceof byte[] session && Arrays.equals(session, new byte[] {8, 1}),
                scalars);
    }

    private static Map<Integer, Object> fields(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Object> fields = new LinkedHashMap<>();
        while (bytes.hasRemaining()) {
            long key = varint(bytes);
            Object value =
                    switch ((int) (key & 7)) {
                        case 0 -> varint(bytes);
                        case 1 -> bytes.getDouble();
                        case 2 -> {
                            byte[] content = new byte[(int) varint(bytes)];
                            bytes.get(content);
                            yield content;
                        }
                        case 5 -> bytes.getFloat();
                        default -> throw new AssertionError("key " + key);
                    };
            fields.put((int) (key >>> 3), value);
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = bytes.get();
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return value;
            }
        }
    }

    @Test
    void masksTheChecksumOfTheCheckString() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        CRC32C crc = new CRC32C();
        crc.update(digits);

        assertThat(crc.getValue()).isEqualTo(0xE3069283L);
        assertThat(EventFile.maskedCrc(digits)).isEqualTo(0xC78AB0E5);
    }

    /** The expected bytes are those of TensorBoard's own writer, version 2.21. */
    @Test
    void writesTheBytesThatTensorBoardWrites() throws IOException {
        try (TensorBoardSink sink = sink(new RunPosition(0, 3))) {
            sink.epochDone(new EpochMetrics(300, Map.of(Metric.TEMPERATURE, 0.25)));
        }

        assertThat(HexFormat.of().formatHex(Files.readAllBytes(files("policy").get(0))))
                .isEqualTo("1800000000000000a37f4b220900002040fc54d9411a0d627261696e2e4576656e743a322b353110"
                        + "0f000000000000006d532b090900002040fc54d94110043a0208017c7bef07"
                        + "2a00000000000000ae8d91f50900002040fc54d94110ac022a1c0a1a0a13757064617465732f"
                        + "74656d7065726174757265150000803e9870686b");
    }

    @Test
    void beginsWithTheVersionAndTheStart() throws IOException {
        try (TensorBoardSink sink = sink(RunPosition.START)) {
            sink.epochDone(epoch(1));
        }

        List<Event> events = read(files("policy").get(0));
        assertThat(events.get(0)).isEqualTo(new Event(1_700_000_000.5, 0, "brain.Event:2", false, Map.of()));
        assertThat(events.get(1)).isEqualTo(new Event(1_700_000_000.5, 1, "", true, Map.of()));
        assertThat(events.get(2).scalars())
                .containsExactly(entry("evaluation/score_mean", -1f), entry("updates/temperature", 0.25f));
    }

    @Test
    void startsBehindTheCheckpointInAFileBehindTheFormerOnes() throws IOException {
        for (int start = 0; start < 3; start++) {
            try (TensorBoardSink sink = sink(new RunPosition(0, 2 * start))) {
                sink.epochDone(epoch(2 * start + 1));
                sink.epochDone(epoch(2 * start + 2));
            }
        }

        List<Path> files = files("policy");
        assertThat(files).hasSize(3);
        for (int i = 0; i < 3; i++) {
            List<Event> events = read(files.get(i));
            assertThat(events.get(1).isStart()).isTrue();
            assertThat(events).extracting(Event::step).containsExactly(0L, 2L * i + 1, 2L * i + 1, 2L * i + 2);
        }
        assertThat(files.get(0).getFileName().toString()).startsWith("events.out.tfevents.1700000000.");
    }

    @Test
    void showsAnEpochBeforeTheFileIsClosed() throws IOException {
        for (org.apache.hadoop.fs.Path target : List.of(
                new org.apache.hadoop.fs.Path(folder.toUri()), OnCloseFileSystem.path(folder.resolve("other")))) {
            String name = target.toUri().getPath().endsWith("other") ? "other/policy" : "policy";
            try (TensorBoardSink sink = new TensorBoardSink(storage, target, CLOCK, RunPosition.START)) {
                for (int epoch = 1; epoch <= 3; epoch++) {
                    sink.epochDone(epoch(epoch));

                    assertThat(read(files(name).get(0))).as("%s", target).hasSize(2 + epoch);
                }
            }
            assertThat(files(name)).hasSize(1);
            assertThat(read(files(name).get(0)).get(4).step()).isEqualTo(3);
        }
    }

    @Test
    void givesEachMemberAFolder() throws IOException {
        try (TensorBoardSink sink = sink(new RunPosition(5, 0))) {
            sink.membersTrained(List.of(
                    new MemberEpoch(0, 6, Double.NaN, 0.5),
                    new MemberEpoch(0, 7, Double.NaN, 0.25),
                    new MemberEpoch(1, 6, 2, 1)));
        }

        List<Event> first = read(files("ensemble/member-0").get(0));
        assertThat(first).extracting(Event::step).containsExactly(0L, 6L, 6L, 7L);
        assertThat(first.get(3).scalars()).containsExactly(entry("ensemble/holdout_error", 0.25f));
        assertThat(read(files("ensemble/member-1").get(0)).get(2).scalars())
                .containsExactly(entry("ensemble/loss", 2f), entry("ensemble/holdout_error", 1f));
    }

    @Test
    void writesNoFileWithoutAnEvent() throws IOException {
        try (TensorBoardSink sink = sink(RunPosition.START)) {
            sink.epochDone(new EpochMetrics(1, Map.of()));
            sink.membersTrained(List.of());
        }

        assertThat(folder).isEmptyDirectory();
    }
}

package io.github.mopospark.conversion.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.preparation.Findings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetFolderTest {
    private static final int WIDTH = 3;
    private static final int ACTIONS = 2;
    private static final int[] PART_ROWS = {70, 1, 129};
    private static final int ROWS = 200;

    @TempDir
    private java.nio.file.Path folder;

    private final Storage storage = new Storage(new Configuration());
    private DatasetFolder dataset;
    private String parts;
    private Manifest manifest;

    @BeforeEach
    void write() throws IOException {
        dataset = new DatasetFolder(storage, new Path(folder.toUri()));
        parts = dataset.freshParts();
        dataset.make(parts);
        List<Manifest.Part> written = new ArrayList<>();
        int from = 0;
        for (int rows : PART_ROWS) {
            written.add(write(rows(from, from + rows, WIDTH), "part-" + written.size() + ".parquet"));
            from += rows;
        }
        manifest = manifest(written, ROWS);
        dataset.publish(manifest);
    }

    private Manifest.Part write(Transitions rows, String name) throws IOException {
        try (PartWriter writer = new PartWriter(
                storage,
                dataset.path(),
                parts + "/" + name,
                DatasetFolder.footer("hopper", WIDTH, ACTIONS, "a.hdf5 00"))) {
            // In two blocks, as a slice is.
            int half = rows.rows() / 2;
            writer.write(range(rows, 0, half));
            writer.write(range(rows, half, rows.rows()));
            return writer.finish();
        }
    }

    static Manifest manifest(List<Manifest.Part> parts, long rows) {
        return new Manifest(
                Manifest.VERSION,
                "hopper",
                WIDTH,
                ACTIONS,
                rows,
                parts,
                List.of(new Manifest.Source("a.hdf5", "00", 1, "d4rl_v2", rows, List.of())),
                new Manifest.Choices("flags", null, null, false, null, null, null, null),
                Findings.NONE,
                new Manifest.Statistics(
                        column(rows, WIDTH),
                        column(rows, ACTIONS),
                        column(rows, 1),
                        null,
                        0,
                        new double[1],
                        new long[1],
                        null));
    }

    private static Manifest.Column column(long rows, int width) {
        return new Manifest.Column(rows, new double[width], new double[width], new double[width], new double[width]);
    }

    /** Rows with extremes of float among them, every seventh without a next observation. */
    private static Transitions rows(int from, int to, int width) {
        float[] extremes = {
            0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, 1e-30f
        };
        Transitions rows = Transitions.allocate(to - from, width, ACTIONS);
        for (int i = 0; i < rows.rows(); i++) {
            long row = (long) from + i;
            SplittableRandom random = new SplittableRandom(row);
            rows.episodes()[i] = row == 5 ? Long.MAX_VALUE : row / 10;
            rows.steps()[i] = (int) (row % 10);
            rows.hasNextObservation()[i] = row % 7 != 6;
            for (int k = 0; k < width; k++) {
                rows.observations()[i * width + k] = (float) random.nextDouble(-1, 1);
                if (rows.hasNextObservation()[i]) {
                    rows.nextObservations()[i * width + k] = extremes[random.nextInt(extremes.length)];
                }
            }
            for (int k = 0; k < ACTIONS; k++) {
                rows.actions()[i * ACTIONS + k] = (float) random.nextDouble(-1, 1);
            }
            rows.rewards()[i] = extremes[(int) (row % extremes.length)];
            rows.terminals()[i] = row % 20 == 19;
            rows.timeouts()[i] = row % 20 == 9;
        }
        return rows;
    }

    private static Transitions range(Transitions all, int from, int to) {
        int width = all.observationSize();
        return new Transitions(
                width,
                ACTIONS,
                Arrays.copyOfRange(all.episodes(), from, to),
                Arrays.copyOfRange(all.steps(), from, to),
                Arrays.copyOfRange(all.observations(), from * width, to * width),
                Arrays.copyOfRange(all.actions(), from * ACTIONS, to * ACTIONS),
                Arrays.copyOfRange(all.rewards(), from, to),
                Arrays.copyOfRange(all.nextObservations(), from * width, to * width),
                Arrays.copyOfRange(all.hasNextObservation(), from, to),
                Arrays.copyOfRange(all.terminals(), from, to),
                Arrays.copyOfRange(all.timeouts(), from, to));
    }

    private static void assertSame(Transitions actual, Transitions expected) {
        // To the bit: minus zero is not zero.
        assertThat(bits(actual.observations())).isEqualTo(bits(expected.observations()));
        assertThat(bits(actual.actions())).isEqualTo(bits(expected.actions()));
        assertThat(bits(actual.rewards())).isEqualTo(bits(expected.rewards()));
        assertThat(bits(actual.nextObservations())).isEqualTo(bits(expected.nextObservations()));
        assertThat(actual.episodes()).isEqualTo(expected.episodes());
        assertThat(actual.steps()).isEqualTo(expected.steps());
        assertThat(actual.hasNextObservation()).isEqualTo(expected.hasNextObservation());
        assertThat(actual.terminals()).isEqualTo(expected.terminals());
        assertThat(actual.timeouts()).isEqualTo(expected.timeouts());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void readsWhatWasWrittenToTheBit() throws IOException {
        assertThat(dataset.open()).usingRecursiveComparison().isEqualTo(manifest);
        assertSame(dataset.read(), rows(0, ROWS, WIDTH));
    }

    @Test
    void readsRangesAcrossParts() throws IOException {
        Transitions all = rows(0, ROWS, WIDTH);
        for (int[] range :
                new int[][] {{0, 1}, {69, 72}, {70, 71}, {71, 200}, {13, 199}, {5, 5}, {200, 200}, {0, 70}}) {
            assertSame(dataset.read(manifest, range[0], range[1]), range(all, range[0], range[1]));
        }
    }

    @Test
    void touchesOnlyThePartsOfARange() throws IOException {
        Manifest opened = dataset.open();
        Files.delete(part(2));
        assertSame(dataset.read(opened, 3, 71), rows(3, 71, WIDTH));
    }

    @Test
    void refusesARangeThatIsNotOfTheDataset() {
        for (long[] range : new long[][] {{-1, 5}, {6, 5}, {0, 201}}) {
            assertThatThrownBy(() -> dataset.read(manifest, range[0], range[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("200 rows");
        }
    }

    private java.nio.file.Path part(int index) {
        return folder.resolve(manifest.parts().get(index).path());
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(() -> dataset.read())
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(folder.getFileName().toString())
                .hasMessageContainingAll(words);
    }

    @Test
    void publishesNoManifestOfPartsThatAreGone() throws IOException {
        Manifest.Part gone = write(rows(0, 14, WIDTH), "gone.parquet");
        Files.delete(folder.resolve(gone.path()));
        assertThatThrownBy(() -> dataset.publish(manifest(List.of(gone), 14)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("gone.parquet is missing");
        assertSame(dataset.read(), rows(0, ROWS, WIDTH));
    }

    @Test
    void writesNoPartWhereItsFolderWasDeleted() throws IOException {
        dataset.discard("parts-of-nothing");
        assertThatThrownBy(() -> new PartWriter(storage, dataset.path(), "parts-of-nothing/part.parquet", Map.of()))
                .isInstanceOf(IOException.class);
        assertThat(folder.resolve("parts-of-nothing")).doesNotExist();
    }

    @Test
    void sweepsOnlyAmongParts() throws IOException {
        Files.move(folder.resolve(manifest.parts().get(0).path()), folder.resolve("flat.parquet"));
        Manifest.Part moved = manifest.parts().get(0);
        Manifest flattened = manifest(
                List.of(new Manifest.Part("flat.parquet", moved.rows(), moved.bytes(), moved.sha256())), moved.rows());
        dataset.publish(flattened);
        dataset.sweep(dataset.open());
        assertThat(dataset.read().rows()).isEqualTo((int) moved.rows());
    }

    @Test
    void refusesAFolderWithoutManifest() throws IOException {
        Files.delete(folder.resolve("dataset.json"));
        assertThat(dataset.manifest()).isEmpty();
        assertRefused("no dataset.json");
    }

    @Test
    void refusesAMissingPart() throws IOException {
        Files.delete(part(1));
        assertRefused("part-1.parquet is missing");
    }

    @Test
    void refusesATruncatedPart() throws IOException {
        byte[] bytes = Files.readAllBytes(part(2));
        Files.write(part(2), Arrays.copyOf(bytes, bytes.length - 1));
        assertRefused("part-2.parquet", "bytes");
    }

    @Test
    void refusesAFlippedByte() throws IOException {
        byte[] bytes = Files.readAllBytes(part(2));
        bytes[bytes.length / 2] ^= 1;
        Files.write(part(2), bytes);
        assertRefused("part-2.parquet", "SHA-256");
    }

    private void editManifest(Consumer<ObjectNode> edit) throws IOException {
        java.nio.file.Path path = folder.resolve("dataset.json");
        ObjectMapper json = new ObjectMapper();
        ObjectNode tree = (ObjectNode) json.readTree(path.toFile());
        edit.accept(tree);
        json.writeValue(path.toFile(), tree);
    }

    private static ObjectNode part(ObjectNode tree, int index) {
        return (ObjectNode) tree.get("parts").get(index);
    }

    @Test
    void refusesAnotherSchemaVersion() throws IOException {
        editManifest(tree -> tree.put("schema_version", 2));
        assertRefused("schema_version is 2", "reads 1");
        editManifest(tree -> tree.remove("schema_version"));
        assertRefused("schema_version is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "7", "{}", "{\"schema_version\": 1}", "\0\0\0\0", "{} {}"})
    void refusesWhatIsNoManifest(String text) throws IOException {
        Files.writeString(folder.resolve("dataset.json"), text, StandardCharsets.UTF_8);
        assertRefused("dataset.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "observation_size",
                "action_size",
                "rows",
                "parts",
                "sources",
                "choices",
                "findings",
                "statistics",
                "task"
            })
    void refusesAManifestThatLacksAField(String field) throws IOException {
        editManifest(tree -> tree.remove(field));
        assertRefused("dataset.json", field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"observation_size", "action_size", "rows", "parts", "sources", "choices", "findings"})
    void refusesANullField(String field) throws IOException {
        editManifest(tree -> tree.putNull(field));
        assertRefused("dataset.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "rows", "bytes", "sha256"})
    void refusesAPartThatLacksAField(String field) throws IOException {
        editManifest(tree -> part(tree, 1).remove(field));
        assertRefused("dataset.json", field);
        editManifest(tree -> part(tree, 1).putNull(field));
        assertRefused("dataset.json");
    }

    @Test
    void refusesANullPart() throws IOException {
        editManifest(tree -> ((ArrayNode) tree.get("parts")).addNull());
        assertRefused("dataset.json", "null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/hosts", "../other/part.parquet", "a:b", "file:///etc/hosts", "parts/", "a//b"})
    void refusesAPathOutsideItsFolder(String path) throws IOException {
        editManifest(tree -> part(tree, 1).put("path", path));
        assertRefused("is not in the dataset's folder");
    }

    @Test
    void refusesSizesBelowOne() throws IOException {
        for (String field : new String[] {"observation_size", "action_size", "rows"}) {
            editManifest(tree -> tree.put(field, 0));
            assertRefused(field + " 0");
            editManifest(tree -> tree.put(field, 3));
        }
    }

    @Test
    void refusesAFractionForANumberOfRows() throws IOException {
        editManifest(tree -> tree.put("rows", 200.5));
        assertRefused("dataset.json");
    }

    @Test
    void refusesRowsThatDisagree() throws IOException {
        editManifest(tree -> tree.put("rows", 199));
        assertRefused("200 rows", "199");
        // The sums agree, but each part's rows do not.
        editManifest(tree -> {
            tree.put("rows", 200);
            part(tree, 0).put("rows", 71);
            part(tree, 1).put("rows", 0);
        });
        assertRefused("part-0.parquet", "70 rows", "71");
        editManifest(tree -> {
            part(tree, 0).put("rows", 60);
            part(tree, 1).put("rows", 11);
        });
        assertRefused("part-0.parquet", "70 rows", "60");
    }

    @ParameterizedTest
    @ValueSource(longs = {-130, 1L << 40, Long.MAX_VALUE})
    void refusesRowsThatNoPartCanHave(long rows) throws IOException {
        editManifest(tree -> part(tree, 0).put("rows", rows));
        assertRefused("dataset.json", "rows");
    }

    @Test
    void refusesAnotherWidth() throws IOException {
        setWidth("observation", 4);
        assertRefused("part-0.parquet", "observation in the page from row 0", "4 numbers");
        setWidth("observation", 2);
        assertRefused("part-0.parquet", "observation in the page from row 0", "2 numbers");
        setWidth("observation", WIDTH);
        setWidth("action", 1);
        assertRefused("part-0.parquet", "action in the page from row 0", "1 numbers");
    }

    private void setWidth(String column, int width) throws IOException {
        editManifest(tree -> {
            tree.put(column + "_size", width);
            for (String name : List.of("mean", "std", "min", "max")) {
                ArrayNode numbers = ((ObjectNode) tree.get("statistics").get(column)).putArray(name);
                for (int i = 0; i < width; i++) {
                    numbers.add(0.0);
                }
            }
        });
    }

    @Test
    void refusesASizeThatItsStatisticsDoNotHave() throws IOException {
        editManifest(tree -> tree.put("observation_size", 5_000_000));
        assertRefused("dataset.json", "observation_size 5000000");
    }

    /** Puts another file in the place of part 1, with its own size and checksum, and so many rows in the manifest. */
    private void replacePart(byte[] bytes, int rows) throws IOException {
        Files.write(part(1), bytes);
        String sha256 = HexFormat.of().formatHex(Storage.sha256().digest(bytes));
        editManifest(tree -> {
            part(tree, 1).put("bytes", bytes.length).put("sha256", sha256).put("rows", rows);
            tree.put("rows", ROWS - 1 + rows);
        });
    }

    @Test
    void refusesAPartThatIsNotParquet() throws IOException {
        for (byte[] bytes :
                new byte[][] {new byte[0], new byte[3], new byte[100], "PAR1....PAR1".getBytes(StandardCharsets.UTF_8)
                }) {
            replacePart(bytes, 1);
            assertRefused("part-1.parquet");
        }
    }

    @Test
    void refusesAForeignParquetFile() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message other { required int64 episode; }");
        java.nio.file.Path path = folder.resolve("foreign.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new Path(path.toUri()))
                .withType(schema)
                .build()) {
            writer.write(new SimpleGroupFactory(schema).newGroup().append("episode", 1L));
        }
        replacePart(Files.readAllBytes(path), 1);
        assertRefused("part-1.parquet", "columns");
    }

    @Test
    void refusesAPartOfAnotherWidth() throws IOException {
        Manifest.Part other = write(rows(70, 75, WIDTH + 1), "other.parquet");
        replacePart(Files.readAllBytes(folder.resolve(other.path())), 5);
        assertRefused("part-1.parquet", "observation in the page from row 0", "3 numbers");
    }

    @Test
    void takesAnAllNullNextObservation() throws IOException {
        Transitions rows = rows(0, 14, WIDTH);
        Arrays.fill(rows.hasNextObservation(), false);
        Arrays.fill(rows.nextObservations(), 0);
        dataset.publish(manifest(List.of(write(rows, "nulls.parquet")), 14));
        assertSame(dataset.read(), rows);
    }

    @Test
    void deletesWhatTheManifestDoesNotName() throws IOException {
        java.nio.file.Path old = part(0).getParent();
        Files.writeString(folder.resolve(".dataset.json.aside"), "x", StandardCharsets.UTF_8);
        parts = dataset.freshParts();
        dataset.make(parts);
        Manifest.Part only = write(rows(0, 9, WIDTH), "a.parquet");
        Manifest.Part twice = write(rows(0, 9, WIDTH), "b.parquet");
        dataset.publish(manifest(List.of(only), 9));
        assertThat(old).doesNotExist();
        assertThat(folder.resolve(twice.path())).doesNotExist();
        assertThat(folder).isDirectoryNotContaining("glob:**.aside");
        assertThat(dataset.holdsOtherFiles()).isFalse();
        assertSame(dataset.read(), rows(0, 9, WIDTH));
    }

    @Test
    void seesOtherFiles() throws IOException {
        assertThat(dataset.holdsOtherFiles()).isFalse();
        Files.writeString(folder.resolve("thesis.txt"), "x", StandardCharsets.UTF_8);
        assertThat(dataset.holdsOtherFiles()).isTrue();
    }

    @Test
    void discardsPartsButNotTheDataset() throws IOException {
        String fresh = dataset.freshParts();
        Files.createDirectories(folder.resolve(fresh));
        dataset.discard(fresh);
        assertThat(folder.resolve(fresh)).doesNotExist();
        assertSame(dataset.read(), rows(0, ROWS, WIDTH));
    }

    @Test
    void discardsAFolderOfNothingElse() throws IOException {
        java.nio.file.Path other = folder.resolve("other");
        DatasetFolder empty = new DatasetFolder(storage, new Path(other.toUri()));
        String fresh = empty.freshParts();
        Files.createDirectories(other.resolve(fresh));
        empty.discard(fresh);
        assertThat(other).doesNotExist();
    }

    @Test
    @Timeout(120)
    void neverTakesADamagedManifestForAnother() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("dataset.json"));
        fuzz(folder.resolve("dataset.json"), whole, 31);
    }

    @Test
    @Timeout(120)
    void neverTakesADamagedPartForAnother() throws IOException {
        fuzz(part(2), Files.readAllBytes(part(2)), 32);
    }

    /** Damages that the checksum cannot tell, because the manifest has that of the damaged part, end in no other exception. */
    @Test
    @Timeout(120)
    void endsInOneExceptionOnADamagedPartWithARightChecksum() throws IOException {
        byte[] whole = Files.readAllBytes(part(1));
        SplittableRandom random = new SplittableRandom(33);
        for (int copy = 0; copy < 100; copy++) {
            byte[] damaged = damaged(whole, random);
            replacePart(damaged, 1);
            try {
                assertThat(dataset.read().rows()).isEqualTo(ROWS);
            } catch (DatasetException e) {
                assertThat(e).hasMessageContaining(folder.getFileName().toString());
            }
        }
    }

    private void fuzz(java.nio.file.Path path, byte[] whole, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Transitions expected = rows(0, ROWS, WIDTH);
        int read = 0;
        for (int copy = 0; copy < 100; copy++) {
            Files.write(path, damaged(whole, random));
            try {
                assertSame(dataset.read(), expected);
                read++;
            } catch (DatasetException e) {
                assertThat(e).hasMessageContaining(folder.getFileName().toString());
            }
        }
        assertThat(read).isLessThan(90);
    }

    private static byte[] damaged(byte[] whole, SplittableRandom random) {
        int kind = random.nextInt(3);
        byte[] bytes = kind == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int i = kind == 1 ? 1 : random.nextInt(1, 10); kind != 0 && i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(kind == 1 ? 256 : 128);
        }
        return bytes;
    }
}

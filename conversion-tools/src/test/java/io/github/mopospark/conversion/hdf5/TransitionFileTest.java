package io.github.mopospark.conversion.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Fixtures;
import io.github.mopospark.conversion.hdf5.TransitionFile.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransitionFileTest {
    private static final int[] MINARI_LENGTHS = {40, 1, 75, 30, 9, 7, 5, 3, 2, 2, 6};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "contiguous.hdf5, 210",
        "compact.hdf5, 60",
        "gzip.hdf5, 210",
        "gzip-shuffle-fletcher32.hdf5, 330",
        "fletcher32.hdf5, 210",
        "lzf.hdf5, 210",
        "float64.hdf5, 210",
        "big-endian.hdf5, 210",
        "big-endian-float64.hdf5, 110",
        "latest.hdf5, 210",
        "latest-one-chunk.hdf5, 210",
        "latest-one-plain-chunk.hdf5, 60",
        "latest-growing.hdf5, 210",
        "latest-implicit.hdf5, 210",
        "chunks-beyond-rows.hdf5, 210"
    })
    void readsWhatH5pyWrites(String name, int rows) throws IOException {
        try (TransitionFile file = Fixtures.open(name)) {
            assertThat(file.layout()).isEqualTo(Layout.D4RL_V2);
            assertThat(file.rows()).isEqualTo(rows);
            assertThat(file.observationSize()).isEqualTo(Fixtures.WIDTH);
            assertThat(file.actionSize()).isEqualTo(Fixtures.ACTIONS);
            assertThat(file.recordsTimeouts()).isTrue();
            assertThat(file.groupEnds()).isEmpty();
            assertSame(file.read(0, rows), Fixtures.expected(0, rows, true, true));
            // Backwards and in odd slices: each crosses borders of chunks, and bands are decoded anew.
            for (int from = rows - 1; from >= 0; from -= 37) {
                int count = Math.min(41, rows - from);
                assertSame(file.read(from, count), Fixtures.expected(from, count, true, false));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"v0-many-chunks.hdf5", "v0-latest-two-growing.hdf5"})
    void takesTheNextRowsObservationWhereNoneIsRecorded(String name) throws IOException {
        try (TransitionFile file = Fixtures.open(name)) {
            assertThat(file.layout()).isEqualTo(Layout.D4RL_V0);
            assertSame(file.read(0, 210), Fixtures.expected(0, 210, false, true));
            assertSame(file.read(13, 100), Fixtures.expected(13, 100, false, false));
            assertSame(file.read(209, 1), Fixtures.expected(209, 1, false, true));
        }
    }

    @Test
    void readsFlagsAlone() throws IOException {
        try (TransitionFile file = Fixtures.open("gzip-shuffle-fletcher32.hdf5")) {
            boolean[] terminals = new boolean[170];
            boolean[] timeouts = new boolean[170];
            file.readFlags(60, terminals, timeouts);
            RecordedRows expected = Fixtures.expected(60, 170, true, false);
            assertThat(terminals).isEqualTo(expected.terminals());
            assertThat(timeouts).isEqualTo(expected.timeouts());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"contiguous.hdf5", "latest.hdf5"})
    void listsWhatItSkips(String name) throws IOException {
        try (TransitionFile file = Fixtures.open(name)) {
            assertThat(file.skippedKeys())
                    .containsExactly(
                            "infos/action_log_probs", "infos/qpos", "metadata/algorithm", "metadata/policy/fc0/weight");
        }
    }

    @ParameterizedTest
    @CsvSource({"minari.hdf5, 2", "minari-latest.hdf5, 11"})
    void readsMinarisEpisodesInTheOrderOfTheirNumbers(String name, int episodes) throws IOException {
        try (TransitionFile file = Fixtures.open(name)) {
            assertThat(file.layout()).isEqualTo(Layout.MINARI);
            assertThat(file.recordsTimeouts()).isTrue();
            long end = 0;
            for (int episode = 0; episode < episodes; episode++) {
                end += MINARI_LENGTHS[episode];
                assertThat(file.groupEnds()[episode]).isEqualTo(end);
            }
            assertThat(file.groupEnds()).hasSize(episodes);
            assertThat(file.rows()).isEqualTo(end);
            assertThat(file.skippedKeys()).hasSize(episodes).contains("episode_0/infos/x_position");
            RecordedRows expected = minari(episodes, (int) end);
            assertSame(file.read(0, (int) end), expected);
            for (int from = 0; from < end; from += 17) {
                int count = (int) Math.min(23, end - from);
                assertSame(file.read(from, count), rows(expected, from, count));
            }
        }
    }

    private static RecordedRows minari(int episodes, int count) {
        RecordedRows all = new RecordedRows(
                0,
                new float[count * Fixtures.WIDTH],
                new float[count * Fixtures.ACTIONS],
                new float[count],
                new float[count * Fixtures.WIDTH],
                new boolean[count],
                new boolean[count]);
        int row = 0;
        for (int episode = 0; episode < episodes; episode++) {
            for (int step = 0; step < MINARI_LENGTHS[episode]; step++, row++) {
                RecordedRows one = Fixtures.expected(1000L * episode + step, 1, false, false);
                System.arraycopy(one.observations(), 0, all.observations(), row * Fixtures.WIDTH, Fixtures.WIDTH);
                System.arraycopy(
                        one.nextObservations(), 0, all.nextObservations(), row * Fixtures.WIDTH, Fixtures.WIDTH);
                System.arraycopy(one.actions(), 0, all.actions(), row * Fixtures.ACTIONS, Fixtures.ACTIONS);
                all.rewards()[row] = one.rewards()[0];
                boolean ends = step + 1 == MINARI_LENGTHS[episode] && episode + 1 < episodes;
                all.terminals()[row] = ends && episode % 2 == 0;
                all.timeouts()[row] = ends && episode % 2 == 1;
            }
        }
        return all;
    }

    private static RecordedRows rows(RecordedRows all, int from, int count) {
        return new RecordedRows(
                from,
                Arrays.copyOfRange(all.observations(), from * Fixtures.WIDTH, (from + count) * Fixtures.WIDTH),
                Arrays.copyOfRange(all.actions(), from * Fixtures.ACTIONS, (from + count) * Fixtures.ACTIONS),
                Arrays.copyOfRange(all.rewards(), from, from + count),
                Arrays.copyOfRange(all.nextObservations(), from * Fixtures.WIDTH, (from + count) * Fixtures.WIDTH),
                Arrays.copyOfRange(all.terminals(), from, from + count),
                Arrays.copyOfRange(all.timeouts(), from, from + count));
    }

    @Test
    void readsTheSampleInSlicesAsAtOnce() throws IOException {
        Path sample = Path.of(System.getProperty("mopo.root"), "data", "hopper-sample.hdf5");
        try (TransitionFile file = TransitionFile.open(sample, "sample")) {
            assertThat(file.rows()).isEqualTo(20_000);
            RecordedRows whole = file.read(0, 20_000);
            for (int size : new int[] {7919, 2500, 2501, 333}) {
                for (int from = 0; from < 20_000; from += size) {
                    int count = Math.min(size, 20_000 - from);
                    RecordedRows slice = file.read(from, count);
                    assertThat(slice.observations())
                            .isEqualTo(Arrays.copyOfRange(whole.observations(), from * 11, (from + count) * 11));
                    assertThat(slice.nextObservations())
                            .isEqualTo(Arrays.copyOfRange(whole.nextObservations(), from * 11, (from + count) * 11));
                    assertThat(slice.actions())
                            .isEqualTo(Arrays.copyOfRange(whole.actions(), from * 3, (from + count) * 3));
                    assertThat(slice.rewards()).isEqualTo(Arrays.copyOfRange(whole.rewards(), from, from + count));
                    assertThat(slice.terminals()).isEqualTo(Arrays.copyOfRange(whole.terminals(), from, from + count));
                    assertThat(slice.timeouts()).isEqualTo(Arrays.copyOfRange(whole.timeouts(), from, from + count));
                }
            }
            // What h5py reads there.
            assertThat(whole.observations()[0]).isEqualTo(1.2461175f);
            assertThat(whole.observations()[4999 * 11 + 3]).isEqualTo(-0.33293846f);
            assertThat(whole.nextObservations()[12345 * 11 + 10]).isEqualTo(8.657818f);
            assertThat(whole.rewards()[12345]).isEqualTo(2.7298515f);
            assertThat(whole.actions()[19999 * 3 + 1]).isEqualTo(0.06539306f);
            assertThat(whole.terminals()[70]).isTrue();
            assertThat(whole.timeouts()[4999]).isTrue();
            assertThat(count(whole.terminals())).isEqualTo(220);
            assertThat(count(whole.timeouts())).isEqualTo(12);
        }
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }

    /** A sound v2 file of 3 rows, to be spoilt. */
    private static Map<String, Object> small() {
        Map<String, Object> datasets = new LinkedHashMap<>();
        datasets.put("observations", new float[][] {{1, 2}, {3, 4}, {5, 6}});
        datasets.put("next_observations", new float[][] {{3, 4}, {5, 6}, {7, 8}});
        datasets.put("actions", new float[][] {{0}, {1}, {-1}});
        datasets.put("rewards", new float[] {1, 2, 3});
        datasets.put("terminals", new byte[] {0, 0, 1});
        datasets.put("timeouts", new byte[] {0, 0, 0});
        return datasets;
    }

    private TransitionFile open(Map<String, Object> datasets) throws IOException {
        return TransitionFile.open(Fixtures.write(folder.resolve("f.hdf5"), datasets), "f.hdf5");
    }

    private void assertRefused(String key, Object values, String... words) {
        Map<String, Object> datasets = small();
        datasets.put(key, values);
        assertRefused(datasets, words);
    }

    private void assertRefused(Map<String, Object> datasets, String... words) {
        assertThatThrownBy(() -> {
                    try (TransitionFile file = open(datasets)) {
                        file.read(0, (int) file.rows());
                    }
                })
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("f.hdf5")
                .hasMessageContainingAll(words);
    }

    @Test
    void readsWhatJhdfWrites() throws IOException {
        try (TransitionFile file = open(small())) {
            RecordedRows rows = file.read(1, 2);
            assertThat(rows.firstRow()).isEqualTo(1);
            assertThat(rows.rows()).isEqualTo(2);
            assertThat(rows.observations()).containsExactly(3, 4, 5, 6);
            assertThat(rows.nextObservations()).containsExactly(5, 6, 7, 8);
            assertThat(rows.actions()).containsExactly(1, -1);
            assertThat(rows.terminals()).containsExactly(false, true);
        }
    }

    @Test
    void takesAFileWithoutTimeouts() throws IOException {
        Map<String, Object> datasets = small();
        datasets.remove("timeouts");
        try (TransitionFile file = open(datasets)) {
            assertThat(file.recordsTimeouts()).isFalse();
            assertThat(file.read(0, 3).timeouts()).containsExactly(false, false, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"observations", "actions", "rewards", "terminals"})
    void saysWhichKeyIsMissingAndWhichAreThere(String key) {
        Map<String, Object> datasets = small();
        datasets.remove(key);
        assertRefused(datasets, "/" + key + " is missing", "next_observations", "timeouts");
    }

    @Test
    void saysSoWhereThereAreNoDatasets() {
        assertRefused(Map.of(), "/observations is missing", "no datasets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"actions", "next_observations"})
    void refusesAColumnWithFewerRows(String key) {
        assertRefused(key, new float[][] {{1, 2}, {3, 4}}, "/" + key, "2 rows", "3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"terminals", "timeouts"})
    void refusesFlagsWithMoreRows(String key) {
        assertRefused(key, new byte[4], "/" + key, "4 rows", "3");
    }

    @Test
    void refusesRewardsWithMoreRows() {
        assertRefused("rewards", new float[4], "/rewards", "4 rows", "3");
    }

    @Test
    void refusesTheWrongRank() {
        assertRefused("observations", new float[3], "/observations", "[3]", "[rows, numbers]");
        assertRefused("actions", new float[3][1][1], "/actions", "[3, 1, 1]");
        assertRefused("rewards", new float[3][1], "/rewards", "[3, 1]", "[rows]");
        assertRefused("terminals", new byte[3][1], "/terminals", "[3, 1]");
        assertRefused("rewards", 1f, "/rewards", "[]");
    }

    @Test
    void refusesTheWrongType() {
        assertRefused("observations", new int[3][2], "/observations", "FixedPoint", "float32 or float64");
        assertRefused("rewards", new long[3], "/rewards", "FixedPoint");
        assertRefused("actions", new String[] {"a", "b", "c"}, "/actions");
        assertRefused("terminals", new float[3], "/terminals", "FloatingPoint", "boolean");
        assertRefused("timeouts", new String[] {"a", "b", "c"}, "/timeouts", "StringData");
    }

    @Test
    void refusesAnotherWidthOfNextObservations() {
        assertRefused("next_observations", new float[3][3], "/next_observations has 3", "2");
    }

    @Test
    void refusesAFlagThatIsNeitherZeroNorOne() {
        assertRefused("terminals", new byte[] {0, 2, 0}, "/terminals", "row 1");
        assertRefused("timeouts", new int[] {0, 0, -1}, "/timeouts", "row 2");
        assertRefused("timeouts", new long[] {0, 1L << 40, 0}, "/timeouts", "row 1");
    }

    @Test
    void refusesADoubleThatIsTooLarge() {
        assertRefused("rewards", new double[] {0, 1, -1e39}, "/rewards", "row 2", "too large");
        assertRefused("observations", new double[][] {{1, 1}, {1, 1e300}, {1e300, 1}}, "/observations", "row 1");
    }

    @Test
    void roundsDoublesToFloats() throws IOException {
        Map<String, Object> datasets = small();
        datasets.put("rewards", new double[] {0.1, Double.NaN, Double.NEGATIVE_INFINITY});
        try (TransitionFile file = open(datasets)) {
            assertThat(file.read(0, 3).rewards()).containsExactly(0.1f, Float.NaN, Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        assertThatThrownBy(() -> TransitionFile.open(Files.createFile(folder.resolve("f.hdf5")), "f.hdf5"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("f.hdf5: the file is empty");
    }

    @Test
    void refusesAWebPage() throws IOException {
        Path path = Files.writeString(folder.resolve("f.hdf5"), "<html>404</html>", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> TransitionFile.open(path, "f.hdf5"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("f.hdf5: not an HDF5 file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contiguous.hdf5", "gzip.hdf5", "latest.hdf5", "minari.hdf5"})
    void refusesATruncatedFile(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.path(name));
        for (int percent = 5; percent < 100; percent += 5) {
            Path path =
                    Files.write(folder.resolve(percent + ".hdf5"), Arrays.copyOf(whole, whole.length * percent / 100));
            assertThatThrownBy(() -> {
                        try (TransitionFile file = TransitionFile.open(path, "cut.hdf5")) {
                            file.read(0, (int) file.rows());
                        }
                    })
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("cut.hdf5");
        }
    }

    @Test
    void refusesChunksThatDifferFromTheirChecksum() throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.path("fletcher32.hdf5"));
        int refused = 0;
        for (int position = 200; position < whole.length; position += 97) {
            byte[] bytes = whole.clone();
            bytes[position] ^= 1;
            Path path = Files.write(folder.resolve(position + ".hdf5"), bytes);
            try (TransitionFile file = TransitionFile.open(path, "f.hdf5")) {
                assertSame(file.read(0, 210), Fixtures.expected(0, 210, true, true));
            } catch (DatasetException e) {
                refused += e.getMessage().contains("fletcher32") ? 1 : 0;
            }
        }
        // Most of the file is numbers.
        assertThat(refused).isGreaterThan(50);
    }

    /** Replaces every place of some bytes. */
    private Path patched(String name, byte[] wanted, int index, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(Fixtures.path(name));
        int found = 0;
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                bytes[i + index] = (byte) value;
                found++;
            }
        }
        assertThat(found).isPositive();
        return Files.write(folder.resolve("patched.hdf5"), bytes);
    }

    @Test
    void refusesNumbersOfAnotherFormatThanFloats() throws IOException {
        // The end of float32's description: exponent and mantissa at 23 and 0, of 8 and 23 bits, and the bias 127.
        Path path = patched("contiguous.hdf5", new byte[] {23, 8, 0, 23, 127, 0, 0, 0}, 4, 126);
        assertThatThrownBy(() -> TransitionFile.open(path, "f.hdf5"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("f.hdf5: /", "must be float32 or float64");
    }

    @Test
    void refusesAShapeThatItsChunksDoNotFit() throws IOException {
        // The shape [210, 5] becomes [210, 4], but chunks stay 5 wide.
        byte[] shape = {(byte) 210, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0};
        Path path = patched("v0-many-chunks.hdf5", shape, 8, 4);
        assertThatThrownBy(() -> TransitionFile.open(path, "f.hdf5"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("f.hdf5: /observations", "[3, 5]", "[210, 4]");
    }

    @Test
    void refusesRowsThatAreNotThere() throws IOException {
        try (TransitionFile file = open(small())) {
            assertThatThrownBy(() -> file.read(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> file.read(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** A sound Minari file of two episodes, to be spoilt. */
    private static Map<String, Object> smallMinari() {
        Map<String, Object> datasets = new LinkedHashMap<>();
        for (int k = 0; k < 2; k++) {
            datasets.put("episode_" + k + "/observations", new double[][] {{1, 2}, {3, 4}, {5, 6}});
            datasets.put("episode_" + k + "/actions", new float[][] {{0}, {1}});
            datasets.put("episode_" + k + "/rewards", new double[] {1, 2});
            datasets.put("episode_" + k + "/terminations", new byte[] {0, (byte) k});
            datasets.put("episode_" + k + "/truncations", new byte[] {0, 0});
        }
        return datasets;
    }

    private void assertMinariRefused(String key, Object values, String... words) {
        Map<String, Object> datasets = smallMinari();
        datasets.put(key, values);
        assertRefused(datasets, words);
    }

    @Test
    void readsMinarisNextObservationsWithinTheEpisode() throws IOException {
        try (TransitionFile file = open(smallMinari())) {
            RecordedRows rows = file.read(1, 2);
            assertThat(rows.observations()).containsExactly(3, 4, 1, 2);
            assertThat(rows.nextObservations()).containsExactly(5, 6, 3, 4);
        }
    }

    @Test
    void refusesMinarisEpisodeThatDoesNotFit() {
        assertMinariRefused("episode_1/observations", new float[2][2], "/episode_1/observations", "2 rows", "3");
        assertMinariRefused("episode_1/observations", new float[3][4], "/episode_1/observations", "4 numbers", "2");
        assertMinariRefused("episode_1/actions", new float[2][2], "/episode_1/actions", "2 numbers", "1");
        assertMinariRefused("episode_1/actions", new float[3][1], "/episode_1/actions", "3 rows");
        assertMinariRefused("episode_0/truncations", new byte[3], "/episode_0/truncations", "3 rows");
        assertMinariRefused("episode_0/terminations", new byte[] {1, 0}, "/episode_0/terminations", "row 0");
        assertMinariRefused("episode_0/truncations", new byte[] {1, 1}, "/episode_0/truncations", "row 0");
    }

    @Test
    void refusesAGapAmongMinarisEpisodes() throws IOException {
        Map<String, Object> datasets = new LinkedHashMap<>();
        smallMinari().forEach((key, values) -> datasets.put(key.replace("episode_1", "episode_2"), values));
        assertRefused(datasets, "/episode_1 is missing", "episode_0, episode_2");
    }

    @Test
    void refusesFewerEpisodesThanMinariCounted() throws IOException {
        byte[] bytes = Files.readAllBytes(Fixtures.path("minari.hdf5"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("episode_1")] = 'E';
        Path path = Files.write(folder.resolve("f.hdf5"), bytes);
        assertThatThrownBy(() -> TransitionFile.open(path, "f.hdf5"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("f.hdf5: /episode_1 is missing", "episode_0");
    }

    @Test
    void saysWhichKeyOfAnEpisodeIsMissing() {
        Map<String, Object> datasets = smallMinari();
        datasets.remove("episode_1/rewards");
        assertRefused(datasets, "/episode_1/rewards is missing", "episode_0/rewards");
    }

    private static void assertSame(RecordedRows actual, RecordedRows expected) {
        assertThat(actual)
                .usingRecursiveComparison(
                        RecursiveComparisonConfiguration.builder().build())
                .isEqualTo(expected);
    }
}

package io.github.mopospark.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.PartWriter;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.conversion.preparation.Episodes;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.conversion.preparation.PreparedBlock;
import io.github.mopospark.conversion.preparation.RowSelection;
import io.github.mopospark.conversion.preparation.SliceReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged copies of small files: each converts to the right rows or is refused with an error of ours, and none hangs, crashes or
 * asks for much memory (the module's tests run in a small heap). {@code -Dmopo.fuzz.seeds=20} runs it with that many seeds.
 */
class FuzzTest {
    private static final int COPIES = 500;
    private static final String NAME = "mutated.hdf5";

    /** D4RL's own layout in most, because it has no checksums of what describes the data; then the newer ones. */
    private static final List<String> ORIGINALS = List.of(
            "gzip-shuffle-fletcher32.hdf5",
            "gzip-shuffle-fletcher32.hdf5",
            "gzip-shuffle-fletcher32.hdf5",
            "latest.hdf5",
            "minari-latest.hdf5");

    private static final List<String> KEYS =
            List.of("observations", "next_observations", "actions", "rewards", "terminals", "timeouts", "episode_1");

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());

    /** What a copy became: its rows, or null and why it was refused. */
    private record Outcome(Transitions rows, String refusal) {}

    @Test
    void convertsDamagedFilesRightOrRefusesThem() throws IOException {
        int seeds = Integer.getInteger("mopo.fuzz.seeds", 1);
        for (int seed = 1; seed <= seeds; seed++) {
            run(seed);
        }
    }

    private void run(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        Map<String, Transitions> rows = new LinkedHashMap<>();
        for (String original : ORIGINALS) {
            bytes.put(original, Files.readAllBytes(Fixtures.path(original)));
            rows.put(original, convert(Fixtures.path(original)).rows());
        }
        int converted = 0;
        Map<String, Integer> refused = new TreeMap<>();
        for (int copy = 0; copy < COPIES; copy++) {
            String original = ORIGINALS.get(copy % ORIGINALS.size());
            Mutation mutation = Mutation.values()[random.nextInt(Mutation.values().length)];
            String what = "seed %d, copy %d: %s of %s".formatted(seed, copy, mutation, original);
            Path path = folder.resolve(NAME);
            if (mutation == Mutation.RESHAPED) {
                Files.deleteIfExists(path);
                reshaped(path, random);
            } else {
                Files.write(path, mutation.apply(bytes.get(original), random));
            }
            Outcome outcome = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> convert(path), () -> what);
            if (outcome.rows() == null) {
                assertThat(outcome.refusal()).as(what).contains(NAME).hasSizeGreaterThan(NAME.length() + 10);
                refused.merge(mutation.name(), 1, Integer::sum);
            } else {
                converted++;
                if (mutation != Mutation.RESHAPED) {
                    assertRight(what, outcome.rows(), rows.get(original));
                }
            }
        }
        System.out.printf("fuzz, seed %d: %d converted, refused %s%n", seed, converted, refused);
    }

    /** All of a conversion but Spark. */
    private Outcome convert(Path path) throws IOException {
        Path target = Files.createTempDirectory(folder, "dataset");
        DatasetFolder dataset = new DatasetFolder(storage, new org.apache.hadoop.fs.Path(target.toUri()));
        try (TransitionFile file = TransitionFile.open(path, NAME)) {
            Preparation preparation = Preparation.defaults();
            Episodes episodes = Episodes.of(file, NAME, preparation.boundary(), 0);
            SliceReader reader = new SliceReader(file, preparation, episodes, RowSelection.ALL, 0, file.rows());
            List<PreparedBlock> blocks = new ArrayList<>();
            for (var block = reader.next(); block.isPresent(); block = reader.next()) {
                blocks.add(block.get());
            }
            // The files have fewer rows than a block.
            assertThat(blocks).hasSize(1);
            Transitions rows = blocks.get(0).transitions();
            Map<String, String> footer = DatasetFolder.footer(null, rows.observationSize(), rows.actionSize(), NAME);
            dataset.make("parts-0");
            try (PartWriter writer = new PartWriter(storage, dataset.path(), "parts-0/part-0.parquet", footer)) {
                writer.write(rows);
                assertThat(writer.finish().rows()).isEqualTo(file.rows());
            }
            return new Outcome(rows, null);
        } catch (DatasetException e) {
            return new Outcome(null, e.getMessage());
        } finally {
            try (var left = Files.walk(target)) {
                for (Path leaf :
                        left.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(leaf);
                }
            }
        }
    }

    private static void assertRight(String what, Transitions actual, Transitions original) {
        assertThat(actual.rows()).as(what).isEqualTo(original.rows());
        assertColumn(what, "observations", actual.observations(), original.observations());
        assertColumn(what, "actions", actual.actions(), original.actions());
        assertColumn(what, "rewards", actual.rewards(), original.rewards());
        assertThat(actual.terminals()).as(what).isEqualTo(original.terminals());
        assertThat(actual.timeouts()).as(what).isEqualTo(original.timeouts());
        assertThat(actual.episodes()).as(what).isEqualTo(original.episodes());
        assertThat(actual.steps()).as(what).isEqualTo(original.steps());
        if (Arrays.equals(actual.hasNextObservation(), original.hasNextObservation())) {
            assertColumn(what, "next observations", actual.nextObservations(), original.nextObservations());
            return;
        }
        // A v2 file whose next_observations got another name is a right v0 file: rows at the end of an episode have
        // none,
        // and the others have the next row's observation, which in these files is what was recorded.
        int width = actual.observationSize();
        for (int row = 0; row < actual.rows(); row++) {
            boolean ends = row + 1 == actual.rows() || actual.terminals()[row] || actual.timeouts()[row];
            assertThat(actual.hasNextObservation()[row]).as(what).isEqualTo(!ends);
            if (!ends) {
                assertThat(Arrays.copyOfRange(actual.nextObservations(), row * width, (row + 1) * width))
                        .as(what)
                        .isEqualTo(Arrays.copyOfRange(original.nextObservations(), row * width, (row + 1) * width));
            }
        }
    }

    /**
     * A column is the original's. In D4RL's layout nothing guards the bit of a datatype that says big-endian, so a file with it
     * flipped is as good a file, of other numbers: those with their bytes the other way round.
     */
    private static void assertColumn(String what, String column, float[] actual, float[] original) {
        if (!Arrays.equals(actual, original)) {
            float[] swapped = new float[original.length];
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES);
            for (int i = 0; i < swapped.length; i++) {
                bytes.order(ByteOrder.BIG_ENDIAN).putFloat(0, original[i]);
                swapped[i] = bytes.order(ByteOrder.LITTLE_ENDIAN).getFloat(0);
            }
            assertThat(actual).as(what + ": " + column).isEqualTo(swapped);
        }
    }

    /** A file of other shapes: each dataset has the right one or another. */
    private static void reshaped(Path path, SplittableRandom random) {
        Map<String, Object> datasets = new LinkedHashMap<>();
        int rows = random.nextInt(1, 20);
        for (String key : KEYS.subList(0, 6)) {
            int count = random.nextInt(8) == 0 ? random.nextInt(1, 20) : rows;
            int rank = random.nextInt(12) == 0 ? random.nextInt(4) : key.endsWith("ions") ? 2 : 1;
            int width = random.nextInt(8) == 0 ? random.nextInt(1, 9) : 3;
            boolean isFlag = key.startsWith("t") != (random.nextInt(16) == 0);
            if (random.nextInt(16) != 0) {
                datasets.put(key, array(isFlag ? byte.class : float.class, rank, count, width));
            }
        }
        Fixtures.write(path, datasets);
    }

    private static Object array(Class<?> type, int rank, int rows, int width) {
        return switch (rank) {
            case 0 -> type == byte.class ? (Object) (byte) 1 : (Object) 1f;
            case 1 -> java.lang.reflect.Array.newInstance(type, rows);
            case 2 -> java.lang.reflect.Array.newInstance(type, rows, width);
            default -> java.lang.reflect.Array.newInstance(type, rows, width, 2);
        };
    }

    /** What is done to the bytes of a file. */
    private enum Mutation {
        ONE_BYTE,
        FEW_BYTES,
        MANY_BYTES,
        ONE_BIT,
        METADATA_BYTE,
        SHAPE,
        CUT,
        RENAMED,
        SPLICED,
        ZEROED,
        RESHAPED;

        byte[] apply(byte[] original, SplittableRandom random) {
            byte[] bytes = original.clone();
            switch (this) {
                case ONE_BYTE -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                case FEW_BYTES -> scatter(bytes, 2 + random.nextInt(6), random);
                case MANY_BYTES -> scatter(bytes, 20 + random.nextInt(400), random);
                case ONE_BIT -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                case METADATA_BYTE -> {
                    // Where the file is not zero and not compressed is mostly at its start, and near the keys.
                    int at = random.nextBoolean() ? random.nextInt(2048) : nearAKey(bytes, random);
                    bytes[at] = random.nextBoolean()
                            ? (byte) random.nextInt(256)
                            : (byte) (bytes[at] ^ (1 << random.nextInt(8)));
                }
                case SHAPE -> reshape(bytes, random);
                case CUT -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                case RENAMED -> rename(bytes, random);
                case SPLICED -> {
                    int length = random.nextInt(1, 600);
                    int from = random.nextInt(bytes.length - length);
                    int to = random.nextInt(bytes.length - length);
                    System.arraycopy(original, from, bytes, to, length);
                }
                case ZEROED -> {
                    int from = random.nextInt(bytes.length);
                    Arrays.fill(bytes, from, Math.min(bytes.length, from + random.nextInt(1, 600)), (byte) 0);
                }
                case RESHAPED -> throw new IllegalStateException("written anew");
            }
            return bytes;
        }

        private static void scatter(byte[] bytes, int count, SplittableRandom random) {
            for (int i = 0; i < count; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
        }

        private static List<Integer> places(byte[] bytes, String text) {
            byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i + wanted.length <= bytes.length; i++) {
                if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                    places.add(i);
                }
            }
            return places;
        }

        private static int nearAKey(byte[] bytes, SplittableRandom random) {
            List<Integer> places = places(bytes, KEYS.get(random.nextInt(KEYS.size())));
            int place = places.isEmpty() ? 0 : places.get(random.nextInt(places.size()));
            return Math.floorMod(place - 100 + random.nextInt(400), bytes.length);
        }

        private static void rename(byte[] bytes, SplittableRandom random) {
            List<Integer> places = new ArrayList<>();
            while (places.isEmpty()) {
                places = places(bytes, KEYS.get(random.nextInt(KEYS.size())));
            }
            int place = places.get(random.nextInt(places.size()));
            bytes[place + random.nextInt(7)] = (byte) ('a' + random.nextInt(26));
        }

        /** Overwrites a number that looks like a count of rows or of columns, wherever it stands. */
        private static void reshape(byte[] bytes, SplittableRandom random) {
            long[] sizes = {330, 210, 64, 5, 3, 2};
            ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int tries = 0; tries < 50; tries++) {
                long wanted = sizes[random.nextInt(sizes.length)];
                List<Integer> places = new ArrayList<>();
                for (int i = 0; i + Long.BYTES <= bytes.length; i++) {
                    if (numbers.getLong(i) == wanted) {
                        places.add(i);
                    }
                }
                if (!places.isEmpty()) {
                    int place = places.get(random.nextInt(places.size()));
                    long other =
                            random.nextInt(4) == 0 ? random.nextLong() >>> random.nextInt(64) : random.nextInt(400);
                    if (random.nextBoolean()) {
                        numbers.putInt(place, (int) other);
                    } else {
                        numbers.putLong(place, other);
                    }
                    return;
                }
            }
        }
    }
}

package io.github.mopospark.policy.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpyHeader;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBufferTest {
    private static final int SHARDS = 6;
    private static final RoundShape SHAPE = new RoundShape(20, 3, SHARDS);
    private static final int[] IN_ORDER = IntStream.range(0, SHARDS).toArray();

    /** Rows of each shard; none of them fills its room of 9 or 12. */
    private static final int[] COUNTS = {3, 0, 8, 5, 1, 7};

    private static final int ROWS = 24;

    private static ModelBuffer buffer(int rounds, boolean overlap) {
        return new ModelBuffer(Rows.LAYOUT, SHAPE, rounds, overlap);
    }

    /** Tags of a shard's rows start here. */
    private static int tag(long round, int shard) {
        return (int) round * 1000 + shard * 100;
    }

    private static void writeRound(ModelBuffer buffer, long number, int... order) {
        Round round = buffer.openRound(number);
        for (int shard : order) {
            round.write(shard, Rows.packed(tag(number, shard), COUNTS[shard]), COUNTS[shard]);
        }
        buffer.closeRound();
    }

    private static int[] expectedTags(long... rounds) {
        return Arrays.stream(rounds)
                .mapToObj(round -> IntStream.range(0, SHARDS)
                        .flatMap(shard -> IntStream.range(tag(round, shard), tag(round, shard) + COUNTS[shard])))
                .flatMapToInt(tags -> tags)
                .toArray();
    }

    /** All rows by their numbers. */
    private static int[] rowsInOrder(ModelBuffer buffer) {
        ClosedRows drawn = buffer.drawn();
        TransitionBatch batch = new TransitionBatch(Rows.LAYOUT, Math.max(1, (int) drawn.rows()));
        for (int row = 0; row < drawn.rows(); row++) {
            int piece = drawn.piece(row);
            batch.copy(drawn.storage(piece), drawn.place(piece, row), row);
        }
        return drawn.rows() == 0 ? new int[0] : Rows.tags(batch);
    }

    /** What a learner sees. */
    private static Set<Integer> drawnTags(ModelBuffer buffer) {
        BatchSampler sampler = BatchSampler.ofMix(Rows.dataset(1), buffer, 500, 0);
        TransitionBatch batch = sampler.allocate();
        Set<Integer> tags = new TreeSet<>();
        RandomStream random = RandomStream.of(3, "test");
        for (int i = 0; i < 10; i++) {
            sampler.fill(batch, random);
            Arrays.stream(Rows.tags(batch)).forEach(tags::add);
        }
        return tags;
    }

    private static List<Integer> boxed(int[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    @Test
    void numbersTheRowsByRoundAndShardWhateverCameFirst() {
        for (long seed = 0; seed < 20; seed++) {
            List<Integer> order = new ArrayList<>(boxed(IN_ORDER));
            Collections.shuffle(order, new Random(seed));
            int[] shuffled = order.stream().mapToInt(shard -> shard).toArray();
            ModelBuffer buffer = buffer(5, false);
            writeRound(buffer, 1, shuffled);
            writeRound(buffer, 2, IN_ORDER);
            assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(1, 2));
        }
    }

    @Test
    void neverDrawsFromTheRoomThatFinishedRolloutsLeft() {
        ModelBuffer buffer = buffer(2, false);
        Round full = buffer.openRound(0);
        for (int shard = 0; shard < SHARDS; shard++) {
            full.write(shard, Rows.packed(tag(0, shard), SHAPE.rowsOf(shard)), SHAPE.rowsOf(shard));
        }
        buffer.closeRound();
        assertThat(buffer.rows()).isEqualTo(60);
        // These lie where rows of round 0 lie.
        writeRound(buffer, 1, IN_ORDER);
        writeRound(buffer, 2, IN_ORDER);
        assertThat(buffer.rows()).isEqualTo(2 * ROWS);
        assertThat(drawnTags(buffer)).containsExactlyElementsOf(boxed(expectedTags(1, 2)));
    }

    @Test
    void drawsNothingOfAnOpenRound() {
        ModelBuffer buffer = buffer(3, false);
        writeRound(buffer, 1, IN_ORDER);
        Round open = buffer.openRound(2);
        for (int shard = 0; shard < SHARDS; shard++) {
            assertThat(open.missingShards()).isEqualTo(SHARDS - shard);
            boolean isLast = open.write(shard, Rows.packed(tag(2, shard), COUNTS[shard]), COUNTS[shard]);
            assertThat(isLast).isEqualTo(shard == SHARDS - 1);
            assertThat(drawnTags(buffer)).containsExactlyElementsOf(boxed(expectedTags(1)));
        }
        buffer.closeRound();
        assertThat(drawnTags(buffer)).containsExactlyElementsOf(boxed(expectedTags(1, 2)));
    }

    @Test
    void givesUpTheOldestRoundWhenOneIsOpened() {
        ModelBuffer buffer = buffer(3, false);
        for (long round = 1; round <= 3; round++) {
            writeRound(buffer, round, IN_ORDER);
        }
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(1, 2, 3));
        buffer.openRound(4);
        assertThat(buffer.closedRounds()).containsExactly(2, 3);
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(2, 3));
    }

    @Test
    void givesUpTheOldestRoundOnlyWhenTheNextIsClosedIfTheyOverlap() {
        ModelBuffer buffer = buffer(3, true);
        for (long round = 1; round <= 3; round++) {
            writeRound(buffer, round, IN_ORDER);
        }
        Round open = buffer.openRound(4);
        assertThat(buffer.closedRounds()).containsExactly(1, 2, 3);
        for (int shard : IN_ORDER) {
            open.write(shard, Rows.packed(tag(4, shard), COUNTS[shard]), COUNTS[shard]);
        }
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(1, 2, 3));
        buffer.closeRound();
        assertThat(buffer.closedRounds()).containsExactly(2, 3, 4);
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(2, 3, 4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsTheLastRoundsThroughManyTurnsOfTheRing(boolean overlap) {
        ModelBuffer buffer = buffer(2, overlap);
        for (long round = 1; round <= 15; round++) {
            writeRound(buffer, round, IN_ORDER);
            long[] kept = round == 1 ? new long[] {1} : new long[] {round - 1, round};
            assertThat(buffer.closedRounds()).isEqualTo(kept);
            assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(kept));
        }
    }

    @Test
    void closesARoundWithoutRows() {
        ModelBuffer buffer = buffer(2, false);
        writeRound(buffer, 1, IN_ORDER);
        Round empty = buffer.openRound(2);
        for (int shard : IN_ORDER) {
            empty.write(shard, new float[0], 0);
        }
        buffer.closeRound();
        assertThat(buffer.closedRounds()).containsExactly(1, 2);
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(1));
        writeRound(buffer, 3, IN_ORDER);
        assertThat(drawnTags(buffer)).containsExactlyElementsOf(boxed(expectedTags(3)));
    }

    @Test
    void writesTheSameRoundFromManyThreads() throws Exception {
        RoundShape shape = new RoundShape(2000, 3, 100);
        ModelBuffer expected = new ModelBuffer(Rows.LAYOUT, shape, 2, false);
        ModelBuffer concurrent = new ModelBuffer(Rows.LAYOUT, shape, 2, false);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int number = 0; number < 30; number++) {
                int[] counts = new SplittableRandom(number).ints(100, 0, 61).toArray();
                Round one = expected.openRound(number);
                Round other = concurrent.openRound(number);
                List<Future<Boolean>> writes = new ArrayList<>();
                for (int shard = 0; shard < 100; shard++) {
                    float[] rows = Rows.packed(number * 10_000 + shard * 100, counts[shard]);
                    int last = shard;
                    one.write(shard, rows, counts[shard]);
                    writes.add(threads.submit(() -> other.write(last, rows, counts[last])));
                }
                int lasts = 0;
                for (Future<Boolean> write : writes) {
                    lasts += write.get() ? 1 : 0;
                }
                assertThat(lasts).isOne();
                expected.closeRound();
                concurrent.closeRound();
                assertThat(rowsInOrder(concurrent)).isEqualTo(rowsInOrder(expected));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @Timeout(60)
    void drawsWholeRowsOfClosedRoundsWhileTheNextIsWritten() throws Exception {
        ModelBuffer buffer = buffer(2, true);
        writeRound(buffer, 1, IN_ORDER);
        writeRound(buffer, 2, IN_ORDER);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            BatchSampler sampler = BatchSampler.ofMix(Rows.dataset(1), buffer, 256, 0);
            TransitionBatch batch = sampler.allocate();
            RandomStream random = RandomStream.of(4, "test");
            for (long next = 3; next < 100; next++) {
                Round open = buffer.openRound(next);
                AtomicBoolean go = new AtomicBoolean();
                List<Future<?>> writes = new ArrayList<>();
                for (int shard : IN_ORDER) {
                    writes.add(threads.submit(() -> {
                        while (!go.get()) {
                            Thread.onSpinWait();
                        }
                        return open.write(shard, Rows.packed(tag(open.number(), shard), COUNTS[shard]), COUNTS[shard]);
                    }));
                }
                Set<Integer> expected = new TreeSet<>(boxed(expectedTags(next - 2, next - 1)));
                go.set(true);
                for (int draw = 0; draw < 10; draw++) {
                    sampler.fill(batch, random);
                    assertThat(expected).containsAll(boxed(Rows.tags(batch)));
                }
                for (Future<?> write : writes) {
                    write.get();
                }
                buffer.closeRound();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void takesOneWriteOfAShardOfManyAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int number = 0; number < 200; number++) {
                ModelBuffer buffer = new ModelBuffer(Rows.LAYOUT, new RoundShape(1, 3, 1), 1, false);
                Round round = buffer.openRound(number);
                List<Future<Boolean>> writes = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    int tag = 100 * i;
                    writes.add(threads.submit(() -> {
                        try {
                            return round.write(0, Rows.packed(tag, 3), 3);
                        } catch (IllegalStateException e) {
                            return false;
                        }
                    }));
                }
                int written = -1;
                for (int i = 0; i < 4; i++) {
                    if (writes.get(i).get()) {
                        assertThat(written).isEqualTo(-1);
                        written = i;
                    }
                }
                buffer.closeRound();
                assertThat(rowsInOrder(buffer)).containsExactly(100 * written, 100 * written + 1, 100 * written + 2);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesToCloseARoundWithMissingShards() {
        ModelBuffer buffer = buffer(1, false);
        assertThatThrownBy(buffer::closeRound)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no round is open");
        Round round = buffer.openRound(8);
        for (int shard : new int[] {0, 2, 3, 5}) {
            round.write(shard, Rows.packed(0, 1), 1);
        }
        assertThatThrownBy(buffer::closeRound)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("round 8 cannot be closed: 2 of its 6 shards are missing, the first are [1, 4]");
        assertThat(buffer.rows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAbandonedRoundCanBeOpenedAgain(boolean overlap) {
        ModelBuffer buffer = buffer(3, overlap);
        for (long round = 1; round <= 3; round++) {
            writeRound(buffer, round, IN_ORDER);
        }
        long[] kept = overlap ? new long[] {1, 2, 3} : new long[] {2, 3};
        // More often than there is memory.
        for (int i = 0; i < 5; i++) {
            Round failed = buffer.openRound(4);
            failed.write(0, Rows.packed(tag(9, 0), 9), 9);
            failed.write(2, Rows.packed(tag(9, 2), 9), 9);
            buffer.abandonRound();
            assertThat(buffer.closedRounds()).isEqualTo(kept);
            assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(kept));
        }
        writeRound(buffer, 4, IN_ORDER);
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(2, 3, 4));
        assertThatThrownBy(buffer::abandonRound)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no round is open that could be given up");
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(2, 3, 4));
    }

    @Test
    void aShardOfAnAbandonedRoundComesTooLate() {
        ModelBuffer buffer = buffer(1, false);
        Round failed = buffer.openRound(4);
        failed.write(0, Rows.packed(tag(9, 0), 3), 3);
        buffer.abandonRound();
        Round again = buffer.openRound(4);
        for (int shard : IN_ORDER) {
            again.write(shard, Rows.packed(tag(4, shard), COUNTS[shard]), COUNTS[shard]);
            assertThatThrownBy(() -> failed.write(shard, Rows.packed(tag(9, shard), 3), 3))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("shard %d comes too late: round 4 was given up".formatted(shard));
        }
        buffer.closeRound();
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(4));
    }

    @Test
    @Timeout(60)
    void aShardThatIsBeingWrittenIsDoneWhenItsRoundIsAbandoned() throws Exception {
        int count = 200_000;
        ModelBuffer buffer = new ModelBuffer(Rows.LAYOUT, new RoundShape(1, count, 1), 1, false);
        float[] rows = Rows.packed(0, count);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            for (int turn = 0; turn < 20; turn++) {
                Round failed = buffer.openRound(1);
                Future<Boolean> write = thread.submit(() -> failed.write(0, rows, count));
                while (failed.rowsOf(0) == Round.MISSING) {
                    Thread.onSpinWait();
                }
                buffer.abandonRound();
                int afterwards = failed.rowsOf(0);
                write.get();
                // Else it was written on, in memory that the next round has.
                assertThat(failed.rowsOf(0)).isEqualTo(afterwards).isEqualTo(Round.ABANDONED);
            }
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void refusesAShardTwice() {
        ModelBuffer buffer = buffer(1, false);
        Round round = buffer.openRound(8);
        round.write(3, Rows.packed(7, 2), 2);
        assertThatThrownBy(() -> round.write(3, Rows.packed(70, 2), 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("shard 3 of round 8 was written before");
        for (int shard : new int[] {0, 1, 2, 4, 5}) {
            round.write(shard, new float[0], 0);
        }
        buffer.closeRound();
        assertThat(rowsInOrder(buffer)).containsExactly(7, 8);
        assertThatThrownBy(() -> round.write(3, Rows.packed(70, 2), 2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesRowsThatDoNotFit() {
        Round round = buffer(1, false).openRound(8);
        assertThatThrownBy(() -> round.write(6, new float[0], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("round 8 has the shards 0 to 5, but not 6");
        assertThatThrownBy(() -> round.write(-1, new float[0], 0)).hasMessageContaining("but not -1");
        assertThatThrownBy(() -> round.write(0, Rows.packed(0, 10), 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shard 0 of round 8 must have 0 to 9 rows, but has 10");
        assertThatThrownBy(() -> round.write(0, new float[0], -1)).hasMessageContaining("but has -1");
        assertThatThrownBy(() -> round.write(0, new float[19], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shard 0 of round 8 has 19 numbers, but 2 rows have 10 each");
        // A refused shard can still come.
        assertThat(round.missingShards()).isEqualTo(SHARDS);
        round.write(0, Rows.packed(0, 9), 9);
    }

    @Test
    void refusesNumbersThatNoLearnerCanTake() {
        Round round = buffer(1, false).openRound(8);
        float[] rows = Rows.packed(0, 3);
        rows[2 * 10 + 4] = Float.NaN;
        assertThatThrownBy(() -> round.write(2, rows, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 2 of shard 2 of round 8: action[1] is NaN, but must be finite");
        rows[1 * 10 + 9] = 0.5f;
        assertThatThrownBy(() -> round.write(2, rows, 3))
                .hasMessage("row 1 of shard 2 of round 8: terminal is 0.5, but must be 0 or 1");
        round.write(2, rows, 1);
    }

    @Test
    void refusesRoundsThatDoNotFollowEachOther() {
        ModelBuffer buffer = buffer(2, false);
        writeRound(buffer, 5, IN_ORDER);
        assertThatThrownBy(() -> buffer.openRound(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("round 5 cannot follow round 5");
        buffer.openRound(6);
        assertThatThrownBy(() -> buffer.openRound(7))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("round 6 is still open");
        assertThatThrownBy(() -> new ModelBuffer(Rows.LAYOUT, SHAPE, 0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1, but were 0");
    }

    @Test
    void isDrawnFromAsBeforeOnceItsRoundsAreRestored() throws IOException {
        ModelBuffer buffer = buffer(3, false);
        for (long round = 1; round <= 4; round++) {
            writeRound(buffer, round, 5, 2, 0, 1, 4, 3);
        }
        ModelBuffer restored = buffer(3, true);
        for (long round : buffer.closedRounds()) {
            restored.restore(round, new ByteArrayInputStream(saved(buffer, round)), "round.npy");
        }
        assertThat(restored.closedRounds()).isEqualTo(buffer.closedRounds());
        assertThat(rowsInOrder(restored)).isEqualTo(expectedTags(2, 3, 4));
        // And goes on as before.
        writeRound(buffer, 5, IN_ORDER);
        writeRound(restored, 5, IN_ORDER);
        assertThat(rowsInOrder(restored)).isEqualTo(rowsInOrder(buffer)).isEqualTo(expectedTags(3, 4, 5));
        assertThat(saved(restored, 3)).isEqualTo(saved(buffer, 3));
    }

    @Test
    void savesRoundsToTheBit() throws IOException {
        RoundShape shape = new RoundShape(4000, 2, 3);
        ModelBuffer buffer = new ModelBuffer(Rows.LAYOUT, shape, 1, false);
        Round round = buffer.openRound(1);
        SplittableRandom random = new SplittableRandom(2);
        float[] all = new float[0];
        for (int shard = 0; shard < 3; shard++) {
            float[] rows = Rows.packed(0, 2500);
            for (int i = 0; i < rows.length; i++) {
                // Any bits but those of a NaN or infinity.
                boolean isTerminal = i % 10 == 9;
                rows[i] = isTerminal ? random.nextInt(2) : Float.intBitsToFloat(random.nextInt() & 0xBFFFFFFF);
            }
            round.write(shard, rows, 2500);
            all = Arrays.copyOf(all, all.length + rows.length);
            System.arraycopy(rows, 0, all, all.length - rows.length, rows.length);
        }
        buffer.closeRound();
        byte[] saved = saved(buffer, 1);
        NpyArray read = NpyArray.read(new ByteArrayInputStream(saved), "round.npy");
        assertThat(read.shape()).containsExactly(7500, 10);
        assertThat(bits(read.values())).isEqualTo(bits(all));
        ModelBuffer restored = new ModelBuffer(Rows.LAYOUT, shape, 1, false);
        restored.restore(1, new ByteArrayInputStream(saved), "round.npy");
        assertThat(saved(restored, 1)).isEqualTo(saved);
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(numbers[i]);
        }
        return bits;
    }

    @Test
    void restoresARoundWithoutRows() throws IOException {
        ModelBuffer buffer = buffer(1, false);
        Round empty = buffer.openRound(1);
        for (int shard : IN_ORDER) {
            empty.write(shard, new float[0], 0);
        }
        buffer.closeRound();
        ModelBuffer restored = buffer(1, false);
        restored.restore(1, new ByteArrayInputStream(saved(buffer, 1)), "round.npy");
        assertThat(restored.closedRounds()).containsExactly(1);
        assertThat(restored.rows()).isZero();
    }

    @Test
    void refusesASavedRoundThatIsNoneOfIts() throws IOException {
        ModelBuffer buffer = buffer(2, false);
        writeRound(buffer, 1, IN_ORDER);
        byte[] saved = saved(buffer, 1);
        assertRefused(Arrays.copyOf(saved, saved.length - 41), "ends after 22 of its 24 rows");
        assertRefused(Arrays.copyOf(saved, saved.length + 1), "goes on after its 24 rows");
        assertRefused(Arrays.copyOf(saved, 20), "round.npy: ends after");
        assertRefused(npy(new int[] {2, 11}, new float[22]), "2 rows of 11 numbers");
        assertRefused(npy(new int[] {61, 10}, new float[610]), "61 rows of 10 numbers, but a round has at most 60");
        assertRefused(npy(new int[] {20}, new float[20]), "1 dimensions of type <f4 in C order");
        ByteArrayOutputStream fortran = new ByteArrayOutputStream();
        new NpyHeader("<f4", true, new int[] {1, 10}).write(fortran);
        fortran.writeBytes(new byte[40]);
        assertRefused(fortran.toByteArray(), "in Fortran order");
        ByteArrayOutputStream integers = new ByteArrayOutputStream();
        new NpyHeader("<i4", false, new int[] {1, 10}).write(integers);
        integers.writeBytes(new byte[40]);
        assertRefused(integers.toByteArray(), "of type <i4");
        float[] broken = Rows.packed(0, 3);
        broken[27] = Float.NaN;
        assertRefused(npy(new int[] {3, 10}, broken), "row 2: next observation[1] is NaN, but must be finite");
    }

    private static void assertRefused(byte[] saved, String fault) {
        ModelBuffer buffer = buffer(1, false);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> buffer.restore(1, new ByteArrayInputStream(saved), "round.npy"))
                    .isInstanceOf(SavedDataException.class)
                    .hasMessageStartingWith("round.npy: ")
                    .hasMessageContaining(fault);
        }
        assertThat(buffer.closedRounds()).isEmpty();
        writeRound(buffer, 1, IN_ORDER);
        assertThat(rowsInOrder(buffer)).isEqualTo(expectedTags(1));
    }

    @Test
    void savesOnlyClosedRounds() {
        ModelBuffer buffer = buffer(2, false);
        writeRound(buffer, 1, IN_ORDER);
        buffer.openRound(2);
        assertThatThrownBy(() -> saved(buffer, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("round 2 cannot be saved: the closed rounds are [1]");
        assertThatThrownBy(() -> buffer.restore(3, new ByteArrayInputStream(new byte[0]), "round.npy"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("round 2 is still open");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesNoMoreMemoryThanItsRowsAtAnyTime(boolean overlap) throws IOException {
        RoundShape shape = new RoundShape(20_000, 5, 100);
        long raw = (overlap ? 6L : 5L) * shape.rows() * Rows.LAYOUT.size() * Float.BYTES;
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        float[] rows = Rows.packed(0, 1000);
        System.gc();
        long directBefore = direct.getMemoryUsed();
        long heapBefore = threads.getCurrentThreadAllocatedBytes();
        ModelBuffer buffer = new ModelBuffer(Rows.LAYOUT, shape, 5, overlap);
        for (long number = 0; number < 12; number++) {
            Round round = buffer.openRound(number);
            for (int shard = 0; shard < 100; shard++) {
                round.write(shard, rows, 1000);
            }
            buffer.closeRound();
        }
        assertThat(buffer.rows()).isEqualTo(500_000);
        // What other tests left may be collected meanwhile, but nothing is added.
        assertThat(direct.getMemoryUsed() - directBefore).isLessThanOrEqualTo(raw + 1000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - heapBefore).isLessThan(raw / 50);
    }

    private static byte[] saved(ModelBuffer buffer, long round) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        buffer.save(round, out);
        return out.toByteArray();
    }

    private static byte[] npy(int[] shape, float[] values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new NpyArray(shape, values).write(out);
        return out.toByteArray();
    }
}

package io.github.mopospark.policy.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.mopospark.networks.random.RandomStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSamplerTest {
    private static final int REAL = 300;
    /** Tags of model rows start here. */
    private static final int MODEL = 1000;
    /** Rows of the shards of both rounds. */
    private static final int[][] COUNTS = {{10, 0, 25, 40}, {40, 1, 0, 4}};

    private static final int MODEL_ROWS = 120;

    private final DatasetBuffer dataset = Rows.dataset(REAL);
    private final ModelBuffer model = model();

    private static ModelBuffer model() {
        ModelBuffer model = new ModelBuffer(Rows.LAYOUT, new RoundShape(40, 4, 4), 2, false);
        int tag = MODEL;
        for (int number = 0; number < 2; number++) {
            Round round = model.openRound(number);
            for (int shard = 0; shard < 4; shard++) {
                round.write(shard, Rows.packed(tag, COUNTS[number][shard]), COUNTS[number][shard]);
                tag += COUNTS[number][shard];
            }
            model.closeRound();
        }
        return model;
    }

    private static RandomStream random() {
        return RandomStream.of(7, "batches");
    }

    @ParameterizedTest
    @CsvSource({
        "256, 0.05, 12",
        "256, 0, 0",
        "256, 1, 256",
        "256, 0.5, 128",
        "256, 0.9999, 255",
        "100, 0.29, 29",
        "100, 0.07, 7",
        "1, 0.99, 0",
        "10, 1e-9, 0"
    })
    void drawsExactlyTheWholeRowsOfTheShare(int batchRows, double share, int real) {
        BatchSampler sampler = BatchSampler.ofMix(dataset, model, batchRows, share);
        assertThat(sampler.realRows()).isEqualTo(real);
        TransitionBatch batch = sampler.allocate();
        RandomStream random = random();
        for (int i = 0; i < 20; i++) {
            sampler.fill(batch, random);
            int[] tags = Rows.tags(batch);
            assertThat(Arrays.stream(tags).limit(real)).allMatch(tag -> tag < REAL);
            assertThat(Arrays.stream(tags).skip(real)).allMatch(tag -> tag >= MODEL);
        }
    }

    @Test
    void drawsEveryRowAlikeOften() {
        BatchSampler sampler = BatchSampler.ofMix(dataset, model, 250, 0.5);
        TransitionBatch batch = sampler.allocate();
        int[] real = new int[REAL];
        int[] modelled = new int[MODEL_ROWS];
        RandomStream random = random();
        for (int i = 0; i < 2000; i++) {
            sampler.fill(batch, random);
            for (int tag : Rows.tags(batch)) {
                if (tag < REAL) {
                    real[tag]++;
                } else {
                    modelled[tag - MODEL]++;
                }
            }
        }
        assertUniform(real);
        assertUniform(modelled);
    }

    /** Chi-square over its degrees of freedom: 1 on average, and beyond five standard deviations never for a uniform choice. */
    private static void assertUniform(int[] counts) {
        double expected = Arrays.stream(counts).average().orElseThrow();
        double chiSquare = Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        int freedom = counts.length - 1;
        assertThat(chiSquare / freedom).isBetween(1 - 5 * Math.sqrt(2.0 / freedom), 1 + 5 * Math.sqrt(2.0 / freedom));
    }

    @Test
    void drawsWithReplacement() {
        BatchSampler sampler = BatchSampler.ofDataset(dataset, REAL);
        TransitionBatch batch = sampler.allocate();
        sampler.fill(batch, random());
        // Of n draws from n about 63% are different.
        assertThat(Arrays.stream(Rows.tags(batch)).distinct().count()).isBetween(160L, 220L);
    }

    @Test
    void givesTheSameBatchAtTheSamePlaceOfAStream() {
        BatchSampler sampler = BatchSampler.ofMix(dataset, model, 64, 0.3);
        TransitionBatch batch = sampler.allocate();
        RandomStream random = random();
        sampler.fill(batch, random);
        long position = random.position();
        sampler.fill(batch, random);
        int[] second = Rows.tags(batch);
        sampler.fill(batch, random);
        assertThat(Rows.tags(batch)).isNotEqualTo(second);
        RandomStream again = random();
        again.seek(position);
        BatchSampler.ofMix(Rows.dataset(REAL), model(), 64, 0.3).fill(batch, again);
        assertThat(Rows.tags(batch)).isEqualTo(second);
        sampler.fill(batch, RandomStream.of(8, "batches"));
        assertThat(Rows.tags(batch)).isNotEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 40, 128, 255, 256})
    @Timeout(60)
    void copiesTheSameBatchInPartsByTwoThreads(int cut) throws InterruptedException {
        BatchSampler whole = BatchSampler.ofMix(dataset, model, 256, 0.15);
        BatchSampler parts = BatchSampler.ofMix(dataset, model, 256, 0.15);
        TransitionBatch expected = whole.allocate();
        TransitionBatch batch = parts.allocate();
        RandomStream one = random();
        RandomStream other = random();
        for (int i = 0; i < 50; i++) {
            whole.fill(expected, one);
            parts.draw(other);
            Thread second = new Thread(() -> parts.copy(batch, cut, 256));
            second.start();
            parts.copy(batch, 0, cut);
            second.join();
            assertThat(Rows.tags(batch)).isEqualTo(Rows.tags(expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 13", "0, 5", "5, 10", "10, 12", "13, 20", "7, 7"})
    void copiesOnlyThePartItIsAskedFor(int from, int to) {
        BatchSampler sampler = BatchSampler.ofMix(dataset, model, 20, 0.5);
        TransitionBatch batch = sampler.allocate();
        Arrays.fill(batch.rewards(), -1);
        Arrays.fill(batch.terminals(), -1);
        sampler.draw(random());
        sampler.copy(batch, from, to);
        for (int row = 0; row < 20; row++) {
            assertThat(batch.rewards()[row] >= 0).isEqualTo(row >= from && row < to);
            assertThat(batch.terminals()[row] >= 0).isEqualTo(row >= from && row < to);
        }
    }

    @Test
    void drawsFromTheNewRoundOnceItIsClosed() {
        BatchSampler sampler = BatchSampler.ofMix(dataset, model, 200, 0);
        TransitionBatch batch = sampler.allocate();
        RandomStream random = random();
        for (int number = 2; number < 6; number++) {
            Round round = model.openRound(number);
            int first = MODEL * (number + 1);
            for (int shard = 0; shard < 4; shard++) {
                round.write(shard, Rows.packed(first, 3), 3);
            }
            model.closeRound();
            sampler.fill(batch, random);
            assertThat(Arrays.stream(Rows.tags(batch))).anyMatch(tag -> tag >= first);
        }
        assertThat(Arrays.stream(Rows.tags(batch))).allMatch(tag -> tag >= MODEL * 5);
    }

    @Test
    void allocatesNothing() {
        BatchSampler sampler = BatchSampler.ofMix(dataset, model, 256, 0.05);
        TransitionBatch batch = sampler.allocate();
        RandomStream random = random();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 100; i++) {
            sampler.fill(batch, random);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            sampler.fill(batch, random);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesAShareThatIsNone(double share) {
        assertThatThrownBy(() -> BatchSampler.ofMix(dataset, model, 256, share))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the real share must be from 0 to 1, but was " + share);
    }

    @Test
    void refusesADatasetSmallerThanABatch() {
        assertThatThrownBy(() -> BatchSampler.ofMix(dataset, model, REAL + 1, 0.05))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the dataset has 300 rows to learn from, but must have at least a batch of 301");
        // Nothing is drawn from it.
        assertThat(BatchSampler.ofMix(dataset, model, REAL + 1, 0).realRows()).isZero();
        assertThat(BatchSampler.ofDataset(dataset, REAL + 1).realRows()).isEqualTo(REAL + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5})
    void refusesABatchWithoutRows(int batch) {
        assertThatThrownBy(() -> BatchSampler.ofDataset(dataset, batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a batch must have at least 1 row, but was set to " + batch);
        assertThatThrownBy(() -> BatchSampler.ofMix(dataset, model, batch, 0.5))
                .hasMessageContaining("set to " + batch);
    }

    @Test
    void refusesBuffersAndBatchesOfOtherSizes() {
        ModelBuffer wider = new ModelBuffer(new TransitionLayout(4, 2), new RoundShape(1, 1, 1), 1, false);
        assertThatThrownBy(() -> BatchSampler.ofMix(dataset, wider, 10, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("observationSize=3")
                .hasMessageContaining("observationSize=4");
        BatchSampler sampler = BatchSampler.ofMix(dataset, model, 10, 0.5);
        sampler.draw(random());
        for (TransitionBatch other : new TransitionBatch[] {
            new TransitionBatch(Rows.LAYOUT, 11), new TransitionBatch(new TransitionLayout(3, 3), 10)
        }) {
            assertThatThrownBy(() -> sampler.copy(other, 0, 10)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> sampler.copy(sampler.allocate(), 5, 11)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void asksForARoundOfRolloutsWhereThereIsNone() {
        ModelBuffer none = new ModelBuffer(Rows.LAYOUT, new RoundShape(4, 2, 1), 1, false);
        BatchSampler sampler = BatchSampler.ofMix(dataset, none, 256, 0.05);
        RandomStream random = random();
        assertThatThrownBy(() -> sampler.draw(random))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("244 of 256 rows")
                .hasMessageContaining("the closed rounds are []")
                .hasMessageContaining("Make a round of rollouts first, or set the real share to 1");
        assertThat(random.position()).isZero();
        none.openRound(3).write(0, new float[0], 0);
        none.closeRound();
        assertThatThrownBy(() -> sampler.draw(random)).hasMessageContaining("the closed rounds are [3]");
        // All rows are real.
        BatchSampler.ofMix(dataset, none, 256, 1).fill(sampler.allocate(), random);
    }

    @Test
    void drawsARoundOfOneRow() {
        ModelBuffer one = new ModelBuffer(Rows.LAYOUT, new RoundShape(1, 1, 1), 1, false);
        one.openRound(0).write(0, Rows.packed(7, 1), 1);
        one.closeRound();
        BatchSampler sampler = BatchSampler.ofMix(dataset, one, 8, 0);
        TransitionBatch batch = sampler.allocate();
        sampler.fill(batch, random());
        assertThat(Rows.tags(batch))
                .isEqualTo(IntStream.generate(() -> 7).limit(8).toArray());
    }
}

package io.github.mopospark.policy.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.networks.random.RandomStream;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetBufferTest {
    private static final int ROWS = 60;
    /** Tags of rows without a next observation: the first is terminal, since it is a multiple of 7. */
    private static final int TERMINAL = 14;

    private static final int TIMEOUT = 20;
    private static final int SECOND_TIMEOUT = 33;
    private static final int LAST = 59;

    private static Transitions rows() {
        Transitions rows = Rows.transitions(0, ROWS);
        for (int row : new int[] {TERMINAL, TIMEOUT, SECOND_TIMEOUT, LAST}) {
            rows.hasNextObservation()[row] = false;
        }
        rows.timeouts()[TIMEOUT] = true;
        rows.timeouts()[SECOND_TIMEOUT] = true;
        // Where it is recorded a timeout is a row like any other.
        rows.timeouts()[5] = true;
        return rows;
    }

    @Test
    void keepsATerminalRowWithoutANextObservation() {
        TransitionBatch batch = drawAll(DatasetBuffer.of(rows()));
        int row = IntStream.range(0, batch.rows())
                .filter(i -> batch.rewards()[i] == TERMINAL)
                .findFirst()
                .orElseThrow();
        assertThat(batch.terminals()[row]).isOne();
        assertThat(Arrays.copyOfRange(batch.nextObservations(), row * 3, row * 3 + 3))
                .containsOnly(0);
        assertThat(batch.observations()[row * 3]).isEqualTo(TERMINAL);
    }

    @Test
    void aRecordedTimeoutIsNoTerminal() {
        TransitionBatch batch = drawAll(DatasetBuffer.of(rows()));
        int row = IntStream.range(0, batch.rows())
                .filter(i -> batch.rewards()[i] == 5)
                .findFirst()
                .orElseThrow();
        assertThat(batch.terminals()[row]).isZero();
        assertThat(batch.nextObservations()[row * 3]).isNotZero();
    }

    @Test
    void dropsAndCountsOtherRowsWithoutANextObservation() {
        DatasetBuffer buffer = DatasetBuffer.of(rows());
        assertThat(buffer.rows()).isEqualTo(ROWS - 3);
        assertThat(buffer.dropped()).isEqualTo(new DatasetBuffer.DroppedRows(2, 1));
        assertThat(rewards(drawAll(buffer)))
                .hasSize(ROWS - 3)
                .doesNotContain((float) TIMEOUT, (float) SECOND_TIMEOUT, (float) LAST);
    }

    @Test
    void startsRolloutsFromEveryRow() {
        DatasetBuffer buffer = DatasetBuffer.of(rows());
        assertThat(buffer.starts()).isEqualTo(ROWS);
        Set<Float> seen = new TreeSet<>();
        float[] start = new float[5];
        for (int i = 0; i < ROWS; i++) {
            buffer.readStart(i, start, 1);
            assertThat(start).containsExactly(0, start[1], start[1] + 1 / 8f, start[1] + 2 / 8f, 0);
            seen.add(start[1]);
        }
        assertThat(seen).hasSize(ROWS).contains(0f, (float) TIMEOUT, (float) LAST);
        assertThatThrownBy(() -> buffer.readStart(ROWS, start, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void keepsTheOrderOfTheRows() {
        DatasetBuffer buffer = DatasetBuffer.of(rows());
        float[] start = new float[3];
        buffer.readStart(19, start, 0);
        assertThat(start[0]).isEqualTo(19);
        buffer.readStart(20, start, 0);
        assertThat(start[0]).isEqualTo(21);
    }

    @Test
    void isTheSameFromPartsAsFromTheWhole() {
        Transitions last = Rows.transitions(25, ROWS - 25);
        for (int row : new int[] {SECOND_TIMEOUT, LAST}) {
            last.hasNextObservation()[row - 25] = false;
        }
        last.timeouts()[SECOND_TIMEOUT - 25] = true;
        Transitions first = Rows.transitions(0, 25);
        first.hasNextObservation()[TERMINAL] = false;
        first.hasNextObservation()[TIMEOUT] = false;
        first.timeouts()[TIMEOUT] = true;
        DatasetBuffer whole = DatasetBuffer.of(rows());
        DatasetBuffer parts = new DatasetBuffer.Builder(Rows.LAYOUT, ROWS)
                .add(first)
                .add(Rows.transitions(0, 0))
                .add(last)
                .build();
        assertThat(parts.dropped()).isEqualTo(whole.dropped());
        float[] one = new float[3];
        float[] other = new float[3];
        for (int i = 0; i < ROWS; i++) {
            whole.readStart(i, one, 0);
            parts.readStart(i, other, 0);
            assertThat(other).isEqualTo(one);
        }
    }

    @Test
    void refusesADatasetWithoutRows() {
        assertThatThrownBy(() -> DatasetBuffer.of(Rows.transitions(0, 0)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("has 0 rows");
    }

    @Test
    void refusesADatasetOfWhichNothingIsLeft() {
        Transitions rows = Rows.transitions(1, 3);
        Arrays.fill(rows.hasNextObservation(), false);
        rows.timeouts()[0] = true;
        assertThatThrownBy(() -> DatasetBuffer.of(rows))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("none of the 3 rows")
                .hasMessageContaining("1 timeouts and 2 others");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("observation[1] is NaN", rows -> rows.observations()[7 * 3 + 1] = Float.NaN),
                fault("action[0] is Infinity", rows -> rows.actions()[7 * 2] = Float.POSITIVE_INFINITY),
                fault("reward is -Infinity", rows -> rows.rewards()[7] = Float.NEGATIVE_INFINITY),
                fault("next observation[2] is NaN", rows -> rows.nextObservations()[7 * 3 + 2] = Float.NaN));
    }

    private static Arguments fault(String message, Consumer<Transitions> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesTheRowAndColumnOfANumberThatIsNotFinite(String message, Consumer<Transitions> change) {
        Transitions rows = Rows.transitions(10, 9);
        change.accept(rows);
        DatasetBuffer.Builder builder = new DatasetBuffer.Builder(Rows.LAYOUT, 19).add(Rows.transitions(0, 10));
        assertThatThrownBy(() -> builder.add(rows))
                .isInstanceOf(DatasetException.class)
                .hasMessage("row 17 of the dataset: " + message + ", but must be finite");
    }

    @Test
    void doesNotReadANextObservationThatIsNotRecorded() {
        Transitions rows = rows();
        rows.nextObservations()[TERMINAL * 3] = Float.NaN;
        assertThat(DatasetBuffer.of(rows).rows()).isEqualTo(ROWS - 3);
    }

    @Test
    void refusesANumberThatIsNotFiniteInADroppedRowToo() {
        Transitions rows = rows();
        rows.observations()[LAST * 3] = Float.NaN;
        assertThatThrownBy(() -> DatasetBuffer.of(rows)).hasMessageContaining("row 59 of the dataset: observation[0]");
    }

    @Test
    void refusesPartsThatAreNotTheDataset() {
        DatasetBuffer.Builder builder = new DatasetBuffer.Builder(Rows.LAYOUT, 10).add(Rows.transitions(0, 6));
        assertThatThrownBy(() -> builder.add(Rows.transitions(6, 5)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("10 rows, but has at least 11");
        assertThatThrownBy(builder::build)
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("10 rows, but has 6");
        assertThatThrownBy(() -> builder.add(Transitions.allocate(1, 3, 1)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("3 observed numbers and 1 actions do not fit in a buffer of 3 and 2");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1L << 31})
    void refusesANumberOfRowsThatItCannotHold(long rows) {
        assertThatThrownBy(() -> new DatasetBuffer.Builder(Rows.LAYOUT, rows)).isInstanceOf(DatasetException.class);
    }

    /** Draws until it is all but certain that each row was drawn. */
    private static TransitionBatch drawAll(DatasetBuffer buffer) {
        BatchSampler sampler = BatchSampler.ofDataset(buffer, buffer.rows());
        TransitionBatch batch = sampler.allocate();
        TransitionBatch all = new TransitionBatch(Rows.LAYOUT, buffer.rows() * 40);
        RandomStream random = RandomStream.of(1, "test");
        for (int i = 0; i < 40; i++) {
            sampler.fill(batch, random);
            int n = batch.rows();
            System.arraycopy(batch.observations(), 0, all.observations(), i * n * 3, n * 3);
            System.arraycopy(batch.nextObservations(), 0, all.nextObservations(), i * n * 3, n * 3);
            System.arraycopy(batch.rewards(), 0, all.rewards(), i * n, n);
            System.arraycopy(batch.terminals(), 0, all.terminals(), i * n, n);
        }
        return all;
    }

    private static Set<Float> rewards(TransitionBatch batch) {
        Set<Float> rewards = new TreeSet<>();
        for (float reward : batch.rewards()) {
            rewards.add(reward);
        }
        return rewards;
    }
}

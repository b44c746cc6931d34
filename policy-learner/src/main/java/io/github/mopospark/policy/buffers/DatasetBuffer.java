package io.github.mopospark.policy.buffers;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import java.util.Arrays;
import java.util.Objects;

/**
 * The transitions of a dataset, outside the heap. A row without a next observation stays if it is terminal, since nothing is
 * bootstrapped behind it; the others are dropped, because they would bootstrap from nothing. All rows, the dropped among them,
 * are starts of rollouts.
 */
public final class DatasetBuffer {
    private final TransitionLayout layout;
    /** The rows to learn from, then the dropped ones from the end on. */
    private final RowStorage storage;

    private final int starts;
    private final DroppedRows dropped;

    private DatasetBuffer(TransitionLayout layout, RowStorage storage, int starts, DroppedRows dropped) {
        this.layout = layout;
        this.storage = storage;
        this.starts = starts;
        this.dropped = dropped;
    }

    /**
     * Rows that no learner trains on, since their next observation is not recorded and they are not terminal.
     *
     * @param timeouts those at which the episode was cut by time
     * @param others those without any mark, such as the last row of a file
     */
    public record DroppedRows(int timeouts, int others) {}

    /**
     * A buffer of rows that are in memory.
     *
     * @param rows all rows of the dataset
     * @return the buffer
     * @throws DatasetException if there are no rows, none is left, or a number is not finite; the message says in which row
     */
    public static DatasetBuffer of(Transitions rows) {
        TransitionLayout layout = new TransitionLayout(rows.observationSize(), rows.actionSize());
        return new Builder(layout, rows.rows()).add(rows).build();
    }

    /**
     * How its rows lie.
     *
     * @return the layout
     */
    public TransitionLayout layout() {
        return layout;
    }

    /**
     * How many transitions there are to learn from.
     *
     * @return the rows without the dropped ones, at least 1
     */
    public int rows() {
        return starts - dropped.timeouts() - dropped.others();
    }

    /**
     * How many rows were dropped.
     *
     * @return the rows by reason
     */
    public DroppedRows dropped() {
        return dropped;
    }

    /**
     * How many observations a rollout can start from.
     *
     * @return all rows of the dataset
     */
    public int starts() {
        return starts;
    }

    /**
     * Copies the observation that a rollout starts from.
     *
     * @param start its number, below {@link #starts()}; the dropped rows have the last numbers
     * @param target takes it
     * @param offset the first place in the target
     */
    public void readStart(int start, float[] target, int offset) {
        Objects.checkIndex(start, starts);
        storage.block(start).get(storage.start(start), target, offset, layout.observationSize());
    }

    RowStorage storage() {
        return storage;
    }

    /** Takes a dataset part by part, so that it is never on the heap as a whole. */
    public static final class Builder {
        private final TransitionLayout layout;
        private final int rows;
        private final RowStorage storage;
        private final float[] row;
        private int kept;
        private int timeouts;
        private int others;

        /**
         * A buffer to be filled.
         *
         * @param layout of the rows
         * @param rows how many rows the dataset has
         * @throws DatasetException if there are none, or more than 2^31 - 1
         * @throws IllegalArgumentException if there is no memory for them
         */
        public Builder(TransitionLayout layout, long rows) {
            if (rows < 1 || rows > Integer.MAX_VALUE) {
                throw new DatasetException(
                        "the dataset has %,d rows, but must have between 1 and 2^31 - 1 to be learned from"
                                .formatted(rows));
            }
            this.layout = layout;
            this.rows = (int) rows;
            this.storage = new RowStorage(this.rows, layout.size());
            this.row = new float[layout.size()];
        }

        /**
         * Adds the next rows of the dataset.
         *
         * @param next the rows
         * @return this
         * @throws DatasetException if they are more than the dataset has, of other sizes, or a number is not finite
         */
        public Builder add(Transitions next) {
            if (next.observationSize() != layout.observationSize() || next.actionSize() != layout.actionSize()) {
                throw new DatasetException(
                        "rows of %d observed numbers and %d actions do not fit in a buffer of %d and %d"
                                .formatted(
                                        next.observationSize(),
                                        next.actionSize(),
                                        layout.observationSize(),
                                        layout.actionSize()));
            }
            if (next.rows() > rows - added()) {
                throw new DatasetException("the dataset was said to have %,d rows, but has at least %,d"
                        .formatted(rows, (long) added() + next.rows()));
            }
            for (int i = 0; i < next.rows(); i++) {
                pack(next, i);
                int column = layout.faultyColumn(row, 0);
                if (column >= 0) {
                    throw new DatasetException(
                            "row %,d of the dataset: %s".formatted(added(), layout.fault(row, 0, column)));
                }
                storage.put(place(next, i), row, 1);
            }
            return this;
        }

        private void pack(Transitions next, int i) {
            int observation = layout.observationSize();
            int action = layout.actionSize();
            System.arraycopy(next.observations(), i * observation, row, 0, observation);
            System.arraycopy(next.actions(), i * action, row, layout.action(), action);
            row[layout.reward()] = next.rewards()[i];
            if (next.hasNextObservation()[i]) {
                System.arraycopy(next.nextObservations(), i * observation, row, layout.nextObservation(), observation);
            } else {
                Arrays.fill(row, layout.nextObservation(), layout.terminal(), 0);
            }
            row[layout.terminal()] = next.terminals()[i] ? 1 : 0;
        }

        /** Where a row goes, which is counted. */
        private int place(Transitions next, int i) {
            if (next.hasNextObservation()[i] || next.terminals()[i]) {
                return kept++;
            }
            if (next.timeouts()[i]) {
                timeouts++;
            } else {
                others++;
            }
            return rows - timeouts - others;
        }

        private int added() {
            return kept + timeouts + others;
        }

        /**
         * Ends the filling.
         *
         * @return the buffer
         * @throws DatasetException if rows are missing, or none is left to learn from
         */
        public DatasetBuffer build() {
            if (added() != rows) {
                throw new DatasetException(
                        "the dataset was said to have %,d rows, but has %,d".formatted(rows, added()));
            }
            if (kept == 0) {
                throw new DatasetException(
                        "none of the %,d rows of the dataset can be learned from: %,d timeouts and %,d others have no next observation, which only terminal rows need not have"
                                .formatted(rows, timeouts, others));
            }
            return new DatasetBuffer(layout, storage, rows, new DroppedRows(timeouts, others));
        }
    }
}

package io.github.mopospark.ensemble.training;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.OutputLayout;

/** What a dynamics model learns of a transition: from an observation and an action, the reward and the observation's change. */
public final class DynamicsRows {
    private DynamicsRows() {}

    /**
     * Reads an input, in raw units.
     *
     * @param rows the dataset
     * @param row which row
     * @param target written: the observation and then the action
     * @param offset where in it
     */
    public static void readInput(Transitions rows, int row, float[] target, int offset) {
        int observationSize = rows.observationSize();
        int actionSize = rows.actionSize();
        System.arraycopy(rows.observations(), row * observationSize, target, offset, observationSize);
        System.arraycopy(rows.actions(), row * actionSize, target, offset + observationSize, actionSize);
    }

    /**
     * Reads a target, in raw units.
     *
     * @param rows the dataset
     * @param row which row, with a next observation
     * @param target written, as {@link OutputLayout} has it
     * @param offset where in it
     */
    public static void readTarget(Transitions rows, int row, float[] target, int offset) {
        int size = rows.observationSize();
        OutputLayout layout = new OutputLayout(size);
        target[offset + layout.reward(0)] = rows.rewards()[row];
        for (int j = 0; j < size; j++) {
            target[offset + layout.change(0) + j] =
                    rows.nextObservations()[row * size + j] - rows.observations()[row * size + j];
        }
    }

    /**
     * Copies what dynamics learn of a row; episodes and their ends do not matter to them.
     *
     * @param from the dataset
     * @param row which row, with a next observation
     * @param to written
     * @param place which of its rows
     */
    public static void copy(Transitions from, int row, Transitions to, int place) {
        int observationSize = from.observationSize();
        int actionSize = from.actionSize();
        System.arraycopy(
                from.observations(),
                row * observationSize,
                to.observations(),
                place * observationSize,
                observationSize);
        System.arraycopy(from.actions(), row * actionSize, to.actions(), place * actionSize, actionSize);
        to.rewards()[place] = from.rewards()[row];
        System.arraycopy(
                from.nextObservations(),
                row * observationSize,
                to.nextObservations(),
                place * observationSize,
                observationSize);
        to.hasNextObservation()[place] = true;
    }

    /**
     * What dynamics learn of some rows.
     *
     * @param rows the dataset
     * @param numbers which rows, each with a next observation, in the order in which they are wanted
     * @return copies, without episodes and their ends
     */
    public static Transitions select(Transitions rows, int[] numbers) {
        Transitions selected = Transitions.allocate(numbers.length, rows.observationSize(), rows.actionSize());
        for (int i = 0; i < numbers.length; i++) {
            copy(rows, numbers[i], selected, i);
        }
        return selected;
    }

    /**
     * Checks a row's numbers.
     *
     * @param rows the dataset, or a part of it
     * @param row which row
     * @param number what messages call it
     * @throws DatasetException if a number is not finite
     */
    public static void requireFinite(Transitions rows, int row, long number) {
        requireFinite("observation", rows.observations(), row, rows.observationSize(), number);
        requireFinite("action", rows.actions(), row, rows.actionSize(), number);
        requireFinite("reward", rows.rewards(), row, 1, number);
        requireFinite("next_observation", rows.nextObservations(), row, rows.observationSize(), number);
    }

    private static void requireFinite(String column, float[] numbers, int row, int width, long number) {
        for (int i = 0; i < width; i++) {
            if (!Float.isFinite(numbers[row * width + i])) {
                throw new DatasetException(
                        "row %,d: number %d of %s is %s, but must be finite; convert the dataset again with --drop-nonfinite"
                                .formatted(number, i, column, numbers[row * width + i]));
            }
        }
    }
}

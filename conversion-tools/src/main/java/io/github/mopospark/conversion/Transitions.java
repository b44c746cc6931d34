package io.github.mopospark.conversion;

import java.io.Serializable;
import java.util.Objects;

/**
 * Rows of a dataset, one packed row-major array a column. The arrays are not copied: who makes this gives them away.
 *
 * @param observationSize numbers in an observation
 * @param actionSize numbers in an action
 * @param episodes {@code [rows]}: the number of the row's episode, from 0
 * @param steps {@code [rows]}: the row's place in its episode, from 0
 * @param observations {@code [rows, observationSize]}
 * @param actions {@code [rows, actionSize]}
 * @param rewards {@code [rows]}
 * @param nextObservations {@code [rows, observationSize]}; zeros where none is recorded
 * @param hasNextObservation {@code [rows]}: whether the next observation is recorded, so that dynamics may learn the row
 * @param terminals {@code [rows]}: whether the MDP ended
 * @param timeouts {@code [rows]}: whether the episode was cut
 */
public record Transitions(
        int observationSize,
        int actionSize,
        long[] episodes,
        int[] steps,
        float[] observations,
        float[] actions,
        float[] rewards,
        float[] nextObservations,
        boolean[] hasNextObservation,
        boolean[] terminals,
        boolean[] timeouts)
        implements Serializable {

    /**
     * Checks that every array fits the number of rows.
     *
     * @throws IllegalArgumentException if one does not
     */
    public Transitions {
        int rows = Objects.requireNonNull(rewards, "rewards").length;
        requireLength("episodes", episodes.length, rows, 1);
        requireLength("steps", steps.length, rows, 1);
        requireLength("observations", observations.length, rows, observationSize);
        requireLength("actions", actions.length, rows, actionSize);
        requireLength("nextObservations", nextObservations.length, rows, observationSize);
        requireLength("hasNextObservation", hasNextObservation.length, rows, 1);
        requireLength("terminals", terminals.length, rows, 1);
        requireLength("timeouts", timeouts.length, rows, 1);
    }

    private static void requireLength(String column, int length, int rows, int width) {
        if (width < 1 || length != (long) rows * width) {
            throw new IllegalArgumentException(
                    "%s has %d numbers, not %d rows of %d".formatted(column, length, rows, width));
        }
    }

    /**
     * Makes room for rows: all zero and false.
     *
     * @param rows how many
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     * @return empty rows
     * @throws IllegalArgumentException if an array would have more than 2^31 - 9 numbers; the message says so
     */
    public static Transitions allocate(long rows, int observationSize, int actionSize) {
        long largest = Integer.MAX_VALUE - 8L;
        if (rows > largest / Math.max(observationSize, actionSize)) {
            throw new IllegalArgumentException(
                    "%,d rows of %d numbers do not fit in one array; read the dataset in ranges of at most %,d rows"
                            .formatted(rows, observationSize, largest / Math.max(observationSize, actionSize)));
        }
        int count = (int) rows;
        return new Transitions(
                observationSize,
                actionSize,
                new long[count],
                new int[count],
                new float[count * observationSize],
                new float[count * actionSize],
                new float[count],
                new float[count * observationSize],
                new boolean[count],
                new boolean[count],
                new boolean[count]);
    }

    /**
     * How many rows these are.
     *
     * @return the number of rows
     */
    public int rows() {
        return rewards.length;
    }
}

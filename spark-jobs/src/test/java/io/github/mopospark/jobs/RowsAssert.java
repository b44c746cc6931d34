package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.conversion.Transitions;

/** Compares rows of datasets, all columns and all bits. */
public final class RowsAssert {
    private RowsAssert() {}

    /**
     * Fails unless the rows are the same.
     *
     * @param actual the rows of one dataset
     * @param expected the rows of the other
     */
    public static void assertSameRows(Transitions actual, Transitions expected) {
        assertThat(actual.episodes()).as("episode").isEqualTo(expected.episodes());
        assertThat(actual.steps()).as("step").isEqualTo(expected.steps());
        assertThat(actual.observations()).as("observation").isEqualTo(expected.observations());
        assertThat(actual.actions()).as("action").isEqualTo(expected.actions());
        assertThat(actual.rewards()).as("reward").isEqualTo(expected.rewards());
        assertThat(actual.nextObservations()).as("next_observation").isEqualTo(expected.nextObservations());
        assertThat(actual.hasNextObservation())
                .as("next_observation is recorded")
                .isEqualTo(expected.hasNextObservation());
        assertThat(actual.terminals()).as("terminal").isEqualTo(expected.terminals());
        assertThat(actual.timeouts()).as("timeout").isEqualTo(expected.timeouts());
    }

    /**
     * Fails unless the recorded columns are those of a file.
     *
     * @param actual the rows of a dataset
     * @param expected the rows of the file that it was made from
     */
    public static void assertRecordedAs(Transitions actual, D4rlRows expected) {
        assertThat(actual.observations()).as("observation").isEqualTo(flat(expected.observations()));
        assertThat(actual.actions()).as("action").isEqualTo(flat(expected.actions()));
        assertThat(actual.rewards()).as("reward").isEqualTo(expected.rewards());
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[row].length, rows[row].length);
        }
        return flat;
    }
}

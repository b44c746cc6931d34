package io.github.mopospark.conversion.hdf5;

/**
 * Consecutive rows as a file has them, packed row-major.
 *
 * @param firstRow the file's number of the first row
 * @param observations {@code [rows, observationSize]}
 * @param actions {@code [rows, actionSize]}
 * @param rewards {@code [rows]}
 * @param nextObservations {@code [rows, observationSize]}: what the file records, else the next row's observation (for the
 *     file's last row, its own)
 * @param terminals {@code [rows]}
 * @param timeouts {@code [rows]}; all false where the file has none
 */
public record RecordedRows(
        long firstRow,
        float[] observations,
        float[] actions,
        float[] rewards,
        float[] nextObservations,
        boolean[] terminals,
        boolean[] timeouts) {

    /**
     * How many rows these are.
     *
     * @return the number of rows
     */
    public int rows() {
        return rewards.length;
    }
}

package io.github.mopospark.jobs;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Made-up rows in D4RL's columns; tests change single numbers in the arrays.
 *
 * @param observations {@code [rows][width]}
 * @param actions {@code [rows][width]}, in [-1, 1]
 * @param rewards {@code [rows]}
 * @param nextObservations {@code [rows][width]}; the next row's observation but at an episode's end
 * @param terminals 0 or 1
 * @param timeouts 0 or 1
 */
public record D4rlRows(
        float[][] observations,
        float[][] actions,
        float[] rewards,
        float[][] nextObservations,
        byte[] terminals,
        byte[] timeouts) {

    /**
     * Rows of hopper's sizes.
     *
     * @param seed of all numbers
     * @param rows how many
     * @param episodeLength rows an episode; every second episode ends by a terminal, the others by a timeout, and the last
     *     where the rows do
     * @return the rows
     */
    public static D4rlRows hopper(long seed, int rows, int episodeLength) {
        return random(seed, rows, episodeLength, 11, 3);
    }

    /**
     * Rows of any sizes.
     *
     * @param seed of all numbers
     * @param rows how many
     * @param episodeLength rows an episode
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     * @return the rows
     */
    public static D4rlRows random(long seed, int rows, int episodeLength, int observationSize, int actionSize) {
        SplittableRandom random = new SplittableRandom(seed);
        D4rlRows made = new D4rlRows(
                new float[rows][observationSize],
                new float[rows][actionSize],
                new float[rows],
                new float[rows][observationSize],
                new byte[rows],
                new byte[rows]);
        for (int row = 0; row < rows; row++) {
            fill(random, made.observations[row]);
            fill(random, made.actions[row]);
            made.rewards[row] = (float) random.nextDouble(-1, 5);
            if ((row + 1) % episodeLength == 0) {
                (row / episodeLength % 2 == 0 ? made.timeouts : made.terminals)[row] = 1;
            }
        }
        for (int row = 0; row < rows; row++) {
            boolean ends = row + 1 == rows || made.terminals[row] + made.timeouts[row] > 0;
            if (ends) {
                fill(random, made.nextObservations[row]);
            } else {
                made.nextObservations[row] = made.observations[row + 1].clone();
            }
        }
        return made;
    }

    private static void fill(SplittableRandom random, float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
    }

    /**
     * Writes a file with {@code next_observations}.
     *
     * @param path the file
     * @return the file
     */
    public Path write(Path path) {
        return write(path, true, true);
    }

    /**
     * Writes a file.
     *
     * @param path the file
     * @param withNext whether it has {@code next_observations}
     * @param withTimeouts whether it has {@code timeouts}
     * @return the file
     */
    public Path write(Path path, boolean withNext, boolean withTimeouts) {
        try (WritableHdfFile file = HdfFile.write(path)) {
            file.putDataset("observations", observations);
            file.putDataset("actions", actions);
            file.putDataset("rewards", rewards);
            if (withNext) {
                file.putDataset("next_observations", nextObservations);
            }
            file.putDataset("terminals", terminals);
            if (withTimeouts) {
                file.putDataset("timeouts", timeouts);
            }
        }
        return path;
    }
}

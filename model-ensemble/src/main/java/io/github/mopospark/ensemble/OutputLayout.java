package io.github.mopospark.ensemble;

/**
 * Where what lies in a row that a member predicts: the reward first, then the change of the observation. A member's network
 * puts out two such rows side by side, the means and then the log-variances.
 *
 * @param observationSize numbers in an observation
 */
public record OutputLayout(int observationSize) {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public OutputLayout {
        if (observationSize < 1) {
            throw new IllegalArgumentException(
                    "a model's observation size must be at least 1, but was %d".formatted(observationSize));
        }
    }

    /**
     * Numbers in a predicted row.
     *
     * @return the reward and the observation's
     */
    public int size() {
        return 1 + observationSize;
    }

    /**
     * Numbers in a row that a network puts out.
     *
     * @return a mean and a log-variance for each number of a predicted row
     */
    public int networkSize() {
        return 2 * size();
    }

    /**
     * Where the reward is among packed predicted rows.
     *
     * @param row which row
     * @return its place
     */
    public int reward(int row) {
        return row * size();
    }

    /**
     * Where the change of the observation begins among packed predicted rows.
     *
     * @param row which row
     * @return the place of its first number
     */
    public int change(int row) {
        return row * size() + 1;
    }
}

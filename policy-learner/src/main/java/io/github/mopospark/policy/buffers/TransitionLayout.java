package io.github.mopospark.policy.buffers;

/**
 * How a transition lies in a row of floats: observation, action, reward, next observation, and 1 if the MDP ended or else 0.
 *
 * @param observationSize numbers in an observation
 * @param actionSize numbers in an action
 */
public record TransitionLayout(int observationSize, int actionSize) {
    private static final int LONGEST_ROW = 1 << 20;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is less than 1 or a row would have more than 2^20 numbers
     */
    public TransitionLayout {
        if (observationSize < 1 || actionSize < 1) {
            throw new IllegalArgumentException(
                    "a transition must have at least 1 observed number and 1 action, but has %d and %d"
                            .formatted(observationSize, actionSize));
        }
        long size = 2L * observationSize + actionSize + 2;
        if (size > LONGEST_ROW) {
            throw new IllegalArgumentException(
                    "a transition of %d observed numbers and %d actions has %,d numbers, but may have at most %,d"
                            .formatted(observationSize, actionSize, size, LONGEST_ROW));
        }
    }

    /**
     * Where the action starts; the observation is before it, from 0.
     *
     * @return its first column
     */
    public int action() {
        return observationSize;
    }

    /**
     * Where the reward is.
     *
     * @return its column
     */
    public int reward() {
        return action() + actionSize;
    }

    /**
     * Where the next observation starts.
     *
     * @return its first column
     */
    public int nextObservation() {
        return reward() + 1;
    }

    /**
     * Where it says whether the MDP ended.
     *
     * @return its column
     */
    public int terminal() {
        return nextObservation() + observationSize;
    }

    /**
     * Numbers in a row.
     *
     * @return the columns
     */
    public int size() {
        return terminal() + 1;
    }

    /**
     * What a column holds, for messages.
     *
     * @param column from 0
     * @return such as {@code observation[3]}
     */
    public String nameOf(int column) {
        if (column < action()) {
            return "observation[%d]".formatted(column);
        }
        if (column < reward()) {
            return "action[%d]".formatted(column - action());
        }
        if (column == reward()) {
            return "reward";
        }
        return column < terminal() ? "next observation[%d]".formatted(column - nextObservation()) : "terminal";
    }

    /** The first column of a row that no learner can take, or -1 if there is none. */
    int faultyColumn(float[] rows, int start) {
        for (int column = 0; column < terminal(); column++) {
            if (!Float.isFinite(rows[start + column])) {
                return column;
            }
        }
        float terminal = rows[start + terminal()];
        return terminal == 0 || terminal == 1 ? -1 : terminal();
    }

    /** What is wrong with a column that {@link #faultyColumn} found. */
    String fault(float[] rows, int start, int column) {
        return "%s is %s, but must be %s"
                .formatted(nameOf(column), rows[start + column], column == terminal() ? "0 or 1" : "finite");
    }
}

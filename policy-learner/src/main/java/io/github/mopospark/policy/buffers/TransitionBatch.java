package io.github.mopospark.policy.buffers;

/** Room for the transitions of one update, one packed array a column. */
public final class TransitionBatch {
    private final int rows;
    private final float[] observations;
    private final float[] actions;
    private final float[] rewards;
    private final float[] nextObservations;
    private final float[] terminals;

    /**
     * Makes room.
     *
     * @param rows transitions in a batch
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     */
    public TransitionBatch(int rows, int observationSize, int actionSize) {
        this.rows = rows;
        observations = new float[rows * observationSize];
        actions = new float[rows * actionSize];
        rewards = new float[rows];
        nextObservations = new float[rows * observationSize];
        terminals = new float[rows];
    }

    public int rows() {
        return rows;
    }

    public float[] observations() {
        return observations;
    }

    public float[] actions() {
        return actions;
    }

    public float[] rewards() {
        return rewards;
    }

    public float[] nextObservations() {
        return nextObservations;
    }

    public float[] terminals() {
        return terminals;
    }
}

package io.github.mopospark.policy.buffers;

import java.nio.FloatBuffer;
import java.util.Objects;

/** A batch of transitions, one packed array a column, filled again and again. */
public final class TransitionBatch {
    private final TransitionLayout layout;
    private final int rows;
    private final float[] observations;
    private final float[] actions;
    private final float[] rewards;
    private final float[] nextObservations;
    private final float[] terminals;

    /**
     * A batch of zeros.
     *
     * @param layout the sizes of a transition
     * @param rows how many transitions, at least 1
     */
    public TransitionBatch(TransitionLayout layout, int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException(
                    "a batch must have at least 1 row, but was asked for %d".formatted(rows));
        }
        this.layout = Objects.requireNonNull(layout, "layout");
        this.rows = rows;
        this.observations = new float[Math.multiplyExact(rows, layout.observationSize())];
        this.actions = new float[Math.multiplyExact(rows, layout.actionSize())];
        this.rewards = new float[rows];
        this.nextObservations = new float[observations.length];
        this.terminals = new float[rows];
    }

    /**
     * The sizes of its transitions.
     *
     * @return the layout of the buffers that fill it
     */
    public TransitionLayout layout() {
        return layout;
    }

    /**
     * How many transitions there are.
     *
     * @return the rows
     */
    public int rows() {
        return rows;
    }

    /**
     * What was observed before each step.
     *
     * @return {@code [rows, observationSize]}; the array itself
     */
    public float[] observations() {
        return observations;
    }

    /**
     * What was done.
     *
     * @return {@code [rows, actionSize]}; the array itself
     */
    public float[] actions() {
        return actions;
    }

    /**
     * What it was worth.
     *
     * @return {@code [rows]}; the array itself
     */
    public float[] rewards() {
        return rewards;
    }

    /**
     * What was observed after each step; zeros may stand in terminal rows.
     *
     * @return {@code [rows, observationSize]}; the array itself
     */
    public float[] nextObservations() {
        return nextObservations;
    }

    /**
     * Whether the MDP ended.
     *
     * @return {@code [rows]}, 1 where it did and else 0; the array itself
     */
    public float[] terminals() {
        return terminals;
    }

    /** Fills a row with one that lies in a storage. */
    void copy(RowStorage storage, int place, int row) {
        FloatBuffer block = storage.block(place);
        int start = storage.start(place);
        int observation = layout.observationSize();
        int action = layout.actionSize();
        block.get(start, observations, row * observation, observation);
        block.get(start + layout.action(), actions, row * action, action);
        rewards[row] = block.get(start + layout.reward());
        block.get(start + layout.nextObservation(), nextObservations, row * observation, observation);
        terminals[row] = block.get(start + layout.terminal());
    }
}

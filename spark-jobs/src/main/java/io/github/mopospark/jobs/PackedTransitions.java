package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.rollouts.ModelTransitions;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.util.Arrays;
import java.util.Objects;

/** A model's transitions as rows of a learner's buffer, in the order in which they are added. */
public final class PackedTransitions {
    private final TransitionLayout layout;
    private float[] rows = new float[0];
    private int count;

    /**
     * No rows yet.
     *
     * @param layout how a row lies
     */
    public PackedTransitions(TransitionLayout layout) {
        this.layout = Objects.requireNonNull(layout, "layout");
    }

    /**
     * Adds transitions, which are copied.
     *
     * @param made by rollouts, with the layout's sizes
     */
    public void add(ModelTransitions made) {
        int observationSize = layout.observationSize();
        int actionSize = layout.actionSize();
        rows = Arrays.copyOf(rows, Math.multiplyExact(count + made.rows(), layout.size()));
        for (int row = 0; row < made.rows(); row++) {
            int start = count * layout.size();
            System.arraycopy(made.observations(), row * observationSize, rows, start, observationSize);
            System.arraycopy(made.actions(), row * actionSize, rows, start + layout.action(), actionSize);
            rows[start + layout.reward()] = made.rewards()[row];
            System.arraycopy(
                    made.nextObservations(),
                    row * observationSize,
                    rows,
                    start + layout.nextObservation(),
                    observationSize);
            rows[start + layout.terminal()] = made.terminals()[row] ? 1 : 0;
            count++;
        }
    }

    /**
     * How many there are.
     *
     * @return rows
     */
    public int count() {
        return count;
    }

    /**
     * The rows.
     *
     * @return {@code [count, layout.size()]}, not a copy
     */
    public float[] rows() {
        return rows;
    }
}

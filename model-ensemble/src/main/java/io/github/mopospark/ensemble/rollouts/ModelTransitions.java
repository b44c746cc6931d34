package io.github.mopospark.ensemble.rollouts;

/**
 * Transitions that a model made, one packed row-major array a column. The arrays have room for more rows than there are.
 *
 * @param rows how many there are
 * @param observations {@code [rows, observationSize]}
 * @param actions {@code [rows, actionSize]}
 * @param rewards {@code [rows]}, the penalty taken off
 * @param nextObservations {@code [rows, observationSize]}
 * @param terminals {@code [rows]}: whether the episode ended there
 */
public record ModelTransitions(
        int rows,
        float[] observations,
        float[] actions,
        float[] rewards,
        float[] nextObservations,
        boolean[] terminals) {
    static ModelTransitions allocate(int capacity, int observationSize, int actionSize) {
        return new ModelTransitions(
                0,
                new float[Math.multiplyExact(capacity, observationSize)],
                new float[Math.multiplyExact(capacity, actionSize)],
                new float[capacity],
                new float[capacity * observationSize],
                new boolean[capacity]);
    }

    ModelTransitions withRows(int count) {
        return new ModelTransitions(count, observations, actions, rewards, nextObservations, terminals);
    }
}

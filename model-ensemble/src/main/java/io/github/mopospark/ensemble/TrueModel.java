package io.github.mopospark.ensemble;

/**
 * What a model is a model of, such as a simulator that can be set to any state: the oracle of {@link Penalty#TRUE_ERROR}. For one
 * thread at a time.
 */
@FunctionalInterface
public interface TrueModel {
    /**
     * Tells what truly follows on observations and actions. A row whose state cannot be known from its observation gets NaN; a
     * rollout ends there and counts as diverged.
     *
     * @param observations {@code [rows, observationSize]}, packed; the array may be longer
     * @param actions {@code [rows, actionSize]}, packed; the array may be longer
     * @param rows how many there are
     * @param rewards {@code [rows]}, written
     * @param nextObservations {@code [rows, observationSize]}, written
     */
    void step(float[] observations, float[] actions, int rows, float[] rewards, float[] nextObservations);
}

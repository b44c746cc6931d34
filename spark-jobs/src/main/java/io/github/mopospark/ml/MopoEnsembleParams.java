package io.github.mopospark.ml;

import io.github.mopospark.ensemble.Penalty;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What {@link MopoEnsemble} and {@link MopoEnsembleModel} have in common: the columns of a prediction, and how it is made.
 *
 * @param <P> whose parameters these are, which its setters return
 */
public interface MopoEnsembleParams<P extends MopoEnsembleParams<P>> extends Params {
    /**
     * The column of observations, {@code array<float>}, {@code array<double>} or a vector; by default {@code observation}.
     *
     * @return the parameter
     */
    default Param<String> observationCol() {
        return prediction().observationCol();
    }

    /**
     * The column of actions, {@code array<float>}, {@code array<double>} or a vector; by default {@code action}.
     *
     * @return the parameter
     */
    default Param<String> actionCol() {
        return prediction().actionCol();
    }

    /**
     * The column of predicted next observations, {@code array<float>}: the mean over elites of their means. By default
     * {@code predicted_next_observation}.
     *
     * @return the parameter
     */
    default Param<String> predictedNextObservationCol() {
        return prediction().predictedNextObservationCol();
    }

    /**
     * The column of predicted rewards, {@code float}: the mean over elites of their means. By default
     * {@code predicted_reward}.
     *
     * @return the parameter
     */
    default Param<String> predictedRewardCol() {
        return prediction().predictedRewardCol();
    }

    /**
     * The column of penalties, {@code float}, not multiplied by lambda; by default {@code penalty}.
     *
     * @return the parameter
     */
    default Param<String> penaltyCol() {
        return prediction().penaltyCol();
    }

    /**
     * How far a prediction is not to be trusted: {@code max-aleatoric}, {@code ensemble-disagreement}, {@code ensemble-std} or
     * {@code none}, as {@link Penalty} says, over all members; by default {@code max-aleatoric}.
     *
     * @return the parameter
     */
    default Param<String> penalty() {
        return prediction().penalty();
    }

    /**
     * What networks compute with: {@code auto}, {@code cpu}, {@code cpu-plain} or {@code nd4j}; by default {@code auto}.
     *
     * @return the parameter
     */
    default Param<String> kernels() {
        return prediction().kernels();
    }

    /**
     * The parameters that both have.
     *
     * @return those of this owner
     */
    PredictionParams prediction();

    /**
     * These parameters themselves.
     *
     * @return this
     */
    P self();

    /**
     * The column of observations.
     *
     * @return its name
     */
    default String getObservationCol() {
        return getOrDefault(observationCol());
    }

    /**
     * Sets {@link #observationCol}.
     *
     * @param name the column
     * @return this
     */
    default P setObservationCol(String name) {
        set(observationCol(), name);
        return self();
    }

    /**
     * The column of actions.
     *
     * @return its name
     */
    default String getActionCol() {
        return getOrDefault(actionCol());
    }

    /**
     * Sets {@link #actionCol}.
     *
     * @param name the column
     * @return this
     */
    default P setActionCol(String name) {
        set(actionCol(), name);
        return self();
    }

    /**
     * The column of predicted next observations.
     *
     * @return its name
     */
    default String getPredictedNextObservationCol() {
        return getOrDefault(predictedNextObservationCol());
    }

    /**
     * Sets {@link #predictedNextObservationCol}.
     *
     * @param name the column
     * @return this
     */
    default P setPredictedNextObservationCol(String name) {
        set(predictedNextObservationCol(), name);
        return self();
    }

    /**
     * The column of predicted rewards.
     *
     * @return its name
     */
    default String getPredictedRewardCol() {
        return getOrDefault(predictedRewardCol());
    }

    /**
     * Sets {@link #predictedRewardCol}.
     *
     * @param name the column
     * @return this
     */
    default P setPredictedRewardCol(String name) {
        set(predictedRewardCol(), name);
        return self();
    }

    /**
     * The column of penalties.
     *
     * @return its name
     */
    default String getPenaltyCol() {
        return getOrDefault(penaltyCol());
    }

    /**
     * Sets {@link #penaltyCol}.
     *
     * @param name the column
     * @return this
     */
    default P setPenaltyCol(String name) {
        set(penaltyCol(), name);
        return self();
    }

    /**
     * The penalty.
     *
     * @return its name in a configuration
     */
    default String getPenalty() {
        return getOrDefault(penalty());
    }

    /**
     * Sets {@link #penalty}.
     *
     * @param name its name in a configuration
     * @return this
     * @throws IllegalArgumentException if it is none, or {@code true-error}, which takes the simulator
     */
    default P setPenalty(String name) {
        set(penalty(), name);
        return self();
    }

    /**
     * The kernels.
     *
     * @return their name in a configuration
     */
    default String getKernels() {
        return getOrDefault(kernels());
    }

    /**
     * Sets {@link #kernels}.
     *
     * @param name their name in a configuration
     * @return this
     * @throws IllegalArgumentException if there are none of that name
     */
    default P setKernels(String name) {
        set(kernels(), name);
        return self();
    }
}

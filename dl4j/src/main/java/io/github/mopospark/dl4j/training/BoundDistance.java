package io.github.mopospark.dl4j.training;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * What keeps the bounds of log-variances close, for DL4J: the sum of the greatest minus the sum of the least, times a
 * coefficient, is a part of the loss.
 *
 * @param coefficient a member's, as {@code EnsembleConfig.memberBoundCoefficient} gives it
 */
record BoundDistance(double coefficient) implements Regularization {
    private static INDArray greatest(INDArray bounds) {
        return bounds.get(NDArrayIndex.interval(0, bounds.length() / 2));
    }

    private static INDArray least(INDArray bounds) {
        return bounds.get(NDArrayIndex.interval(bounds.length() / 2, bounds.length()));
    }

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.BEFORE_UPDATER;
    }

    @Override
    public void apply(INDArray bounds, INDArray gradient, double learningRate, int iteration, int epoch) {
        INDArray row = gradient.reshape(gradient.length());
        greatest(row).addi(coefficient);
        least(row).subi(coefficient);
    }

    @Override
    public double score(INDArray bounds, int iteration, int epoch) {
        INDArray row = bounds.reshape(bounds.length());
        return coefficient
                * (greatest(row).sumNumber().doubleValue()
                        - least(row).sumNumber().doubleValue());
    }

    @Override
    public Regularization clone() {
        return this;
    }
}

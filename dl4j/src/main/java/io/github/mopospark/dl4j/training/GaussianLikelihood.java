package io.github.mopospark.dl4j.training;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The negative log-likelihood of targets {@code [batch, size]} under normal distributions {@code [batch, 2 * size]}, means and
 * then log-variances, up to constants, as a loss function of DL4J's: the mean over outputs of
 * {@code (mean - target)^2 exp(-logVariance) + logVariance}. The gradient is divided by the rows of a batch here, so that a network must not be
 * configured to do it ({@code miniBatch(false)}).
 */
public final class GaussianLikelihood implements ILossFunction {
    private static final long serialVersionUID = 1;

    /** A loss. */
    public GaussianLikelihood() {}

    private static INDArray means(INDArray output) {
        return output.get(NDArrayIndex.all(), NDArrayIndex.interval(0, output.size(1) / 2));
    }

    private static INDArray logVariances(INDArray output) {
        return output.get(NDArrayIndex.all(), NDArrayIndex.interval(output.size(1) / 2, output.size(1)));
    }

    /** Each output's part. */
    private static INDArray terms(INDArray labels, INDArray output) {
        INDArray error = means(output).sub(labels);
        INDArray logVariance = logVariances(output);
        return error.muli(error).muli(Transforms.exp(logVariance.neg(), false)).addi(logVariance);
    }

    private static void requireRaw(INDArray labels, INDArray output, INDArray mask) {
        if (mask != null) {
            throw new UnsupportedOperationException("a member's rows are never masked");
        }
        if (output.size(1) != 2 * labels.size(1)) {
            throw new IllegalArgumentException(
                    "a likelihood needs a mean and a log-variance for each of %d targets, but was given %d numbers"
                            .formatted(labels.size(1), output.size(1)));
        }
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        INDArray scores = computeScoreArray(labels, preOutput, activation, mask);
        double sum = scores.sumNumber().doubleValue();
        return average ? sum / scores.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        requireRaw(labels, preOutput, mask);
        return terms(labels, activation.getActivation(preOutput.dup(), true)).mean(true, 1);
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        requireRaw(labels, preOutput, mask);
        INDArray output = activation.getActivation(preOutput.dup(), true);
        INDArray error = means(output).sub(labels);
        INDArray precision = Transforms.exp(logVariances(output).neg(), false);
        INDArray slope = output.ulike();
        means(slope).assign(error.mul(precision).muli(2));
        logVariances(slope).assign(error.muli(error).muli(precision).rsubi(1));
        slope.divi((double) labels.length());
        return activation.backprop(preOutput.dup(), slope).getFirst();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        return Pair.of(
                computeScore(labels, preOutput, activation, mask, average),
                computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
        return toString();
    }

    @Override
    public String toString() {
        return "GaussianLikelihood()";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GaussianLikelihood;
    }

    @Override
    public int hashCode() {
        return GaussianLikelihood.class.hashCode();
    }
}

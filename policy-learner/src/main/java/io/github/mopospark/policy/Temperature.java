package io.github.mopospark.policy;

import io.github.mopospark.networks.kernels.AdamStep;

/**
 * The entropy temperature alpha, learned through its logarithm so that it stays positive (Haarnoja et al. 2018, equation
 * 18, with the logarithm in place of alpha as the authors' code has it): one parameter with an Adam of its own.
 */
final class Temperature {
    private final double targetEntropy;
    private final double learningRate;
    // Floats, as the networks' parameters are, so that a checkpoint of floats holds them.
    private float logarithm;
    private float firstMoment;
    private float secondMoment;
    private long steps;

    Temperature(double initial, double targetEntropy, double learningRate) {
        this.targetEntropy = targetEntropy;
        this.learningRate = learningRate;
        logarithm = (float) StrictMath.log(initial);
    }

    double value() {
        return StrictMath.exp(logarithm);
    }

    double logarithm() {
        return logarithm;
    }

    /** {@code -log(alpha) (log probability + target entropy)}, the mean over a batch. */
    double loss(double meanLogProbability) {
        return -logarithm * (meanLogProbability + targetEntropy);
    }

    /** The derivative of {@link #loss} by the logarithm. */
    double gradient(double meanLogProbability) {
        return -(meanLogProbability + targetEntropy);
    }

    /** One step of Adam down the loss. */
    void update(double meanLogProbability) {
        if (learningRate == 0) {
            return;
        }
        steps++;
        AdamStep step = AdamStep.of(learningRate, steps);
        double gradient = gradient(meanLogProbability);
        firstMoment += (float) (step.firstRate() * (gradient - firstMoment));
        secondMoment += (float) (step.secondRate() * (gradient * gradient - secondMoment));
        double scale = Math.sqrt(secondMoment) * step.secondCorrection() + step.epsilon();
        logarithm -= (float) (step.stepSize() * firstMoment / scale);
    }

    long steps() {
        return steps;
    }

    /** {@code [log alpha, first moment, second moment]}. */
    float[] state() {
        return new float[] {logarithm, firstMoment, secondMoment};
    }

    void restore(float[] state, long stepsSoFar) {
        logarithm = state[0];
        firstMoment = state[1];
        secondMoment = state[2];
        steps = stepsSoFar;
    }
}

package io.github.mopospark.policy;

import io.github.mopospark.networks.kernels.AdamStep;

/**
 * The entropy temperature alpha, learned through its logarithm so that it stays positive (Haarnoja et al. 2018, equation
 * 18, with the logarithm in place of alpha as the authors' code has it): one parameter with an Adam of its own.
 */
final class Temperature {
    private final double targetEntropy;
    private final double learningRate;
    private double logarithm;
    private double firstMoment;
    private double secondMoment;
    private long steps;

    Temperature(double initial, double targetEntropy, double learningRate) {
        this.targetEntropy = targetEntropy;
        this.learningRate = learningRate;
        logarithm = Math.log(initial);
    }

    double value() {
        return Math.exp(logarithm);
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
        firstMoment += step.firstRate() * (gradient - firstMoment);
        secondMoment += step.secondRate() * (gradient * gradient - secondMoment);
        logarithm -=
                step.stepSize() * firstMoment / (Math.sqrt(secondMoment) * step.secondCorrection() + step.epsilon());
    }

    /** {@code [log alpha, first moment, second moment, steps]}. */
    double[] state() {
        return new double[] {logarithm, firstMoment, secondMoment, steps};
    }

    void restore(double[] state) {
        logarithm = state[0];
        firstMoment = state[1];
        secondMoment = state[2];
        steps = (long) state[3];
    }
}

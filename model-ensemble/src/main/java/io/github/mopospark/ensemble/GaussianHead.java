package io.github.mopospark.ensemble;

import io.github.mopospark.networks.kernels.ElementwiseFunctions;
import java.util.Arrays;

/**
 * The two heads of a member behind its network: the mean as it is, the log-variance softly clamped between two learned
 * bounds. With {@code l1 = max - softplus(max - l)} and {@code log var = min + softplus(l1 - min)}, the variance has the
 * closed form {@code e^min + e^max / (1 + e^(max - l))}, which needs one exponential. Memory is made once; for one thread.
 */
public final class GaussianHead {
    /** The greatest log-variance of each output before training, as the authors have it. */
    public static final float GREATEST_LOG_VARIANCE = 0.5f;

    /** The least log-variance of each output before training, as the authors have it. */
    public static final float LEAST_LOG_VARIANCE = -10;

    private final ElementwiseFunctions functions;
    private final int size;
    private final float[] greatest;
    private final float[] greatestVariance;
    private final float[] leastVariance;
    private final float[] ratio;
    private final float[] logarithms;
    private final double[] greatestGradient;
    private final double[] leastGradient;

    /**
     * Makes its memory.
     *
     * @param functions the kernels' functions
     * @param layout what a row holds
     * @param capacity rows of the largest batch
     */
    public GaussianHead(ElementwiseFunctions functions, OutputLayout layout, int capacity) {
        this.functions = functions;
        size = layout.size();
        greatest = new float[size];
        greatestVariance = new float[size];
        leastVariance = new float[size];
        ratio = new float[capacity * size];
        logarithms = new float[capacity * size];
        greatestGradient = new double[size];
        leastGradient = new double[size];
    }

    /**
     * Sets the bounds of the log-variance.
     *
     * @param bounds the greatest of each output, then the least of each {@code [2 * size]}
     */
    public void setBounds(float[] bounds) {
        System.arraycopy(bounds, 0, greatest, 0, size);
        functions.exp(greatest, greatestVariance, 0, size);
        System.arraycopy(bounds, size, leastVariance, 0, size);
        functions.exp(leastVariance, leastVariance, 0, size);
    }

    /** {@code e^(max - l)} of every output. */
    private void computeRatio(float[] output, int rows) {
        for (int row = 0; row < rows; row++) {
            int place = row * size;
            int logVariance = 2 * place + size;
            for (int j = 0; j < size; j++) {
                ratio[place + j] = greatest[j] - output[logVariance + j];
            }
        }
        functions.exp(ratio, ratio, 0, rows * size);
    }

    /**
     * Tells means and variances apart.
     *
     * @param output what the network put out {@code [rows, 2 * size]}
     * @param rows how many rows
     * @param means {@code [rows, size]}, written
     * @param variances {@code [rows, size]}, written
     */
    public void predict(float[] output, int rows, float[] means, float[] variances) {
        computeRatio(output, rows);
        for (int row = 0; row < rows; row++) {
            int place = row * size;
            for (int j = 0; j < size; j++) {
                means[place + j] = output[2 * place + j];
                variances[place + j] = leastVariance[j] + greatestVariance[j] / (1 + ratio[place + j]);
            }
        }
    }

    /**
     * The negative log-likelihood of targets, up to constants: the mean over rows and outputs of
     * {@code (mean - target)^2 / var + log var}; and its gradient.
     *
     * @param output what the network put out {@code [rows, 2 * size]}
     * @param targets {@code [rows, size]}
     * @param rows how many rows
     * @param delta the gradient with respect to the output {@code [rows, 2 * size]}, written
     * @param boundsGradient the gradient with respect to the bounds {@code [2 * size]}, written
     * @return the loss
     */
    public double likelihood(float[] output, float[] targets, int rows, float[] delta, float[] boundsGradient) {
        computeRatio(output, rows);
        Arrays.fill(greatestGradient, 0);
        Arrays.fill(leastGradient, 0);
        float unit = 1f / (rows * size);
        double squares = 0;
        for (int row = 0; row < rows; row++) {
            int place = row * size;
            for (int j = 0; j < size; j++) {
                float t = ratio[place + j];
                float inner = 1 / (1 + t);
                float clamped = greatestVariance[j] * inner;
                float variance = leastVariance[j] + clamped;
                float precision = 1 / variance;
                float error = output[2 * place + j] - targets[place + j];
                float square = error * error * precision;
                squares += square;
                logarithms[place + j] = variance;
                delta[2 * place + j] = 2 * error * precision * unit;
                float slope = (1 - square) * unit;
                float outerSlope = slope * clamped * precision;
                delta[2 * place + size + j] = outerSlope * (t * inner);
                greatestGradient[j] += outerSlope * inner;
                leastGradient[j] += slope * leastVariance[j] * precision;
            }
        }
        functions.log(logarithms, logarithms, 0, rows * size);
        double logVariances = 0;
        for (int i = 0; i < rows * size; i++) {
            logVariances += logarithms[i];
        }
        for (int j = 0; j < size; j++) {
            boundsGradient[j] = (float) greatestGradient[j];
            boundsGradient[size + j] = (float) leastGradient[j];
        }
        return (squares + logVariances) / ((double) rows * size);
    }
}

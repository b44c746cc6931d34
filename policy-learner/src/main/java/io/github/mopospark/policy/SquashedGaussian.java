package io.github.mopospark.policy;

import io.github.mopospark.networks.kernels.ElementwiseFunctions;
import io.github.mopospark.networks.kernels.Matrix;

/**
 * A normal distribution squashed by tanh, for a batch of rows: {@code a = tanh(u)}, {@code u = mean + std * noise}. The
 * logarithm of {@code 1 - a^2} is taken as {@code 2 (log 2 - u - softplus(-2u))}, which does not cancel for large
 * {@code u} (Haarnoja et al. 2018, appendix C). All arrays are {@code [batch, actionSize]} but for the log probabilities.
 */
final class SquashedGaussian {
    private static final float LOG_4 = (float) StrictMath.log(4);
    private static final float HALF_LOG_2_PI = (float) (0.5 * StrictMath.log(2 * Math.PI));

    private final ElementwiseFunctions functions;
    private final int actionSize;
    private final float leastLogStd;
    private final float greatestLogStd;

    private final float[] head;
    private final float[] mean;
    private final float[] logStd;
    private final float[] std;
    private final float[] noise;
    private final float[] squash;
    private final float[] density;
    private final float[] magnitude;
    private final float[] actions;
    private final float[] logProbabilities;

    SquashedGaussian(
            ElementwiseFunctions functions, int capacity, int actionSize, double leastLogStd, double greatestLogStd) {
        this.functions = functions;
        this.actionSize = actionSize;
        this.leastLogStd = (float) leastLogStd;
        this.greatestLogStd = (float) greatestLogStd;
        int size = Math.multiplyExact(capacity, actionSize);
        head = new float[2 * size];
        mean = new float[size];
        logStd = new float[size];
        std = new float[size];
        noise = new float[size];
        squash = new float[size];
        density = new float[size];
        magnitude = new float[size];
        actions = new float[size];
        logProbabilities = new float[capacity];
    }

    /** Where the standard normal noise of {@link #sample} is put first. */
    float[] noise() {
        return noise;
    }

    float[] actions() {
        return actions;
    }

    float[] logProbabilities() {
        return logProbabilities;
    }

    /** Takes over rows of an actor's output, {@code [batch, mean | log standard deviation]}. */
    void read(Matrix output, int from, int to) {
        output.readRows(from, to, head, 2 * from * actionSize);
        for (int row = from; row < to; row++) {
            int source = 2 * row * actionSize;
            System.arraycopy(head, source, mean, row * actionSize, actionSize);
            System.arraycopy(head, source + actionSize, logStd, row * actionSize, actionSize);
        }
    }

    /** The most likely action of some rows: tanh(mean). */
    void takeMean(int from, int to) {
        for (int i = from * actionSize; i < to * actionSize; i++) {
            magnitude[i] = mean[i];
        }
        squash(from * actionSize, to * actionSize);
    }

    /** Samples actions of some rows with the noise that is there, and their log probabilities. */
    void sample(int from, int to) {
        int start = from * actionSize;
        int end = to * actionSize;
        // The logarithm first, for the density; then its exponential.
        for (int i = start; i < end; i++) {
            std[i] = Math.max(leastLogStd, Math.min(greatestLogStd, logStd[i]));
        }
        for (int i = start; i < end; i++) {
            density[i] = -HALF_LOG_2_PI - std[i] - 0.5f * noise[i] * noise[i];
        }
        functions.exp(std, std, start, end);
        for (int i = start; i < end; i++) {
            magnitude[i] = Math.fma(std[i], noise[i], mean[i]);
        }
        squash(start, end);
        subtractLogSquash(start, end);
        for (int row = from; row < to; row++) {
            float sum = 0f;
            for (int j = 0; j < actionSize; j++) {
                sum += density[row * actionSize + j];
            }
            logProbabilities[row] = sum;
        }
    }

    /** From u in {@link #magnitude}: the action, e^(-2|u|) in {@link #squash}, |u| in {@link #magnitude}. */
    private void squash(int start, int end) {
        for (int i = start; i < end; i++) {
            squash[i] = -2f * Math.abs(magnitude[i]);
        }
        functions.exp(squash, squash, start, end);
        for (int i = start; i < end; i++) {
            float tanh = (1f - squash[i]) / (1f + squash[i]);
            actions[i] = Math.copySign(tanh, magnitude[i]);
            magnitude[i] = Math.abs(magnitude[i]);
        }
    }

    /** Subtracts {@code log(1 - tanh(u)^2) = log 4 - 2|u| - 2 log(1 + e^(-2|u|))}; leaves {@code 1 - a^2} in squash. */
    private void subtractLogSquash(int start, int end) {
        for (int i = start; i < end; i++) {
            density[i] += 2f * magnitude[i] - LOG_4;
            magnitude[i] = 1f + squash[i];
            squash[i] = 4f * squash[i] / (magnitude[i] * magnitude[i]);
        }
        functions.log(magnitude, magnitude, start, end);
        for (int i = start; i < end; i++) {
            density[i] += 2f * magnitude[i];
        }
    }

    /**
     * The gradient of {@code weight * log probability + loss(action)} with respect to the actor's output, for rows that
     * were {@link #sample}d last.
     */
    void backward(float[] actionGradient, float weight, Matrix outputDelta, int from, int to) {
        for (int row = from; row < to; row++) {
            int target = 2 * row * actionSize;
            for (int j = 0; j < actionSize; j++) {
                int i = row * actionSize + j;
                float sum = actionGradient[i] * squash[i] + 2f * weight * actions[i];
                boolean cut = logStd[i] < leastLogStd || logStd[i] > greatestLogStd;
                head[target + j] = sum;
                head[target + actionSize + j] = cut ? 0f : sum * std[i] * noise[i] - weight;
            }
        }
        outputDelta.writeRows(from, to, head, 2 * from * actionSize);
    }
}

package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SquashedGaussianTest {
    private static final int ROWS = 7;
    private static final int ACTIONS = 3;
    private static final double LEAST = -5;
    private static final double GREATEST = 2;

    private final CpuKernels kernels = CpuKernels.fastest();
    private final SquashedGaussian distribution =
            new SquashedGaussian(kernels.functions(), ROWS, ACTIONS, LEAST, GREATEST);

    private static float[] head(float scale) {
        float[] head = new float[ROWS * 2 * ACTIONS];
        RandomStream.of(3, "head").fillGaussian(head, 0, head.length);
        for (int i = 0; i < head.length; i++) {
            head[i] *= scale;
        }
        return head;
    }

    private void sample(float[] head) {
        Matrix output = kernels.allocate(ROWS, 2 * ACTIONS);
        output.writeRows(0, ROWS, head, 0);
        RandomStream.of(4, "noise").fillGaussian(distribution.noise(), 0, ROWS * ACTIONS);
        distribution.read(output, 0, ROWS);
        distribution.sample(0, ROWS);
    }

    private double action(float[] head, int row, int j, double shift) {
        double std = Math.exp(logStd(head, row, j));
        return Math.tanh(
                head[row * 2 * ACTIONS + j] + shift + std * distribution.noise()[row * ACTIONS + j]);
    }

    private static double logStd(float[] head, int row, int j) {
        return Math.max(LEAST, Math.min(GREATEST, head[row * 2 * ACTIONS + ACTIONS + j]));
    }

    /** The density of u, over the derivative of tanh; in doubles without any trick. */
    private static double logProbability(double mean, double logStd, double noise) {
        double u = mean + Math.exp(logStd) * noise;
        // log cosh(u), by its definition for u of moderate size.
        double logCosh = Math.log(Math.cosh(u));
        return -0.5 * noise * noise - logStd - 0.5 * Math.log(2 * Math.PI) + 2 * logCosh;
    }

    @Test
    void samplesActionsWithTheirLogProbability() {
        float[] head = head(1.5f);
        sample(head);

        for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            for (int j = 0; j < ACTIONS; j++) {
                sum += logProbability(
                        head[row * 2 * ACTIONS + j],
                        logStd(head, row, j),
                        distribution.noise()[row * ACTIONS + j]);
                assertThat((double) distribution.actions()[row * ACTIONS + j])
                        .isCloseTo(action(head, row, j, 0), Offset.offset(1e-6));
            }
            assertThat((double) distribution.logProbabilities()[row]).isCloseTo(sum, Offset.offset(1e-4));
        }
    }

    @Test
    void staysFiniteWhereTanhIsOne() {
        float[] head = head(1f);
        for (int row = 0; row < ROWS; row++) {
            head[row * 2 * ACTIONS] = row % 2 == 0 ? 60f : -60f;
        }
        sample(head);

        for (int row = 0; row < ROWS; row++) {
            assertThat(distribution.logProbabilities()[row]).isFinite().isGreaterThan(80);
            assertThat(distribution.actions()[row * ACTIONS]).isEqualTo(row % 2 == 0 ? 1f : -1f);
        }
    }

    @Test
    void takesTheMeanWithoutNoise() {
        float[] head = head(1f);
        sample(head);
        distribution.takeMean(0, ROWS);

        for (int row = 0; row < ROWS; row++) {
            for (int j = 0; j < ACTIONS; j++) {
                assertThat((double) distribution.actions()[row * ACTIONS + j])
                        .isCloseTo(Math.tanh(head[row * 2 * ACTIONS + j]), Offset.offset(1e-6));
            }
        }
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        float[] head = head(2f);
        // One beyond each bound: no gradient goes through a cut.
        head[ACTIONS] = 2.5f;
        head[2 * ACTIONS + ACTIONS] = -6f;
        sample(head);
        float[] weights = new float[ROWS * ACTIONS];
        RandomStream.of(5, "weights").fillGaussian(weights, 0, weights.length);
        float entropyWeight = 0.3f;
        Matrix delta = kernels.allocate(ROWS, 2 * ACTIONS);

        distribution.backward(weights, entropyWeight, delta, 0, ROWS);

        float[] gradient = delta.toArray();
        for (int place = 0; place < head.length; place++) {
            int row = place / (2 * ACTIONS);
            int j = place % ACTIONS;
            boolean isMean = place % (2 * ACTIONS) < ACTIONS;
            double step = 1e-5;
            double difference = (loss(head, weights, entropyWeight, row, j, isMean, step)
                            - loss(head, weights, entropyWeight, row, j, isMean, -step))
                    / (2 * step);
            assertThat((double) gradient[place])
                    .as("place %d", place)
                    .isCloseTo(difference, Offset.offset(1e-4 * Math.max(1, Math.abs(difference))));
        }
        assertThat(gradient[ACTIONS]).isZero();
        assertThat(gradient[2 * ACTIONS + ACTIONS]).isZero();
    }

    private double loss(
            float[] head, float[] weights, float entropyWeight, int row, int j, boolean isMean, double step) {
        double mean = head[row * 2 * ACTIONS + j] + (isMean ? step : 0);
        double raw = head[row * 2 * ACTIONS + ACTIONS + j] + (isMean ? 0 : step);
        double logStd = Math.max(LEAST, Math.min(GREATEST, raw));
        double noise = distribution.noise()[row * ACTIONS + j];
        double action = Math.tanh(mean + Math.exp(logStd) * noise);
        return entropyWeight * logProbability(mean, logStd, noise) + weights[row * ACTIONS + j] * action;
    }
}

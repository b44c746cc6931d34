package io.github.mopospark.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.networks.random.RandomStream;
import org.junit.jupiter.api.Test;

class SpectralNormTest {
    private static final int ROWS = 7;
    private static final int COLUMNS = 5;

    /** A matrix with known singular values: reflections of a diagonal one on both sides. */
    private static float[] matrixOf(double[] singularValues, int stride, RandomStream random) {
        double[][] matrix = new double[ROWS][COLUMNS];
        for (int i = 0; i < singularValues.length; i++) {
            matrix[i][i] = singularValues[i];
        }
        double[] left = unit(ROWS, random);
        double[] right = unit(COLUMNS, random);
        for (int j = 0; j < COLUMNS; j++) {
            double dot = 0;
            for (int i = 0; i < ROWS; i++) {
                dot += left[i] * matrix[i][j];
            }
            for (int i = 0; i < ROWS; i++) {
                matrix[i][j] -= 2 * dot * left[i];
            }
        }
        float[] packed = new float[ROWS * stride];
        for (int i = 0; i < ROWS; i++) {
            double dot = 0;
            for (int j = 0; j < COLUMNS; j++) {
                dot += right[j] * matrix[i][j];
            }
            for (int j = 0; j < stride; j++) {
                packed[i * stride + j] = j < COLUMNS ? (float) (matrix[i][j] - 2 * dot * right[j]) : 1000;
            }
        }
        return packed;
    }

    private static double[] unit(int size, RandomStream random) {
        double[] vector = new double[size];
        double square = 0;
        for (int i = 0; i < size; i++) {
            vector[i] = random.nextGaussian();
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < size; i++) {
            vector[i] /= Math.sqrt(square);
        }
        return vector;
    }

    private static SpectralNorm converged(float[] matrix, int stride) {
        SpectralNorm norm = new SpectralNorm(ROWS, COLUMNS, stride);
        norm.start(RandomStream.of(1, "start"));
        for (int i = 0; i < 50; i++) {
            norm.iterate(matrix);
        }
        return norm;
    }

    @Test
    void findsTheLargestSingularValue() {
        float[] matrix = matrixOf(new double[] {0.5, 3, 1, 2, 0.1}, COLUMNS, RandomStream.of(0, "matrix"));
        assertThat(converged(matrix, COLUMNS).value()).isCloseTo(3, within(1e-5));
    }

    @Test
    void columnsThatDoNotCountChangeNothing() {
        float[] matrix = matrixOf(new double[] {0.5, 3, 1, 2, 0.1}, COLUMNS + 4, RandomStream.of(0, "matrix"));
        SpectralNorm norm = converged(matrix, COLUMNS + 4);
        assertThat(norm.value()).isCloseTo(3, within(1e-5));
        norm.scale(matrix, 0.5);
        assertThat(matrix[COLUMNS]).isEqualTo(1000);
        assertThat(converged(matrix, COLUMNS + 4).value()).isCloseTo(1.5, within(1e-5));
    }

    @Test
    void theGradientThroughTheNormIsThatOfFiniteDifferences() {
        float[] matrix = matrixOf(new double[] {3, 0.5, 0.3, 0.2, 0.1}, COLUMNS, RandomStream.of(0, "matrix"));
        float[] factors = new float[matrix.length];
        RandomStream.of(0, "factors").fillGaussian(factors, 0, factors.length);
        SpectralNorm norm = converged(matrix, COLUMNS);
        float[] gradient = factors.clone();
        double value = norm.value();
        norm.chain(matrix, gradient, 1 / value, -1 / (value * value));
        double difference = 0;
        double size = 0;
        for (int i = 0; i < matrix.length; i++) {
            float step = 0.01f;
            float kept = matrix[i];
            matrix[i] = kept + step;
            double above = normalisedSum(matrix, factors);
            matrix[i] = kept - step;
            double below = normalisedSum(matrix, factors);
            matrix[i] = kept;
            double expected = (above - below) / (2 * step);
            difference += Math.pow(gradient[i] - expected, 2);
            size += expected * expected;
        }
        assertThat(Math.sqrt(difference / size)).isLessThan(1e-3);
    }

    /** A loss of the normalised matrix: a weighted sum of its numbers. */
    private static double normalisedSum(float[] matrix, float[] factors) {
        double norm = converged(matrix, COLUMNS).value();
        double sum = 0;
        for (int i = 0; i < matrix.length; i++) {
            sum += factors[i] * matrix[i] / norm;
        }
        return sum;
    }

    @Test
    void goesOnFromItsState() {
        float[] matrix = matrixOf(new double[] {3, 2.9, 1, 1, 1}, COLUMNS, RandomStream.of(0, "matrix"));
        SpectralNorm norm = new SpectralNorm(ROWS, COLUMNS, COLUMNS);
        norm.start(RandomStream.of(1, "start"));
        norm.iterate(matrix);
        SpectralNorm.State state = norm.state();
        double next = norm.iterate(matrix);
        SpectralNorm other = new SpectralNorm(ROWS, COLUMNS, COLUMNS);
        other.restore(state);
        assertThat(other.iterate(matrix)).isEqualTo(next);
        assertThatThrownBy(() -> new SpectralNorm(ROWS, COLUMNS + 1, COLUMNS + 1).restore(state))
                .hasMessageContaining("7 x 6")
                .hasMessageContaining("5");
    }

    @Test
    void aMatrixOfZerosHasANormThatCanBeDividedBy() {
        assertThat(converged(new float[ROWS * COLUMNS], COLUMNS).value()).isPositive();
    }
}

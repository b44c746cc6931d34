package io.github.mopospark.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpectralWeightsTest {
    private static final SpectralWeights.Scaling NORMALISE = new SpectralWeights.Scaling() {
        @Override
        public double scale(double norm) {
            return 1 / norm;
        }

        @Override
        public double slope(double norm) {
            return -1 / (norm * norm);
        }
    };

    private final Mlp network = new Mlp(CpuKernels.plain(), new MlpShape(5, List.of(8), 6, Activation.SWISH));
    private final SpectralWeights weights = new SpectralWeights(network, NORMALISE, 2);

    @Test
    void everyLayerIsNormalisedAndTheLastOnlyInTheColumnsThatCount() {
        weights.learned().initialise(Initialiser.FAN_IN_UNIFORM, RandomStream.of(0, "weights"));
        weights.start(RandomStream.of(0, "norms"));
        for (int i = 0; i < 100; i++) {
            weights.apply();
        }
        assertThat(norm(network.parameters().weights(0).toArray(), 5, 8, 8)).isCloseTo(1, within(1e-5));
        assertThat(norm(network.parameters().weights(1).toArray(), 8, 2, 6)).isCloseTo(1, within(1e-5));
        float[] learned = weights.learned().weights(1).toArray();
        float[] used = network.parameters().weights(1).toArray();
        for (int row = 0; row < 8; row++) {
            assertThat(Arrays.copyOfRange(used, row * 6 + 2, row * 6 + 6))
                    .isEqualTo(Arrays.copyOfRange(learned, row * 6 + 2, row * 6 + 6));
        }
        assertThat(network.parameters().biases(0).toArray())
                .isEqualTo(weights.learned().biases(0).toArray())
                .isNotEqualTo(new float[8]);
    }

    private static double norm(float[] matrix, int rows, int columns, int stride) {
        SpectralNorm norm = new SpectralNorm(rows, columns, stride);
        norm.start(RandomStream.of(7, "check"));
        for (int i = 0; i < 200; i++) {
            norm.iterate(matrix);
        }
        return norm.value();
    }

    @Test
    void goesOnFromItsStateToTheBit() {
        weights.learned().initialise(Initialiser.FAN_IN_UNIFORM, RandomStream.of(0, "weights"));
        weights.start(RandomStream.of(0, "norms"));
        weights.apply();
        Mlp otherNetwork = new Mlp(CpuKernels.plain(), network.shape());
        SpectralWeights other = new SpectralWeights(otherNetwork, NORMALISE, 2);
        other.learned().set(weights.learned().toArray());
        other.restore(weights.state());
        assertThat(otherNetwork.parameters().toArray())
                .isEqualTo(network.parameters().toArray());
        weights.apply();
        other.apply();
        assertThat(otherNetwork.parameters().toArray())
                .isEqualTo(network.parameters().toArray());
    }
}

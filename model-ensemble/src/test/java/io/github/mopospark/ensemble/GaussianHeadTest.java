package io.github.mopospark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.networks.kernels.Kernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GaussianHeadTest {
    private static List<Kernels> kernels() {
        return TestKernels.all();
    }

    private static double softplus(double x) {
        return x > 30 ? x : Math.log1p(Math.exp(x));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theVarianceIsTheSoftlyClampedOne(Kernels kernels) {
        OutputLayout layout = new OutputLayout(1);
        float[] bounds = {0.5f, 1, -10, -4};
        float[] raw = {-200, -40, -11, -10, -5, -1, 0, 0.5f, 2, 30, 200};
        GaussianHead head = new GaussianHead(kernels.functions(), layout, raw.length);
        head.setBounds(bounds);
        float[] output = new float[raw.length * 4];
        for (int row = 0; row < raw.length; row++) {
            output[row * 4] = row;
            output[row * 4 + 1] = -row;
            output[row * 4 + 2] = raw[row];
            output[row * 4 + 3] = raw[row];
        }
        float[] means = new float[raw.length * 2];
        float[] variances = new float[raw.length * 2];
        head.predict(output, raw.length, means, variances);
        for (int row = 0; row < raw.length; row++) {
            assertThat(means[2 * row]).isEqualTo(row);
            assertThat(means[2 * row + 1]).isEqualTo(-row);
            for (int j = 0; j < 2; j++) {
                double inner = bounds[j] - softplus((double) bounds[j] - raw[row]);
                double logVariance = bounds[2 + j] + softplus(inner - bounds[2 + j]);
                assertThat(Math.log(variances[2 * row + j])).isCloseTo(logVariance, within(2e-6));
            }
        }
    }
}

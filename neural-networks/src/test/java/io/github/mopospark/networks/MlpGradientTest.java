package io.github.mopospark.networks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Backward passes against central differences, for a loss that is a weighted sum of the outputs. */
class MlpGradientTest {
    private static final int ROWS = 9;
    private static final float STEP = 0.01f;

    private static Stream<Arguments> networks() {
        return Stream.of(CpuKernels.fastest(), CpuKernels.plain()).flatMap(kernels -> Stream.of(Activation.values())
                .map(activation -> Arguments.of(kernels, activation)));
    }

    private static final class Fixture {
        private final Mlp network;
        private final MlpPass pass;
        private final float[] input;
        private final float[] factors;

        private Fixture(Kernels kernels, Activation activation) {
            network = new Mlp(kernels, new MlpShape(4, List.of(6, 5), 3, activation));
            network.parameters().initialise(Initialiser.FAN_IN_UNIFORM, RandomStream.of(0, "weights"));
            pass = MlpPass.forTraining(kernels, network.shape(), ROWS);
            input = new float[ROWS * 4];
            RandomStream.of(0, "input").fillGaussian(input, 0, input.length);
            factors = new float[ROWS * 3];
            RandomStream.of(0, "factors").fillGaussian(factors, 0, factors.length);
        }

        private double loss() {
            pass.input().writeRows(0, ROWS, input, 0);
            network.forward(pass, 0, ROWS);
            float[] output = new float[ROWS * 3];
            pass.output().readRows(0, ROWS, output, 0);
            double loss = 0;
            for (int i = 0; i < output.length; i++) {
                loss += (double) factors[i] * output[i];
            }
            return loss;
        }
    }

    /** With a step so small that ReLU's corners are passed by few of the sums. */
    @ParameterizedTest
    @MethodSource("networks")
    void gradientsAreThoseOfFiniteDifferences(Kernels kernels, Activation activation) {
        Fixture fixture = new Fixture(kernels, activation);
        MlpGradient gradient = fixture.network.gradient();
        gradient.transposeWeights();
        fixture.loss();
        fixture.pass.outputDelta().writeRows(0, ROWS, fixture.factors, 0);
        gradient.backward(fixture.pass, 0, ROWS);
        gradient.backwardInput(fixture.pass, 0, ROWS);
        gradient.compute(fixture.pass, ROWS, 0, 1);

        MlpParameters parameters = fixture.network.parameters();
        float[] numbers = parameters.toArray();
        float[] expected = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            float kept = numbers[i];
            numbers[i] = kept + STEP;
            parameters.set(numbers);
            double above = fixture.loss();
            numbers[i] = kept - STEP;
            parameters.set(numbers);
            expected[i] = (float) ((above - fixture.loss()) / (2 * STEP));
            numbers[i] = kept;
        }
        parameters.set(numbers);
        // Layer by layer, so that a small gradient is not hidden by a large one.
        float[] ours = gradient.parameters().toArray();
        int from = 0;
        for (int layer = 0; layer < fixture.network.shape().layers(); layer++) {
            int to = from
                    + (fixture.network.shape().in(layer) + 1)
                            * fixture.network.shape().out(layer);
            assertThat(relativeDistance(ours, expected, from, to))
                    .as("layer %d", layer)
                    .isLessThan(tolerance(activation));
            from = to;
        }

        float[] inputGradient = fixture.pass.inputDelta().toArray();
        float[] expectedInput = new float[inputGradient.length];
        for (int i = 0; i < fixture.input.length; i++) {
            float kept = fixture.input[i];
            fixture.input[i] = kept + STEP;
            double above = fixture.loss();
            fixture.input[i] = kept - STEP;
            expectedInput[i] = (float) ((above - fixture.loss()) / (2 * STEP));
            fixture.input[i] = kept;
        }
        assertThat(relativeDistance(inputGradient, expectedInput, 0, expectedInput.length))
                .isLessThan(tolerance(activation));
    }

    private static double tolerance(Activation activation) {
        return activation == Activation.RELU ? 0.02 : 1e-3;
    }

    private static double relativeDistance(float[] ours, float[] expected, int from, int to) {
        double difference = 0;
        double size = 0;
        for (int i = from; i < to; i++) {
            difference += Math.pow((double) ours[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}

package io.github.mopospark.ensemble.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.TestKernels;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A member's gradient against central differences of its whole loss, for every layer and the bounds. */
class MemberGradientTest {
    private static final int ROWS = 16;
    private static final int INPUTS = 4;
    private static final OutputLayout LAYOUT = new OutputLayout(2);
    private static final float STEP = 0.01f;
    private static final double TOLERANCE = 5e-3;

    /** All kernels; and every setting, which does not touch kernels, with one of them. */
    private static Stream<Arguments> settings() {
        return Stream.concat(
                TestKernels.all().stream().map(kernels -> Arguments.of(kernels, Lipschitz.off())),
                Stream.of(Lipschitz.normalise(), Lipschitz.bound(1.5), Lipschitz.bound(40))
                        .map(lipschitz -> Arguments.of(CpuKernels.fastest(), lipschitz)));
    }

    private final int[] numbers = IntStream.range(0, ROWS).toArray();

    @ParameterizedTest
    @MethodSource("settings")
    void gradientsAreThoseOfFiniteDifferences(Kernels kernels, Lipschitz lipschitz) {
        EnsembleConfig config = EnsembleConfig.paper()
                .withLayers(List.of(4, 3), List.of(0.01, 0.02, 0.03))
                .withBatchSize(ROWS)
                .withBoundCoefficient(0.7)
                .withLipschitz(lipschitz);
        MemberUpdate update = new MemberUpdate(kernels, config, INPUTS, LAYOUT);
        TrainingRows rows = rows(kernels);
        float[] parameters = parameters(config.shape(INPUTS, LAYOUT));
        float[] bounds = {0.4f, 0.5f, 0.3f, -2, -1.5f, -2.5f};
        update.set(parameters, bounds, RandomStream.of(0, "norms"));
        update.computeGradient(rows, numbers, ROWS);
        float[] gradient = update.gradient().toArray();
        float[] boundsGradient = update.boundsGradient();

        float[] expected = new float[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            expected[i] = difference(update, rows, parameters, bounds, parameters, i);
        }
        float[] expectedBounds = new float[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            expectedBounds[i] = difference(update, rows, parameters, bounds, bounds, i);
        }
        int from = 0;
        MlpShape shape = config.shape(INPUTS, LAYOUT);
        for (int layer = 0; layer < shape.layers(); layer++) {
            int to = from + (shape.in(layer) + 1) * shape.out(layer);
            assertThat(relativeDistance(gradient, expected, from, to))
                    .as("layer %d", layer)
                    .isLessThan(TOLERANCE);
            from = to;
        }
        assertThat(relativeDistance(boundsGradient, expectedBounds, 0, bounds.length))
                .as("bounds")
                .isLessThan(TOLERANCE);
    }

    @Test
    void aMemberPaysItsShareOfTheDistanceOfBounds() {
        EnsembleConfig alone = EnsembleConfig.paper()
                .withLayers(List.of(4, 3), List.of(0.0, 0.0, 0.0))
                .withBatchSize(ROWS)
                .withMembers(1, 1);

        // The bounds lie 1.2 + 6 apart.
        assertThat(loss(alone) - loss(alone.withMembers(4, 1))).isCloseTo(0.75 * 0.01 * 7.2, within(1e-6));
        assertThat(loss(alone) - loss(alone.withBoundCoefficient(0))).isCloseTo(0.01 * 7.2, within(1e-6));
    }

    private double loss(EnsembleConfig config) {
        Kernels kernels = CpuKernels.plain();
        float[] bounds = {0.4f, 0.5f, 0.3f, -2, -1.5f, -2.5f};
        MemberUpdate update = new MemberUpdate(kernels, config, INPUTS, LAYOUT);
        return loss(update, rows(kernels), parameters(config.shape(INPUTS, LAYOUT)), bounds);
    }

    private float difference(
            MemberUpdate update, TrainingRows rows, float[] parameters, float[] bounds, float[] changed, int place) {
        float kept = changed[place];
        changed[place] = kept + STEP;
        double above = loss(update, rows, parameters, bounds);
        changed[place] = kept - STEP;
        double below = loss(update, rows, parameters, bounds);
        changed[place] = kept;
        return (float) ((above - below) / (2 * STEP));
    }

    private double loss(MemberUpdate update, TrainingRows rows, float[] parameters, float[] bounds) {
        update.set(parameters, bounds, RandomStream.of(0, "norms"));
        return update.computeGradient(rows, numbers, ROWS) + update.weightDecay();
    }

    /** Weights with one large singular value, which 15 power iterations find to a float's precision. */
    private static float[] parameters(MlpShape shape) {
        float[] parameters = new float[shape.parameterCount()];
        RandomStream random = RandomStream.of(5, "weights");
        int place = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            float[] left = new float[shape.in(layer)];
            float[] right = new float[shape.out(layer)];
            random.fillGaussian(left, 0, left.length);
            random.fillGaussian(right, 0, right.length);
            for (int i = 0; i < left.length; i++) {
                for (int j = 0; j < right.length; j++) {
                    parameters[place++] = 0.4f * left[i] * right[j] + 0.05f * (float) random.nextGaussian();
                }
            }
            for (int j = 0; j < right.length; j++) {
                parameters[place++] = 0.1f * (float) random.nextGaussian();
            }
        }
        return parameters;
    }

    private static TrainingRows rows(Kernels kernels) {
        RandomStream random = RandomStream.of(1, "rows");
        float[] inputs = new float[ROWS * INPUTS];
        random.fillGaussian(inputs, 0, inputs.length);
        float[] targets = new float[ROWS * LAYOUT.size()];
        random.fillGaussian(targets, 0, targets.length);
        Matrix matrix = kernels.allocate(ROWS, INPUTS);
        matrix.writeRows(0, ROWS, inputs, 0);
        return new TrainingRows(kernels, matrix, targets, LAYOUT.size());
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

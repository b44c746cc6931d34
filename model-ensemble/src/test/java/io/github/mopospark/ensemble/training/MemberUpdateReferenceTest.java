package io.github.mopospark.ensemble.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.GaussianHead;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.ReferenceFigures;
import io.github.mopospark.ensemble.TestKernels;
import io.github.mopospark.networks.MlpParameters;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.SpectralNorm;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One update of a member against PyTorch's autograd in float64. */
class MemberUpdateReferenceTest {
    private static final double VALUE_TOLERANCE = 1e-4;
    private static final double CHANGE_TOLERANCE = 1e-2;
    private static final float SMALL_GRADIENT = 1e-6f;

    /** The update of the figures, as far as it was done. */
    private static final class Fixture {
        private final MemberUpdate update;
        private final TrainingRows rows;
        private final int[] numbers;
        private final MlpShape shape;
        private final OutputLayout layout;

        private Fixture(Kernels kernels, ReferenceFigures figures) {
            int[] input = figures.shape("dynamics/batch/input");
            int outputs = figures.shape("dynamics/batch/target")[1];
            List<Integer> hidden = new ArrayList<>();
            for (int layer = 0; figures.has("dynamics/before/trunk/W" + layer); layer++) {
                hidden.add(figures.shape("dynamics/before/trunk/W" + layer)[1]);
            }
            List<Double> decays = new ArrayList<>();
            for (float decay : figures.attribute("dynamics", "weight_decay")) {
                decays.add((double) decay);
            }
            EnsembleConfig config = EnsembleConfig.paper()
                    .withMembers(1, 1)
                    .withLayers(hidden, decays)
                    .withBatchSize(input[0])
                    .withLearningRate(figures.attribute("dynamics", "lr")[0]);
            layout = new OutputLayout(outputs - 1);
            shape = config.shape(input[1], layout);
            update = new MemberUpdate(kernels, config, input[1], layout);
            Map<String, float[]> before = figures(figures, "before");
            update.set(merge(before), bounds(before), RandomStream.of(0, "unused"));
            Matrix inputs = kernels.allocate(input[0], input[1]);
            inputs.writeRows(0, input[0], figures.numbers("dynamics/batch/input"), 0);
            rows = new TrainingRows(kernels, inputs, figures.numbers("dynamics/batch/target"), outputs);
            numbers = IntStream.range(0, input[0]).toArray();
        }

        private Map<String, float[]> figures(ReferenceFigures figures, String group) {
            Map<String, float[]> arrays = new LinkedHashMap<>();
            for (int layer = 0; layer < shape.layers() - 1; layer++) {
                for (String name : List.of("trunk/W" + layer, "trunk/b" + layer)) {
                    arrays.put(name, figures.numbers("dynamics/%s/%s".formatted(group, name)));
                }
            }
            for (String name : List.of(
                    "mean/W0",
                    "mean/b0",
                    "log_variance/W0",
                    "log_variance/b0",
                    "max_log_variance",
                    "min_log_variance")) {
                arrays.put(name, figures.numbers("dynamics/%s/%s".formatted(group, name)));
            }
            return arrays;
        }

        /** The two heads as the one layer that ours has. */
        private float[] merge(Map<String, float[]> arrays) {
            float[] merged = new float[shape.parameterCount()];
            int place = 0;
            for (int layer = 0; layer < shape.layers() - 1; layer++) {
                for (String name : List.of("trunk/W" + layer, "trunk/b" + layer)) {
                    float[] numbers = arrays.get(name);
                    System.arraycopy(numbers, 0, merged, place, numbers.length);
                    place += numbers.length;
                }
            }
            int size = layout.size();
            for (String name : List.of("W0", "b0")) {
                float[] mean = arrays.get("mean/" + name);
                float[] logVariance = arrays.get("log_variance/" + name);
                for (int row = 0; row < mean.length / size; row++) {
                    System.arraycopy(mean, row * size, merged, place, size);
                    System.arraycopy(logVariance, row * size, merged, place + size, size);
                    place += 2 * size;
                }
            }
            return merged;
        }

        private static float[] bounds(Map<String, float[]> arrays) {
            float[] greatest = arrays.get("max_log_variance");
            float[] bounds = Arrays.copyOf(greatest, 2 * greatest.length);
            System.arraycopy(arrays.get("min_log_variance"), 0, bounds, greatest.length, greatest.length);
            return bounds;
        }

        /** Ours under the names of the figures. */
        private Map<String, float[]> split(MlpParameters parameters, float[] bounds) {
            Map<String, float[]> arrays = new LinkedHashMap<>();
            int last = shape.layers() - 1;
            for (int layer = 0; layer < last; layer++) {
                arrays.put("trunk/W" + layer, parameters.weights(layer).toArray());
                arrays.put("trunk/b" + layer, parameters.biases(layer).toArray());
            }
            int size = layout.size();
            arrays.put("mean/W0", columns(parameters.weights(last), 0, size));
            arrays.put("mean/b0", columns(parameters.biases(last), 0, size));
            arrays.put("log_variance/W0", columns(parameters.weights(last), size, size));
            arrays.put("log_variance/b0", columns(parameters.biases(last), size, size));
            arrays.put("max_log_variance", Arrays.copyOfRange(bounds, 0, size));
            arrays.put("min_log_variance", Arrays.copyOfRange(bounds, size, 2 * size));
            return arrays;
        }

        private static float[] columns(Matrix matrix, int from, int count) {
            float[] numbers = new float[matrix.rows() * count];
            for (int row = 0; row < matrix.rows(); row++) {
                matrix.read(row, from, numbers, row * count, count);
            }
            return numbers;
        }
    }

    private static List<Kernels> kernels() {
        return TestKernels.all();
    }

    private static double relativeDistance(float[] ours, float[] reference) {
        assertThat(ours).hasSameSizeAs(reference);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < ours.length; i++) {
            difference += Math.pow((double) ours[i] - reference[i], 2);
            size += Math.pow(reference[i], 2);
        }
        return Math.sqrt(difference / size);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void predictionsAndTheirLikelihoodAreTheReference(Kernels kernels) {
        try (ReferenceFigures figures = ReferenceFigures.open()) {
            Fixture fixture = new Fixture(kernels, figures);
            int rows = fixture.numbers.length;
            int outputs = fixture.layout.size();
            MlpPass pass = MlpPass.forInference(kernels, fixture.shape, rows);
            pass.input().writeRows(0, rows, figures.numbers("dynamics/batch/input"), 0);
            fixture.update.network().forward(pass, 0, rows);
            GaussianHead head = new GaussianHead(kernels.functions(), fixture.layout, rows);
            head.setBounds(fixture.update.bounds());
            float[] means = new float[rows * outputs];
            float[] logVariances = new float[rows * outputs];
            head.predict(pass.output().toArray(), rows, means, logVariances);
            for (int i = 0; i < logVariances.length; i++) {
                logVariances[i] = (float) Math.log(logVariances[i]);
            }
            assertThat(relativeDistance(means, figures.numbers("dynamics/value/mean")))
                    .isLessThan(VALUE_TOLERANCE);
            assertThat(relativeDistance(logVariances, figures.numbers("dynamics/value/log_variance")))
                    .isLessThan(VALUE_TOLERANCE);
            double likelihood = head.likelihood(
                    pass.output().toArray(),
                    figures.numbers("dynamics/batch/target"),
                    rows,
                    new float[2 * rows * outputs],
                    new float[2 * outputs]);
            assertThat(relativeDistance(new float[] {(float) likelihood}, figures.numbers("dynamics/value/nll")))
                    .isLessThan(VALUE_TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void lossAndGradientsAreTheReference(Kernels kernels) {
        try (ReferenceFigures figures = ReferenceFigures.open()) {
            Fixture fixture = new Fixture(kernels, figures);
            double loss = fixture.update.computeGradient(fixture.rows, fixture.numbers, fixture.numbers.length);
            double decay = fixture.update.weightDecay();
            assertThat(new float[] {(float) decay})
                    .satisfies(ours -> assertThat(relativeDistance(ours, figures.numbers("dynamics/value/decay")))
                            .isLessThan(VALUE_TOLERANCE));
            assertThat(relativeDistance(new float[] {(float) (loss + decay)}, figures.numbers("dynamics/value/loss")))
                    .isLessThan(VALUE_TOLERANCE);
            Map<String, float[]> reference = fixture.figures(figures, "gradient");
            Map<String, float[]> ours = fixture.split(fixture.update.gradient(), fixture.update.boundsGradient());
            assertThat(ours.keySet()).isEqualTo(reference.keySet());
            ours.forEach((name, gradient) -> assertThat(relativeDistance(gradient, reference.get(name)))
                    .as(name)
                    .isLessThan(VALUE_TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aStepChangesEveryArrayAsTheReferenceDoes(Kernels kernels) {
        try (ReferenceFigures figures = ReferenceFigures.open()) {
            Fixture fixture = new Fixture(kernels, figures);
            Map<String, float[]> before = fixture.split(fixture.update.learned(), fixture.update.bounds());
            fixture.update.step(fixture.rows, fixture.numbers, fixture.numbers.length);
            Map<String, float[]> after = fixture.split(fixture.update.learned(), fixture.update.bounds());
            Map<String, float[]> changes = changes(figures, fixture, before, after);
            assertThat(changes)
                    .allSatisfy((name, distance) -> assertThat(distance[0]).isLessThan((float) CHANGE_TOLERANCE));
            assertThat(changes.keySet()).isEqualTo(before.keySet());
            // A step left out is seen in every array.
            assertThat(changes(figures, fixture, before, before))
                    .allSatisfy((name, distance) -> assertThat(distance[0]).isGreaterThan((float) CHANGE_TOLERANCE));
        }
    }

    @Test
    void spectralNormsAreTheReference() {
        try (ReferenceFigures figures = ReferenceFigures.open()) {
            float[] reference = figures.numbers("dynamics/spectral_norms");
            float[] ours = new float[reference.length];
            for (int layer = 0; layer < ours.length; layer++) {
                String name = layer < ours.length - 1 ? "trunk/W" + layer : "mean/W0";
                int[] shape = figures.shape("dynamics/before/" + name);
                SpectralNorm norm = new SpectralNorm(shape[0], shape[1], shape[1]);
                norm.start(RandomStream.of(0, "norm"));
                for (int i = 0; i < 300; i++) {
                    norm.iterate(figures.numbers("dynamics/before/" + name));
                }
                ours[layer] = (float) norm.value();
            }
            assertThat(relativeDistance(ours, reference)).isLessThan(VALUE_TOLERANCE);
        }
    }

    /** How far each array's change is from the reference's, where its gradient is not small. */
    private static Map<String, float[]> changes(
            ReferenceFigures figures, Fixture fixture, Map<String, float[]> before, Map<String, float[]> after) {
        Map<String, float[]> referenceBefore = fixture.figures(figures, "before");
        Map<String, float[]> referenceAfter = fixture.figures(figures, "after");
        Map<String, float[]> gradients = fixture.figures(figures, "gradient");
        Map<String, float[]> distances = new LinkedHashMap<>();
        after.forEach((name, numbers) -> {
            float[] ours = new float[numbers.length];
            float[] reference = new float[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                if (Math.abs(gradients.get(name)[i]) >= SMALL_GRADIENT) {
                    ours[i] = numbers[i] - before.get(name)[i];
                    reference[i] = referenceAfter.get(name)[i] - referenceBefore.get(name)[i];
                }
            }
            distances.put(name, new float[] {(float) relativeDistance(ours, reference)});
        });
        return distances;
    }
}

package io.github.mopospark.ensemble.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.mopospark.dl4j.training.MemberNetwork;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J as a witness of the gradients and steps that this project computes by itself. */
class Dl4jGradientTest {
    private static final int ROWS = 256;
    private static final int INPUTS = 14;
    private static final OutputLayout LAYOUT = new OutputLayout(11);
    private static final double TOLERANCE = 1e-4;

    /** Adam's first steps have the signs of gradients, and those of a few near 0 depend on rounding. */
    private static final double STEP_TOLERANCE = 0.02;

    private final Kernels kernels = CpuKernels.fastest();
    private final int[] numbers = IntStream.range(0, ROWS).toArray();
    private final float[] inputs = gaussian("inputs", ROWS * INPUTS, 1);
    private final float[] targets = gaussian("targets", ROWS * LAYOUT.size(), 1);

    private static EnsembleConfig config(double decay) {
        return EnsembleConfig.paper()
                .withBoundCoefficient(0.7)
                .withLayers(List.of(200, 200, 200, 200), List.of(decay, 2 * decay, 3 * decay, 3 * decay, 4 * decay));
    }

    @Test
    void gradientsAgreeWithDl4js() {
        EnsembleConfig config = config(0.01);
        MemberWeights weights = weights(config);
        MemberUpdate update = update(config, weights);
        double loss = update.computeGradient(rows(), numbers, ROWS);
        MultiLayerNetwork network = new MemberNetwork(config, INPUTS, LAYOUT).network(weights);
        network.setInput(Nd4j.create(inputs, new long[] {ROWS, INPUTS}));
        network.setLabels(Nd4j.create(targets, new long[] {ROWS, LAYOUT.size()}));
        network.computeGradientAndScore();

        assertThat(network.score()).isCloseTo(loss + update.weightDecay(), withinPercentage(0.01));
        Gradient gradient = network.gradient();
        float[] ours = update.gradient().toArray();
        MlpShape shape = config.shape(INPUTS, LAYOUT);
        int place = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int weightCount = shape.in(layer) * shape.out(layer);
            // DL4J adds weight decay when it steps.
            for (int i = place; i < place + weightCount; i++) {
                ours[i] -= config.weightDecay().get(layer).floatValue() * weights.parameters()[i];
            }
            assertClose(ours, place, gradient, layer + "_W", weightCount);
            place += weightCount;
            assertClose(ours, place, gradient, layer + "_b", shape.out(layer));
            place += shape.out(layer);
        }
        float[] bounds = update.boundsGradient();
        for (int j = 0; j < LAYOUT.size(); j++) {
            // DL4J adds what keeps them close when it steps.
            bounds[j] -= (float) config.memberBoundCoefficient();
            bounds[LAYOUT.size() + j] += (float) config.memberBoundCoefficient();
        }
        assertClose(bounds, 0, gradient, shape.layers() + "_bounds", LAYOUT.networkSize());
    }

    /** The largest difference, relative to the array's largest number. */
    private static void assertClose(float[] ours, int from, Gradient gradient, String name, int count) {
        float[] theirs = gradient.getGradientFor(name).dup('c').data().asFloat();
        assertThat(theirs).as(name).hasSize(count);
        double difference = 0;
        double greatest = 0;
        for (int i = 0; i < count; i++) {
            difference = Math.max(difference, Math.abs((double) ours[from + i] - theirs[i]));
            greatest = Math.max(greatest, Math.abs(theirs[i]));
        }
        assertThat(greatest).as(name).isPositive();
        assertThat(difference / greatest).as(name).isLessThan(TOLERANCE);
    }

    @Test
    void theBoundsCoefficientIsInWhatDl4jSendsToExecutors() {
        MultiLayerConfiguration configuration = new MemberNetwork(config(0.01), INPUTS, LAYOUT).configuration();

        MultiLayerConfiguration other =
                new MemberNetwork(config(0.01).withBoundCoefficient(0.5), INPUTS, LAYOUT).configuration();
        MultiLayerConfiguration received = MultiLayerConfiguration.fromJson(configuration.toJson());

        assertThat(received.getConf(5).getLayer().getRegularizationByParam("bounds"))
                .isEqualTo(configuration.getConf(5).getLayer().getRegularizationByParam("bounds"))
                .isNotEqualTo(other.getConf(5).getLayer().getRegularizationByParam("bounds"));
    }

    @Test
    void stepsAgreeWithDl4js() {
        EnsembleConfig config = config(0.01);
        MemberWeights weights = weights(config);
        MemberUpdate update = update(config, weights);
        MemberNetwork member = new MemberNetwork(config, INPUTS, LAYOUT);
        MultiLayerNetwork network = member.network(weights);
        DataSet batch = new DataSet(
                Nd4j.create(inputs, new long[] {ROWS, INPUTS}), Nd4j.create(targets, new long[] {ROWS, LAYOUT.size()}));
        for (int step = 0; step < 3; step++) {
            update.step(rows(), numbers, ROWS);
            network.fit(batch);
        }
        MemberWeights theirs = member.weights(network);
        assertThat(distance(update.learned().toArray(), theirs.parameters(), weights.parameters()))
                .as("parameters")
                .isLessThan(STEP_TOLERANCE);
        assertThat(distance(update.bounds(), theirs.bounds(), weights.bounds()))
                .as("bounds")
                .isLessThan(STEP_TOLERANCE);
    }

    /** Trained in turns by both, a member goes the same way as trained by one. */
    @Test
    void aMemberGoesOnWithDl4jAndComesBack() {
        EnsembleConfig config = config(0.01);
        MemberWeights weights = weights(config);
        MemberUpdate alone = update(config, weights);
        MemberUpdate inTurns = update(config, weights);
        MemberNetwork member = new MemberNetwork(config, INPUTS, LAYOUT);
        DataSet batch = new DataSet(
                Nd4j.create(inputs, new long[] {ROWS, INPUTS}), Nd4j.create(targets, new long[] {ROWS, LAYOUT.size()}));
        for (int turn = 0; turn < 3; turn++) {
            alone.step(rows(), numbers, ROWS);
            alone.step(rows(), numbers, ROWS);
            inTurns.step(rows(), numbers, ROWS);
            MultiLayerNetwork network = member.network(inTurns.progress());
            network.fit(batch);
            MemberProgress progress = member.progress(network);
            assertThat(progress.adam().steps()).isEqualTo(2 * turn + 2);
            inTurns.restore(new MemberState(0, new float[0], progress, 0, weights, false));
        }
        MemberProgress ours = alone.progress();
        MemberProgress theirs = inTurns.progress();
        assertThat(distance(theirs.parameters(), ours.parameters(), weights.parameters()))
                .as("parameters")
                .isLessThan(STEP_TOLERANCE);
        float[] none = new float[ours.adam().firstMoment().length];
        assertThat(distance(theirs.adam().firstMoment(), ours.adam().firstMoment(), none))
                .as("first moment")
                .isLessThan(STEP_TOLERANCE);
        assertThat(distance(theirs.adam().secondMoment(), ours.adam().secondMoment(), none))
                .as("second moment")
                .isLessThan(STEP_TOLERANCE);
        float[] noBounds = new float[LAYOUT.networkSize()];
        assertThat(distance(theirs.bounds(), ours.bounds(), weights.bounds()))
                .as("bounds")
                .isLessThan(STEP_TOLERANCE);
        assertThat(distance(theirs.boundsAdam().firstMoment(), ours.boundsAdam().firstMoment(), noBounds))
                .as("first moment of the bounds")
                .isLessThan(STEP_TOLERANCE);
    }

    /** The root mean square of the difference, relative to that of the way that was gone. */
    private static double distance(float[] ours, float[] theirs, float[] start) {
        double difference = 0;
        double way = 0;
        for (int i = 0; i < start.length; i++) {
            difference += Math.pow((double) ours[i] - theirs[i], 2);
            way += Math.pow((double) theirs[i] - start[i], 2);
        }
        return Math.sqrt(difference / way);
    }

    private MemberUpdate update(EnsembleConfig config, MemberWeights weights) {
        MemberUpdate update = new MemberUpdate(kernels, config, INPUTS, LAYOUT);
        update.set(weights.parameters(), weights.bounds(), RandomStream.of(0, "norms"));
        return update;
    }

    private TrainingRows rows() {
        Matrix matrix = kernels.allocate(ROWS, INPUTS);
        matrix.writeRows(0, ROWS, inputs, 0);
        return new TrainingRows(kernels, matrix, targets.clone(), LAYOUT.size());
    }

    /** Log-variances near both bounds. */
    private static MemberWeights weights(EnsembleConfig config) {
        MlpShape shape = config.shape(INPUTS, LAYOUT);
        float[] parameters = new float[shape.parameterCount()];
        int place = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int count = (shape.in(layer) + 1) * shape.out(layer);
            float[] numbers = gaussian("layer " + layer, count, (float) (1.5 / Math.sqrt(shape.in(layer))));
            System.arraycopy(numbers, 0, parameters, place, count);
            place += count;
        }
        float[] bounds = gaussian("bounds", LAYOUT.networkSize(), 0.2f);
        for (int j = 0; j < LAYOUT.size(); j++) {
            bounds[j] += 0.5f;
            bounds[LAYOUT.size() + j] -= 1;
        }
        return new MemberWeights(parameters, bounds);
    }

    private static float[] gaussian(String role, int count, float scale) {
        float[] numbers = new float[count];
        RandomStream.of(4, role).fillGaussian(numbers, 0, count);
        for (int i = 0; i < count; i++) {
            numbers[i] *= scale;
        }
        return numbers;
    }
}

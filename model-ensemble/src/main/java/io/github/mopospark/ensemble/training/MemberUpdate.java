package io.github.mopospark.ensemble.training;

import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.GaussianHead;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpGradient;
import io.github.mopospark.networks.MlpParameters;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.SpectralNorm;
import io.github.mopospark.networks.SpectralWeights;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.random.RandomStream;
import java.util.Arrays;
import java.util.List;

/**
 * One member on its way, and the update that trains it: a step of Adam on the negative log-likelihood of a batch, plus the
 * member's share of what the distance of the log-variance bounds costs, plus weight decay. One output layer makes both heads,
 * means first. An update allocates nothing. For one thread.
 */
final class MemberUpdate {
    private final OutputLayout layout;
    private final double learningRate;
    private final float boundCoefficient;
    private final float[] weightDecay;
    private final Mlp network;
    private final MlpGradient gradient;
    private final MlpPass pass;
    private final Adam adam;
    private final GaussianHead head;

    private final Matrix bounds;
    private final Matrix boundsGradient;
    private final Adam boundsAdam;
    private final float[] boundNumbers;
    private final float[] boundGradientNumbers;

    private final float[] output;
    private final float[] delta;
    private final float[] targets;

    /** Null where the network's own parameters are the learned ones. */
    private final SpectralWeights spectral;

    private final MlpParameters learned;

    /**
     * A member whose parameters are zero.
     *
     * @param kernels what it computes with
     * @param config how it is trained
     * @param inputSize numbers in an input
     * @param layout what an output holds
     */
    MemberUpdate(Kernels kernels, EnsembleConfig config, int inputSize, OutputLayout layout) {
        this.layout = layout;
        learningRate = config.learningRate();
        boundCoefficient = (float) config.memberBoundCoefficient();
        MlpShape shape = config.shape(inputSize, layout);
        weightDecay = new float[shape.layers()];
        for (int layer = 0; layer < weightDecay.length; layer++) {
            weightDecay[layer] = config.weightDecay().get(layer).floatValue();
        }
        int capacity = config.batchSize();
        network = new Mlp(kernels, shape);
        gradient = network.gradient();
        pass = MlpPass.forTraining(kernels, shape, capacity);
        adam = new Adam(kernels, shape.vectorSize());
        head = new GaussianHead(kernels.functions(), layout, capacity);
        bounds = kernels.allocate(1, layout.networkSize());
        boundsGradient = kernels.allocate(1, layout.networkSize());
        boundsAdam = new Adam(kernels, layout.networkSize());
        boundNumbers = new float[layout.networkSize()];
        boundGradientNumbers = new float[layout.networkSize()];
        output = new float[capacity * layout.networkSize()];
        delta = new float[capacity * layout.networkSize()];
        targets = new float[capacity * layout.size()];
        spectral = config.lipschitz().mode() == Lipschitz.Mode.OFF
                ? null
                : new SpectralWeights(network, config.lipschitz(), layout.size());
        learned = spectral == null ? network.parameters() : spectral.learned();
    }

    /**
     * Sets everything that is learned to its start.
     *
     * @param random where weights come from
     */
    void start(RandomStream random) {
        float[] start = new float[layout.networkSize()];
        Arrays.fill(start, 0, layout.size(), GaussianHead.GREATEST_LOG_VARIANCE);
        Arrays.fill(start, layout.size(), start.length, GaussianHead.LEAST_LOG_VARIANCE);
        learned.initialise(Initialiser.TRUNCATED_NORMAL, random);
        start(random, start);
    }

    private void start(RandomStream random, float[] newBounds) {
        if (spectral != null) {
            spectral.start(random);
        }
        gradient.transposeWeights();
        setBounds(newBounds);
    }

    /**
     * Sets the learned parameters and the bounds; Adam's moments stay as they are.
     *
     * @param parameters as {@link MlpParameters#toArray} has them
     * @param newBounds the greatest log-variances, then the least
     * @param random where spectral norms start from
     */
    void set(float[] parameters, float[] newBounds, RandomStream random) {
        learned.set(parameters);
        start(random, newBounds);
    }

    private void setBounds(float[] numbers) {
        bounds.writeRows(0, 1, numbers, 0);
        System.arraycopy(numbers, 0, boundNumbers, 0, numbers.length);
        head.setBounds(boundNumbers);
    }

    /**
     * Learns one batch.
     *
     * @param rows where the batch is drawn from
     * @param numbers which of them
     * @param count how many of these, at most a batch
     * @return the loss before the step, without weight decay
     */
    double step(TrainingRows rows, int[] numbers, int count) {
        double loss = computeGradient(rows, numbers, count);
        adam.begin(learningRate);
        adam.apply(learned.vector(), gradient.parameters().vector(), 0, 1);
        boundsAdam.begin(learningRate);
        boundsAdam.apply(bounds, boundsGradient, 0, 1);
        bounds.readRows(0, 1, boundNumbers, 0);
        head.setBounds(boundNumbers);
        if (spectral != null) {
            spectral.apply();
        }
        gradient.transposeWeights();
        return loss;
    }

    /** The loss of a batch, without weight decay, and the gradient of it with weight decay. */
    double computeGradient(TrainingRows rows, int[] numbers, int count) {
        rows.gather(numbers, count, pass.input(), targets);
        network.forward(pass, 0, count);
        pass.output().readRows(0, count, output, 0);
        double loss = head.likelihood(output, targets, count, delta, boundGradientNumbers);
        pass.outputDelta().writeRows(0, count, delta, 0);
        gradient.backward(pass, 0, count);
        gradient.compute(pass, count, 0, 1);
        if (spectral != null) {
            spectral.chain(gradient.parameters());
        }
        for (int layer = 0; layer < weightDecay.length; layer++) {
            network.kernels()
                    .addScaled(gradient.parameters().weights(layer), learned.weights(layer), weightDecay[layer]);
        }
        double distance = 0;
        for (int j = 0; j < layout.size(); j++) {
            boundGradientNumbers[j] += boundCoefficient;
            boundGradientNumbers[layout.size() + j] -= boundCoefficient;
            distance += boundNumbers[j] - boundNumbers[layout.size() + j];
        }
        boundsGradient.writeRows(0, 1, boundGradientNumbers, 0);
        return loss + boundCoefficient * distance;
    }

    /**
     * The loss's part that {@link #step} leaves out.
     *
     * @return half the squared norm of each layer's learned weights, times the layer's weight decay
     */
    double weightDecay() {
        double sum = 0;
        for (int layer = 0; layer < weightDecay.length; layer++) {
            double square = 0;
            for (float weight : learned.weights(layer).toArray()) {
                square += (double) weight * weight;
            }
            sum += weightDecay[layer] / 2 * square;
        }
        return sum;
    }

    /** Its kernels and sizes; the parameters are those that predict, which need not be those that are learned. */
    Mlp network() {
        return network;
    }

    MlpParameters learned() {
        return learned;
    }

    MlpParameters gradient() {
        return gradient.parameters();
    }

    /** The greatest log-variances, then the least; a copy. */
    float[] bounds() {
        return boundNumbers.clone();
    }

    /** In the order of {@link #bounds}; a copy. */
    float[] boundsGradient() {
        return boundGradientNumbers.clone();
    }

    /** The learned weights' spectral norms; empty without spectral regularisation. */
    double[] spectralNorms() {
        return spectral == null ? new double[0] : spectral.norms();
    }

    MemberProgress progress() {
        return new MemberProgress(
                learned.toArray(),
                adam.state(),
                bounds(),
                boundsAdam.state(),
                spectral == null ? List.of() : spectral.state());
    }

    /**
     * Goes on from where a member is. Nothing is changed unless all of it fits.
     *
     * @param from the member
     * @throws IllegalArgumentException if it was trained with other settings; the message names the array, its length and the
     *     needed one
     */
    void restore(MemberState from) {
        requireFits(from);
        MemberProgress progress = from.progress();
        learned.set(progress.parameters());
        adam.restore(progress.adam());
        setBounds(progress.bounds());
        boundsAdam.restore(progress.boundsAdam());
        if (spectral != null) {
            spectral.restore(progress.spectralNorms());
        }
        gradient.transposeWeights();
    }

    /** The arrays have the names of {@link MemberCheckpoint}, where they mostly come from. */
    private void requireFits(MemberState from) {
        MlpShape shape = network.shape();
        MemberProgress progress = from.progress();
        requireLength(from, "parameters", progress.parameters(), shape.parameterCount());
        requireLength(from, "first_moment", progress.adam().firstMoment(), shape.vectorSize());
        requireLength(from, "second_moment", progress.adam().secondMoment(), shape.vectorSize());
        requireLength(from, "bounds", progress.bounds(), layout.networkSize());
        requireLength(from, "bounds_first_moment", progress.boundsAdam().firstMoment(), layout.networkSize());
        requireLength(from, "bounds_second_moment", progress.boundsAdam().secondMoment(), layout.networkSize());
        requireLength(from, "best_parameters", from.best().parameters(), shape.parameterCount());
        requireLength(from, "best_bounds", from.best().bounds(), layout.networkSize());
        int layers = spectral == null ? 0 : shape.layers();
        if (progress.spectralNorms().size() != layers) {
            throw new IllegalArgumentException(
                    "member %d has spectral norms of %d layers, but with these settings (ensemble.lipschitz) must have them of %d; train it anew"
                            .formatted(from.member(), progress.spectralNorms().size(), layers));
        }
        for (int layer = 0; layer < layers; layer++) {
            SpectralNorm.State norm = progress.spectralNorms().get(layer);
            int columns = layer == layers - 1 ? layout.size() : shape.out(layer);
            requireLength(from, "left" + layer, norm.left(), shape.in(layer));
            requireLength(from, "right" + layer, norm.right(), columns);
        }
    }

    private static void requireLength(MemberState from, String array, float[] numbers, int needed) {
        if (numbers.length != needed) {
            throw new IllegalArgumentException(
                    "member %d: %s has %,d numbers, but with these settings must have %,d; was it trained with other ensemble.hidden-sizes or on another task?"
                            .formatted(from.member(), array, numbers.length, needed));
        }
    }
}

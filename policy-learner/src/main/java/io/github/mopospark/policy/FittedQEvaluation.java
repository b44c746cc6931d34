package io.github.mopospark.policy;

import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpGradient;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.buffers.TransitionBatch;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * The value of a policy from logged transitions alone, without a simulator or a model: fitted Q evaluation (Le et al. 2019). A
 * network is fitted to the rewards plus its own discounted value of the policy's next actions. For actions that were never logged it
 * guesses, and may rise by its own guesses without end; no value that it is fitted to or tells is more, or less, than rewards
 * allow. For one thread.
 */
public final class FittedQEvaluation {
    /** Ten times a learner's: the policy stands still, so that the target network may follow sooner. */
    private static final double POLYAK = 0.05;

    /** Numbers that an update may draw from a stream before it runs into the next update's. */
    private static final long DRAWS = 1L << 24;

    private final SacConfig settings;
    private final Kernels kernels;
    private final BatchSource source;
    private final TransitionBatch batch;
    private final PolicyActions policy;
    private final RandomStream noise;
    private final ReturnRange range;

    private final Mlp network;
    private final Mlp target;
    private final MlpGradient gradient;
    private final Adam optimizer;
    private final MlpPass pass;
    private final MlpPass targetPass;

    private final float[] actions;
    private final float[] values;
    private final float[] targets;
    private final float[] deltas;

    private long updates;
    private double loss = Double.NaN;

    /**
     * An evaluation at its start.
     *
     * @param settings a learner's, of which widths, batch size, critic's learning rate and discount count
     * @param policy what is evaluated, its actions drawn from it
     * @param source where batches of logged transitions come from
     * @param range the returns that the source's rewards allow
     * @param seed of the network and of the actions
     */
    public FittedQEvaluation(
            SacConfig settings, GaussianPolicy policy, BatchSource source, ReturnRange range, long seed) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.source = Objects.requireNonNull(source, "source");
        this.range = Objects.requireNonNull(range, "range");
        int batchSize = settings.batchSize();
        kernels = policy.network().kernels();
        this.policy = new PolicyActions(policy, batchSize);
        noise = RandomStream.of(seed, "evaluated actions");
        batch = new TransitionBatch(new TransitionLayout(policy.observationSize(), policy.actionSize()), batchSize);
        MlpShape shape = new MlpShape(
                policy.observationSize() + policy.actionSize(), settings.hiddenSizes(), 1, Activation.RELU);
        network = new Mlp(kernels, shape);
        network.parameters().initialise(settings.initialiser(), RandomStream.of(seed, "fitted q"));
        target = new Mlp(kernels, shape);
        target.parameters().set(network.parameters().toArray());
        gradient = network.gradient();
        gradient.transposeWeights();
        optimizer = new Adam(kernels, shape.vectorSize());
        pass = MlpPass.forTraining(kernels, shape, batchSize);
        targetPass = MlpPass.forInference(kernels, shape, batchSize);
        actions = new float[batchSize * policy.actionSize()];
        values = new float[batchSize];
        targets = new float[batchSize];
        deltas = new float[batchSize];
    }

    /** Does one update. */
    public void update() {
        int rows = batch.rows();
        source.draw(updates);
        source.fill(batch, 0, rows);
        noise.seek(updates * DRAWS);
        policy.actions(batch.nextObservations(), rows, actions, noise);
        values(target, targetPass, batch.nextObservations(), actions, 0, rows);
        for (int row = 0; row < rows; row++) {
            // A terminal stops bootstrapping; a timeout is no terminal.
            float bootstrap = (1f - batch.terminals()[row]) * range.clip(values[row]);
            targets[row] = batch.rewards()[row] + (float) settings.discount() * bootstrap;
        }
        values(network, pass, batch.observations(), batch.actions(), 0, rows);
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            float error = values[row] - targets[row];
            sum += (double) error * error;
            deltas[row] = 2 * error / rows;
        }
        loss = sum / rows;
        pass.outputDelta().writeRows(0, rows, deltas, 0);
        gradient.backward(pass, 0, rows);
        gradient.compute(pass, rows, 0, 1);
        Matrix parameters = network.parameters().vector();
        optimizer.begin(settings.criticRate());
        optimizer.apply(parameters, gradient.parameters().vector(), 0, 1);
        gradient.transposeWeights();
        kernels.average(target.parameters().vector(), parameters, (float) POLYAK, 0, 1);
        updates++;
    }

    /** Writes the values of the rows into {@link #values}, as the network tells them. */
    private void values(Mlp of, MlpPass through, float[] observations, float[] taken, int from, int rows) {
        int observationSize = batch.layout().observationSize();
        int actionSize = batch.layout().actionSize();
        Matrix input = through.input();
        for (int row = 0; row < rows; row++) {
            input.write(row, 0, observations, (from + row) * observationSize, observationSize);
            input.write(row, observationSize, taken, row * actionSize, actionSize);
        }
        of.forward(through, 0, rows);
        for (int row = 0; row < rows; row++) {
            through.output().read(row, 0, values, row, 1);
        }
    }

    /**
     * The mean squared error of the last update.
     *
     * @return against the bootstrapped targets; NaN before the first
     */
    public double loss() {
        return loss;
    }

    /**
     * The discounted return that the policy is expected to have.
     *
     * @param starts initial observations {@code [count, observationSize]}, packed
     * @return the mean value of the policy's actions there
     * @throws IllegalArgumentException if there are none, or half a row
     */
    public double value(float[] starts) {
        int size = batch.layout().observationSize();
        if (starts.length == 0 || starts.length % size != 0) {
            throw new IllegalArgumentException(
                    "starts must be rows of %d numbers and at least one, but were %,d numbers"
                            .formatted(size, starts.length));
        }
        int count = starts.length / size;
        noise.seek(updates * DRAWS);
        double sum = 0;
        for (int from = 0; from < count; from += batch.rows()) {
            int rows = Math.min(batch.rows(), count - from);
            policy.actions(Arrays.copyOfRange(starts, from * size, (from + rows) * size), rows, actions, noise);
            values(target, targetPass, starts, actions, from, rows);
            for (int row = 0; row < rows; row++) {
                sum += range.clip(values[row]);
            }
        }
        return sum / count;
    }
}

package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.random.RandomStream;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network whose weights are learned ones times a function of their spectral norm, layer by layer. The learned weights lie
 * beside the network's own, which are computed from them. For one thread.
 */
public final class SpectralWeights {
    /** What a layer's weights are multiplied by. */
    public interface Scaling {
        /**
         * The factor.
         *
         * @param norm the spectral norm of the learned weights
         * @return what they are multiplied by
         */
        double scale(double norm);

        /**
         * The factor's derivative.
         *
         * @param norm the spectral norm of the learned weights
         * @return the derivative there
         */
        double slope(double norm);
    }

    /** Iterations from the random start; afterwards one a step. */
    private static final int FIRST_ITERATIONS = 15;

    private final Mlp network;
    private final Scaling scaling;
    private final MlpParameters learned;
    private final SpectralNorm[] norms;
    private final float[][] weights;
    private final float[][] numbers;

    /**
     * Learned weights of zero.
     *
     * @param network the network whose parameters are computed
     * @param scaling what a layer's weights are multiplied by
     * @param lastColumns how many columns of the last layer count; the others stay as they are learned
     */
    public SpectralWeights(Mlp network, Scaling scaling, int lastColumns) {
        this.network = network;
        this.scaling = scaling;
        MlpShape shape = network.shape();
        learned = new MlpParameters(network.kernels(), shape);
        norms = new SpectralNorm[shape.layers()];
        weights = new float[shape.layers()][];
        numbers = new float[shape.layers()][];
        for (int layer = 0; layer < shape.layers(); layer++) {
            int columns = layer == shape.layers() - 1 ? lastColumns : shape.out(layer);
            norms[layer] = new SpectralNorm(shape.in(layer), columns, shape.out(layer));
            weights[layer] = new float[shape.in(layer) * shape.out(layer)];
            numbers[layer] = new float[weights[layer].length];
        }
    }

    /**
     * What is learned: change it, then call {@link #apply}.
     *
     * @return the parameters, not a copy
     */
    public MlpParameters learned() {
        return learned;
    }

    /**
     * Finds the norms of the learned weights from a random start and computes the network's parameters.
     *
     * @param random where from
     */
    public void start(RandomStream random) {
        for (int layer = 0; layer < norms.length; layer++) {
            readWeights(layer);
            norms[layer].start(random);
            for (int i = 0; i < FIRST_ITERATIONS; i++) {
                norms[layer].iterate(weights[layer]);
            }
        }
        writeNetwork();
    }

    /** One power iteration a layer, then the network's parameters from the learned ones. */
    public void apply() {
        for (int layer = 0; layer < norms.length; layer++) {
            readWeights(layer);
            norms[layer].iterate(weights[layer]);
        }
        writeNetwork();
    }

    private void readWeights(int layer) {
        learned.weights(layer).readRows(0, network.shape().in(layer), weights[layer], 0);
    }

    private void writeNetwork() {
        MlpShape shape = network.shape();
        for (int layer = 0; layer < norms.length; layer++) {
            float[] scaled = numbers[layer];
            System.arraycopy(weights[layer], 0, scaled, 0, scaled.length);
            norms[layer].scale(scaled, scaling.scale(norms[layer].value()));
            network.parameters().weights(layer).writeRows(0, shape.in(layer), scaled, 0);
            Matrix biases = learned.biases(layer);
            biases.readRows(0, 1, scaled, 0);
            network.parameters().biases(layer).writeRows(0, 1, scaled, 0);
        }
    }

    /**
     * Turns the gradient with respect to the network's parameters into that with respect to the learned ones.
     *
     * @param gradient changed
     */
    public void chain(MlpParameters gradient) {
        for (int layer = 0; layer < norms.length; layer++) {
            int rows = network.shape().in(layer);
            double norm = norms[layer].value();
            gradient.weights(layer).readRows(0, rows, numbers[layer], 0);
            norms[layer].chain(weights[layer], numbers[layer], scaling.scale(norm), scaling.slope(norm));
            gradient.weights(layer).writeRows(0, rows, numbers[layer], 0);
        }
    }

    /**
     * The spectral norms of the learned weights, as they are known.
     *
     * @return one a layer
     */
    public double[] norms() {
        return IntStream.range(0, norms.length)
                .mapToDouble(layer -> norms[layer].value())
                .toArray();
    }

    /**
     * What the next step depends on besides the learned parameters.
     *
     * @return the vectors of each layer, a copy
     */
    public List<SpectralNorm.State> state() {
        return IntStream.range(0, norms.length)
                .mapToObj(layer -> norms[layer].state())
                .toList();
    }

    /**
     * Goes back to a state and computes the network's parameters from the learned ones, which must have been set.
     *
     * @param state what {@link #state} gave
     * @throws IllegalArgumentException if it is of another shape
     */
    public void restore(List<SpectralNorm.State> state) {
        if (state.size() != norms.length) {
            throw new IllegalArgumentException(
                    "a network of %d layers was given spectral norms of %d".formatted(norms.length, state.size()));
        }
        for (int layer = 0; layer < norms.length; layer++) {
            norms[layer].restore(state.get(layer));
            readWeights(layer);
        }
        writeNetwork();
    }
}

package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;

/**
 * The backward pass of a network: the gradient of its parameters, and the transposed weights it is computed with. After
 * each change of the parameters {@link #transposeWeights} must be called.
 */
public final class MlpGradient {
    private final Mlp network;
    private final Kernels kernels;
    private final MlpShape shape;
    private final MlpParameters gradient;
    private final Matrix[] transposed;

    MlpGradient(Mlp network) {
        this.network = network;
        kernels = network.kernels();
        shape = network.shape();
        gradient = new MlpParameters(kernels, shape);
        transposed = new Matrix[shape.layers()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            transposed[layer] = kernels.allocate(shape.out(layer), shape.in(layer));
        }
    }

    /**
     * The gradient, in the layout of the parameters.
     *
     * @return the gradient that {@link #compute} wrote last
     */
    public MlpParameters parameters() {
        return gradient;
    }

    /** Takes over the network's weights as they are now. */
    public void transposeWeights() {
        transposeWeights(0, 1);
    }

    /**
     * Takes over one part of the network's weights as they are now.
     *
     * @param part which part, from 0
     * @param parts how many parts there are
     */
    public void transposeWeights(int part, int parts) {
        for (int layer = part; layer < shape.layers(); layer += parts) {
            kernels.transpose(network.weights(layer), transposed[layer]);
        }
    }

    /**
     * Carries the gradient of the output back through the hidden layers, for some rows of a pass.
     *
     * @param pass a batch that went forward, its {@link MlpPass#outputDelta} filled
     * @param from the first row
     * @param to the row after the last
     */
    public void backward(MlpPass pass, int from, int to) {
        for (int layer = shape.layers() - 2; layer >= 0; layer--) {
            kernels.backward(
                    pass.delta(layer + 1),
                    transposed[layer + 1],
                    shape.activation(layer),
                    pass.output(layer),
                    pass.slope(layer),
                    pass.delta(layer),
                    from,
                    to);
        }
    }

    /**
     * Carries the gradient on to the input, for some rows that went {@link #backward}.
     *
     * @param pass the batch; its {@link MlpPass#inputDelta} is written
     * @param from the first row
     * @param to the row after the last
     */
    public void backwardInput(MlpPass pass, int from, int to) {
        kernels.backward(pass.delta(0), transposed[0], Activation.IDENTITY, null, null, pass.inputDelta(), from, to);
    }

    /**
     * Computes one part of the gradient of the parameters: the sum over the first rows of a pass that went
     * {@link #backward}.
     *
     * @param pass the batch
     * @param rows how many rows
     * @param part which part, from 0
     * @param parts how many parts there are
     */
    public void compute(MlpPass pass, int rows, int part, int parts) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            kernels.gradient(
                    pass.input(layer),
                    pass.delta(layer),
                    rows,
                    gradient.weights(layer),
                    gradient.biases(layer),
                    part,
                    parts);
        }
    }
}

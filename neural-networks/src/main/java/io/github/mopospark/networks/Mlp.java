package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;

/**
 * A multilayer perceptron: a flat vector of parameters and the explicit passes through it. Rows of a batch never touch each
 * other in a pass, so that threads may take ranges of rows; nothing is allocated in a pass.
 */
public final class Mlp {
    private final Kernels kernels;
    private final MlpShape shape;
    private final MlpParameters parameters;

    /**
     * A network whose parameters are all zero.
     *
     * @param kernels what it computes with
     * @param shape its sizes
     */
    public Mlp(Kernels kernels, MlpShape shape) {
        this.kernels = kernels;
        this.shape = shape;
        parameters = new MlpParameters(kernels, shape);
    }

    /**
     * Its sizes.
     *
     * @return the shape
     */
    public MlpShape shape() {
        return shape;
    }

    /**
     * What it computes with.
     *
     * @return the kernels
     */
    public Kernels kernels() {
        return kernels;
    }

    /**
     * Its parameters, not a copy.
     *
     * @return the parameters
     */
    public MlpParameters parameters() {
        return parameters;
    }

    /**
     * Computes the outputs of some rows of a pass from its input.
     *
     * @param pass the batch
     * @param from the first row
     * @param to the row after the last
     */
    public void forward(MlpPass pass, int from, int to) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            kernels.forward(
                    pass.input(layer),
                    parameters.weights(layer),
                    parameters.biases(layer),
                    shape.activation(layer),
                    pass.output(layer),
                    pass.slope(layer),
                    from,
                    to);
        }
    }

    /**
     * Makes the memory for its gradient.
     *
     * @return zeros, with the transposed weights not yet written
     */
    public MlpGradient gradient() {
        return new MlpGradient(this);
    }

    Matrix weights(int layer) {
        return parameters.weights(layer);
    }
}

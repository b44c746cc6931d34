package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;

/** The memory of one batch on its way through a network: made once, used for every batch. */
public final class MlpPass {
    private final int capacity;
    private final Matrix input;
    private final Matrix[] outputs;
    private final Matrix[] slopes;
    private final Matrix[] deltas;
    private final Matrix inputDelta;

    private MlpPass(Kernels kernels, MlpShape shape, int capacity, boolean training) {
        this.capacity = capacity;
        input = kernels.allocate(capacity, shape.inputSize());
        outputs = new Matrix[shape.layers()];
        slopes = new Matrix[shape.layers()];
        deltas = new Matrix[shape.layers()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            outputs[layer] = kernels.allocate(capacity, shape.out(layer));
            if (training) {
                deltas[layer] = kernels.allocate(capacity, shape.out(layer));
            }
            if (training && shape.activation(layer) == Activation.SWISH) {
                slopes[layer] = kernels.allocate(capacity, shape.out(layer));
            }
        }
        inputDelta = training ? kernels.allocate(capacity, shape.inputSize()) : null;
    }

    /**
     * Memory for forward passes alone.
     *
     * @param kernels whose memory
     * @param shape the network's sizes
     * @param capacity rows of the largest batch
     * @return the memory
     */
    public static MlpPass forInference(Kernels kernels, MlpShape shape, int capacity) {
        return new MlpPass(kernels, shape, capacity, false);
    }

    /**
     * Memory for forward and backward passes.
     *
     * @param kernels whose memory
     * @param shape the network's sizes
     * @param capacity rows of the largest batch
     * @return the memory
     */
    public static MlpPass forTraining(Kernels kernels, MlpShape shape, int capacity) {
        return new MlpPass(kernels, shape, capacity, true);
    }

    /**
     * Rows of the largest batch.
     *
     * @return the capacity
     */
    public int capacity() {
        return capacity;
    }

    /**
     * What the network is given.
     *
     * @return {@code [capacity, inputSize]}
     */
    public Matrix input() {
        return input;
    }

    /**
     * What the network makes of it.
     *
     * @return {@code [capacity, outputSize]}
     */
    public Matrix output() {
        return outputs[outputs.length - 1];
    }

    /**
     * A layer's output.
     *
     * @param layer from 0
     * @return {@code [capacity, out]}
     */
    public Matrix output(int layer) {
        return outputs[layer];
    }

    /**
     * The gradient of the loss with respect to the network's output, which a backward pass starts from.
     *
     * @return {@code [capacity, outputSize]}
     */
    public Matrix outputDelta() {
        return deltas[deltas.length - 1];
    }

    /**
     * The gradient of the loss with respect to the network's input, after a backward pass that asked for it.
     *
     * @return {@code [capacity, inputSize]}
     */
    public Matrix inputDelta() {
        return inputDelta;
    }

    Matrix slope(int layer) {
        return slopes[layer];
    }

    Matrix delta(int layer) {
        return deltas[layer];
    }

    /** What a layer is given. */
    Matrix input(int layer) {
        return layer == 0 ? input : outputs[layer - 1];
    }
}

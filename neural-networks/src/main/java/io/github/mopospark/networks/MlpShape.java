package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Matrix;
import java.util.List;
import java.util.Objects;

/**
 * The sizes of a multilayer perceptron and where its parameters lie in one flat vector: layer after layer, the weights
 * {@code [in, out]} and then the biases {@code [1, out]}, each padded to {@link Matrix#blockSize}.
 *
 * @param inputSize numbers in an input row
 * @param hiddenSizes the width of each hidden layer, in order
 * @param outputSize numbers in an output row; the output layer has no activation
 * @param activation of the hidden layers
 */
public record MlpShape(int inputSize, List<Integer> hiddenSizes, int outputSize, Activation activation) {
    private static final int WIDEST = 8_192;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is less than 1 or more than 8,192
     */
    public MlpShape {
        requireSize("input size", inputSize);
        hiddenSizes = List.copyOf(hiddenSizes);
        hiddenSizes.forEach(size -> requireSize("hidden size", size));
        requireSize("output size", outputSize);
        Objects.requireNonNull(activation, "activation");
    }

    private static void requireSize(String name, int size) {
        if (size < 1 || size > WIDEST) {
            throw new IllegalArgumentException(
                    "a network's %s must be from 1 to %,d, but was %,d".formatted(name, WIDEST, size));
        }
    }

    /**
     * How many layers have weights.
     *
     * @return the hidden layers and the output layer
     */
    public int layers() {
        return hiddenSizes.size() + 1;
    }

    /**
     * A layer's inputs.
     *
     * @param layer from 0
     * @return rows of its weights
     */
    public int in(int layer) {
        return layer == 0 ? inputSize : hiddenSizes.get(layer - 1);
    }

    /**
     * A layer's outputs.
     *
     * @param layer from 0
     * @return columns of its weights
     */
    public int out(int layer) {
        return layer == layers() - 1 ? outputSize : hiddenSizes.get(layer);
    }

    /**
     * What a layer does to its sums.
     *
     * @param layer from 0
     * @return the activation; none for the output layer
     */
    public Activation activation(int layer) {
        return layer == layers() - 1 ? Activation.IDENTITY : activation;
    }

    /**
     * Where a layer's weights start.
     *
     * @param layer from 0
     * @return their place in the flat vector
     */
    int weightOffset(int layer) {
        int offset = 0;
        for (int i = 0; i < layer; i++) {
            offset = Math.addExact(offset, Matrix.blockSize(in(i), out(i)) + Matrix.blockSize(1, out(i)));
        }
        return offset;
    }

    /**
     * Where a layer's biases start.
     *
     * @param layer from 0
     * @return their place in the flat vector
     */
    int biasOffset(int layer) {
        return weightOffset(layer) + Matrix.blockSize(in(layer), out(layer));
    }

    /**
     * The length of the flat vector.
     *
     * @return floats, padding included
     */
    public int vectorSize() {
        return weightOffset(layers());
    }

    /**
     * How many parameters there are.
     *
     * @return floats, padding not included
     */
    public int parameterCount() {
        int count = 0;
        for (int layer = 0; layer < layers(); layer++) {
            count += (in(layer) + 1) * out(layer);
        }
        return count;
    }
}

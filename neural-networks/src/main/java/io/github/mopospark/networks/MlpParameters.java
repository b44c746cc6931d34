package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.random.RandomStream;

/** A flat vector with a network's layout, seen layer by layer: its parameters, or their gradient. */
public final class MlpParameters {
    private final MlpShape shape;
    private final Matrix vector;
    private final Matrix[] weights;
    private final Matrix[] biases;

    /**
     * Zeros.
     *
     * @param kernels whose memory
     * @param shape the network's sizes
     */
    public MlpParameters(Kernels kernels, MlpShape shape) {
        this.shape = shape;
        vector = kernels.allocate(1, shape.vectorSize());
        weights = new Matrix[shape.layers()];
        biases = new Matrix[shape.layers()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            weights[layer] = kernels.view(vector, shape.weightOffset(layer), shape.in(layer), shape.out(layer));
            biases[layer] = kernels.view(vector, shape.biasOffset(layer), 1, shape.out(layer));
        }
    }

    /**
     * The network's sizes.
     *
     * @return the shape
     */
    public MlpShape shape() {
        return shape;
    }

    /**
     * All of it, padding included.
     *
     * @return {@code [1, vectorSize]}
     */
    public Matrix vector() {
        return vector;
    }

    /**
     * A layer's weights.
     *
     * @param layer from 0
     * @return {@code [in, out]}, a view
     */
    public Matrix weights(int layer) {
        return weights[layer];
    }

    /**
     * A layer's biases.
     *
     * @param layer from 0
     * @return {@code [1, out]}, a view
     */
    public Matrix biases(int layer) {
        return biases[layer];
    }

    /**
     * Its numbers without padding: layer after layer the weights {@code [in, out]}, then the biases {@code [out]}.
     *
     * @return {@code [parameterCount]}
     */
    public float[] toArray() {
        float[] numbers = new float[shape.parameterCount()];
        int offset = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            weights[layer].readRows(0, shape.in(layer), numbers, offset);
            offset += shape.in(layer) * shape.out(layer);
            biases[layer].readRows(0, 1, numbers, offset);
            offset += shape.out(layer);
        }
        return numbers;
    }

    /**
     * Sets its numbers.
     *
     * @param numbers as {@link #toArray} gives them
     * @throws IllegalArgumentException if there are more or fewer
     */
    public void set(float[] numbers) {
        if (numbers.length != shape.parameterCount()) {
            throw new IllegalArgumentException("a network of %s has %,d parameters, but was given %,d"
                    .formatted(shape, shape.parameterCount(), numbers.length));
        }
        int offset = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            weights[layer].writeRows(0, shape.in(layer), numbers, offset);
            offset += shape.in(layer) * shape.out(layer);
            biases[layer].writeRows(0, 1, numbers, offset);
            offset += shape.out(layer);
        }
    }

    /**
     * Sets its numbers to a start for learning.
     *
     * @param initialiser how
     * @param random where from
     */
    public void initialise(Initialiser initialiser, RandomStream random) {
        float[] numbers = new float[shape.parameterCount()];
        int next = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int in = shape.in(layer);
            int out = shape.out(layer);
            for (int i = 0; i < in * out; i++) {
                numbers[next++] = initialiser.weight(random, in, out);
            }
            for (int i = 0; i < out; i++) {
                numbers[next++] = initialiser.bias(random, in);
            }
        }
        set(numbers);
    }
}

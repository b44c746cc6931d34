package io.github.mopospark.dl4j;

import io.github.mopospark.networks.MlpShape;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The parameters of a multilayer perceptron, {@code [parameterCount]} of its shape, on their way into DL4J's layers and back.
 * DL4J's dense layers have weights {@code [in, out]} and biases {@code [1, out]}, as this project has.
 */
public final class LayerParameters {
    /** DL4J's name of a layer's weights. */
    static final String WEIGHTS = "W";
    /** DL4J's name of a layer's biases. */
    static final String BIASES = "b";

    private final MlpShape shape;
    private final float[] parameters;

    /**
     * Parameters to be written or read.
     *
     * @param shape the network's sizes
     * @param parameters layer after layer the weights {@code [in, out]}, then the biases {@code [out]}; not copied
     */
    public LayerParameters(MlpShape shape, float[] parameters) {
        this.shape = Objects.requireNonNull(shape, "shape");
        if (parameters.length != shape.parameterCount()) {
            throw new IllegalArgumentException("a network of %s has %,d parameters, but was given %,d"
                    .formatted(shape, shape.parameterCount(), parameters.length));
        }
        this.parameters = parameters;
    }

    /**
     * Parameters that are to be read.
     *
     * @param shape the network's sizes
     * @return parameters of zero
     */
    public static LayerParameters empty(MlpShape shape) {
        return new LayerParameters(shape, new float[shape.parameterCount()]);
    }

    /**
     * The parameters.
     *
     * @return not a copy
     */
    public float[] array() {
        return parameters;
    }

    private int weightsOf(int layer) {
        int place = 0;
        for (int before = 0; before < layer; before++) {
            place += (shape.in(before) + 1) * shape.out(before);
        }
        return place;
    }

    /**
     * Sets a dense layer of DL4J.
     *
     * @param target the layer
     * @param layer which of the perceptron's layers
     */
    public void write(Layer target, int layer) {
        write(target, layer, 0, shape.out(layer));
    }

    /**
     * Sets a dense layer of DL4J that is some columns of a layer.
     *
     * @param target the layer
     * @param layer which of the perceptron's layers
     * @param from its first column
     * @param columns how many
     */
    void write(Layer target, int layer, int from, int columns) {
        int start = weightsOf(layer);
        int in = shape.in(layer);
        int out = shape.out(layer);
        float[][] weights = new float[in][];
        for (int i = 0; i < in; i++) {
            weights[i] = Arrays.copyOfRange(parameters, start + i * out + from, start + i * out + from + columns);
        }
        int biases = start + in * out + from;
        target.setParam(WEIGHTS, Nd4j.create(weights));
        setRow(target, BIASES, Arrays.copyOfRange(parameters, biases, biases + columns));
    }

    /**
     * Takes over a dense layer of DL4J.
     *
     * @param source the layer
     * @param layer which of the perceptron's layers
     */
    public void read(Layer source, int layer) {
        read(source, layer, 0, shape.out(layer));
    }

    /** Takes over a dense layer of DL4J as some columns of a layer. */
    void read(Layer source, int layer, int from, int columns) {
        int start = weightsOf(layer);
        int in = shape.in(layer);
        int out = shape.out(layer);
        float[] weights = row(source, WEIGHTS);
        for (int i = 0; i < in; i++) {
            System.arraycopy(weights, i * columns, parameters, start + i * out + from, columns);
        }
        System.arraycopy(row(source, BIASES), 0, parameters, start + in * out + from, columns);
    }

    /** Sets a parameter of a layer that is one row. */
    static void setRow(Layer target, String name, float[] numbers) {
        target.setParam(name, Nd4j.create(numbers, new long[] {1, numbers.length}));
    }

    /** A parameter of a layer, row after row. */
    static float[] row(Layer source, String name) {
        INDArray array = source.getParam(name);
        return array.dup('c').data().asFloat();
    }
}

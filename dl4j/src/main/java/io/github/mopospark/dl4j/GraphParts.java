package io.github.mopospark.dl4j;

import io.github.mopospark.networks.MlpShape;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;

/** What members' and policies' graphs are made of: DL4J's dense layers, and rows that are multiplied and added. */
final class GraphParts {
    private GraphParts() {}

    static GraphBuilder builder() {
        // DL4J would write the time as the seed of a network that needs none.
        return new NeuralNetConfiguration.Builder()
                .seed(0)
                .dataType(DataType.FLOAT)
                .graphBuilder();
    }

    static String hidden(int layer) {
        return "hidden-" + layer;
    }

    /** Adds the hidden layers of a network; what comes behind the last of them is given back. */
    static String addHidden(GraphBuilder graph, MlpShape shape, String input) {
        Activation activation = Activations.of(shape.activation());
        String before = input;
        for (int layer = 0; layer < shape.hiddenSizes().size(); layer++) {
            addDense(graph, hidden(layer), before, shape.in(layer), shape.out(layer), activation);
            before = hidden(layer);
        }
        return before;
    }

    static void addDense(GraphBuilder graph, String name, String input, int in, int out, Activation activation) {
        graph.addLayer(
                name,
                new DenseLayer.Builder()
                        .nIn(in)
                        .nOut(out)
                        .activation(activation)
                        .build(),
                input);
    }

    /** Adds a layer that multiplies each number by one of its own and adds another; DL4J does not train it. */
    static void addRow(GraphBuilder graph, String name, String input, int size, Activation activation) {
        graph.addLayer(
                name,
                new ElementWiseMultiplicationLayer.Builder()
                        .nIn(size)
                        .nOut(size)
                        .activation(activation)
                        // NoOp would subtract the gradient as it is.
                        .updater(new Sgd(0))
                        .build(),
                input);
    }

    static void setRow(ComputationGraph graph, String name, float[] factors, float[] summands) {
        Layer layer = graph.getLayer(name);
        LayerParameters.setRow(layer, LayerParameters.WEIGHTS, factors);
        LayerParameters.setRow(layer, LayerParameters.BIASES, summands);
    }

    static float[] factors(ComputationGraph graph, String name) {
        return LayerParameters.row(graph.getLayer(name), LayerParameters.WEIGHTS);
    }

    static float[] summands(ComputationGraph graph, String name) {
        return LayerParameters.row(graph.getLayer(name), LayerParameters.BIASES);
    }

    static float[] repeated(float number, int count) {
        float[] numbers = new float[count];
        Arrays.fill(numbers, number);
        return numbers;
    }

    static void writeHidden(ComputationGraph graph, MlpShape shape, LayerParameters parameters) {
        for (int layer = 0; layer < shape.hiddenSizes().size(); layer++) {
            parameters.write(graph.getLayer(hidden(layer)), layer);
        }
    }

    static void readHidden(ComputationGraph graph, MlpShape shape, LayerParameters parameters) {
        for (int layer = 0; layer < shape.hiddenSizes().size(); layer++) {
            parameters.read(graph.getLayer(hidden(layer)), layer);
        }
    }
}

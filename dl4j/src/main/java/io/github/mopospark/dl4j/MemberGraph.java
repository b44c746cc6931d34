package io.github.mopospark.dl4j;

import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.saving.SavedDataException;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/**
 * A member of an ensemble as a graph of DL4J's own layers: from {@code observation-and-action}, float
 * {@code [batch, observationSize + actionSize]} in raw units, to {@code mean} and {@code log-variance}, float
 * {@code [batch, 1 + observationSize]} each: of the reward and of the observation's change, in raw units. Inputs are shifted
 * and scaled; the log-variance is softly clamped by {@code max - softplus(max - l)} and then
 * {@code min + softplus(l - min)}, each a row that is multiplied and added, with a softplus.
 */
public final class MemberGraph {
    /** The name of the graph's input. */
    public static final String INPUT = "observation-and-action";

    /** The name of the graph's first output. */
    public static final String MEAN = "mean";

    /** The name of the graph's second output. */
    public static final String LOG_VARIANCE = "log-variance";

    private static final String SHIFT = "shift";
    private static final String SCALE = "scale";
    private static final String UNCLAMPED = "log-variance-unclamped";
    /** softplus(max - l). */
    private static final String BELOW_GREATEST = "below-greatest";
    /** softplus((max - min) - the former), which is softplus(l1 - min). */
    private static final String ABOVE_LEAST = "above-least";

    private MemberGraph() {}

    /**
     * The layers of an ensemble's members.
     *
     * @param ensemble whose sizes they have
     * @return a graph without parameters
     */
    static ComputationGraphConfiguration configuration(Ensemble ensemble) {
        MlpShape shape = ensemble.shape();
        int inputs = shape.inputSize();
        int outputs = ensemble.layout().size();
        GraphBuilder graph = GraphParts.builder().addInputs(INPUT);
        GraphParts.addRow(graph, SHIFT, INPUT, inputs, Activation.IDENTITY);
        GraphParts.addRow(graph, SCALE, SHIFT, inputs, Activation.IDENTITY);
        String last = GraphParts.addHidden(graph, shape, SCALE);
        int width = shape.in(shape.layers() - 1);
        GraphParts.addDense(graph, MEAN, last, width, outputs, Activation.IDENTITY);
        GraphParts.addDense(graph, UNCLAMPED, last, width, outputs, Activation.IDENTITY);
        GraphParts.addRow(graph, BELOW_GREATEST, UNCLAMPED, outputs, Activation.SOFTPLUS);
        GraphParts.addRow(graph, ABOVE_LEAST, BELOW_GREATEST, outputs, Activation.SOFTPLUS);
        GraphParts.addRow(graph, LOG_VARIANCE, ABOVE_LEAST, outputs, Activation.IDENTITY);
        return graph.setOutputs(MEAN, LOG_VARIANCE).build();
    }

    /**
     * Makes the graph of a member.
     *
     * @param ensemble the ensemble
     * @param member which of its members, from 0
     * @return a graph that predicts what the member does, but for rounding
     */
    public static ComputationGraph of(Ensemble ensemble, int member) {
        MlpShape shape = ensemble.shape();
        Scaler scaler = ensemble.scaler();
        MemberWeights weights = ensemble.members().get(member);
        int outputs = ensemble.layout().size();
        ComputationGraph graph = new ComputationGraph(configuration(ensemble));
        graph.init();
        int inputs = scaler.size();
        GraphParts.setRow(graph, SHIFT, GraphParts.repeated(1, inputs), negated(scaler.mean()));
        GraphParts.setRow(graph, SCALE, factors(scaler), new float[inputs]);
        LayerParameters parameters = new LayerParameters(shape, weights.parameters());
        GraphParts.writeHidden(graph, shape, parameters);
        int head = shape.layers() - 1;
        parameters.write(graph.getLayer(MEAN), head, 0, outputs);
        parameters.write(graph.getLayer(UNCLAMPED), head, outputs, outputs);
        float[] greatest = Arrays.copyOf(weights.bounds(), outputs);
        float[] least = Arrays.copyOfRange(weights.bounds(), outputs, 2 * outputs);
        GraphParts.setRow(graph, BELOW_GREATEST, GraphParts.repeated(-1, outputs), greatest);
        GraphParts.setRow(graph, ABOVE_LEAST, GraphParts.repeated(-1, outputs), differences(greatest, least));
        GraphParts.setRow(graph, LOG_VARIANCE, GraphParts.repeated(1, outputs), least);
        return graph;
    }

    /**
     * Takes a member out of a graph.
     *
     * @param zip holds the graph
     * @param ensemble whose member it is to be
     * @return the member's weights
     * @throws SavedDataException if it is no graph of such a member; the message names the file, the layer and the rule
     */
    public static MemberWeights read(ModelZip zip, Ensemble ensemble) {
        ComputationGraph graph = zip.graph(configuration(ensemble));
        MlpShape shape = ensemble.shape();
        Scaler scaler = ensemble.scaler();
        int inputs = scaler.size();
        int outputs = ensemble.layout().size();
        LayerParameters parameters = LayerParameters.empty(shape);
        GraphParts.readHidden(graph, shape, parameters);
        int head = shape.layers() - 1;
        parameters.read(graph.getLayer(MEAN), head, 0, outputs);
        parameters.read(graph.getLayer(UNCLAMPED), head, outputs, outputs);
        float[] greatest = GraphParts.summands(graph, BELOW_GREATEST);
        float[] least = GraphParts.summands(graph, LOG_VARIANCE);

        String ofEnsemble = "must be the ensemble's, which its members share";
        zip.requireRow(graph, SHIFT, GraphParts.repeated(1, inputs), negated(scaler.mean()), ofEnsemble);
        zip.requireRow(graph, SCALE, factors(scaler), new float[inputs], ofEnsemble);
        String ofClamp = "must be those of the soft clamp";
        zip.requireRow(graph, BELOW_GREATEST, GraphParts.repeated(-1, outputs), greatest, ofClamp);
        zip.requireRow(graph, ABOVE_LEAST, GraphParts.repeated(-1, outputs), differences(greatest, least), ofClamp);
        zip.requireRow(graph, LOG_VARIANCE, GraphParts.repeated(1, outputs), least, ofClamp);
        float[] bounds = Arrays.copyOf(greatest, 2 * outputs);
        System.arraycopy(least, 0, bounds, outputs, outputs);
        return new MemberWeights(parameters.array(), bounds);
    }

    private static float[] negated(float[] numbers) {
        float[] result = new float[numbers.length];
        for (int j = 0; j < result.length; j++) {
            result[j] = -numbers[j];
        }
        return result;
    }

    private static float[] factors(Scaler scaler) {
        float[] result = new float[scaler.size()];
        for (int j = 0; j < result.length; j++) {
            result[j] = 1 / scaler.std()[j];
        }
        return result;
    }

    private static float[] differences(float[] left, float[] right) {
        float[] result = new float[left.length];
        for (int j = 0; j < result.length; j++) {
            result[j] = left[j] - right[j];
        }
        return result;
    }
}

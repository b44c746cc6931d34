package io.github.mopospark.dl4j;

import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.Task;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/**
 * A policy as a graph of DL4J's own layers: from {@code observation}, float {@code [batch, observationSize]}, to {@code mean}
 * and {@code log-std} of the normal distribution whose tanh is the action, and {@code action}, the most likely one, float
 * {@code [batch, actionSize]} each. The log standard deviation is cut at its bounds by a hard tanh between two rows that are
 * multiplied and added.
 */
public final class PolicyGraph {
    /** The name of the graph's input. */
    public static final String OBSERVATION = "observation";

    /** The name of the graph's first output. */
    public static final String MEAN = "mean";

    /** The name of the graph's second output. */
    public static final String LOG_STD = "log-std";

    /** The name of the graph's third output. */
    public static final String ACTION = "action";

    private static final String UNCUT = "log-std-uncut";
    private static final String CUT = "cut";

    private PolicyGraph() {}

    /**
     * The layers of a policy's actor.
     *
     * @param task what it acts in
     * @param shape the actor's sizes
     * @return a graph without parameters
     */
    private static ComputationGraphConfiguration configuration(Task task, MlpShape shape) {
        int actions = task.actionSize();
        GraphBuilder graph = GraphParts.builder().addInputs(OBSERVATION);
        String last = GraphParts.addHidden(graph, shape, OBSERVATION);
        int width = shape.in(shape.layers() - 1);
        GraphParts.addDense(graph, MEAN, last, width, actions, Activation.IDENTITY);
        GraphParts.addDense(graph, UNCUT, last, width, actions, Activation.IDENTITY);
        GraphParts.addRow(graph, CUT, UNCUT, actions, Activation.HARDTANH);
        GraphParts.addRow(graph, LOG_STD, CUT, actions, Activation.IDENTITY);
        // Not an ActivationLayer: it would write over the mean.
        GraphParts.addRow(graph, ACTION, MEAN, actions, Activation.TANH);
        return graph.setOutputs(MEAN, LOG_STD, ACTION).build();
    }

    /**
     * Makes the graph of a policy.
     *
     * @param policy the policy
     * @return a graph that puts out what the policy does, but for rounding
     */
    public static ComputationGraph of(SavedPolicy policy) {
        MlpShape shape = policy.shape();
        int actions = policy.task().actionSize();
        ComputationGraph graph = new ComputationGraph(configuration(policy.task(), shape));
        graph.init();
        LayerParameters parameters = new LayerParameters(shape, policy.actor());
        GraphParts.writeHidden(graph, shape, parameters);
        int head = shape.layers() - 1;
        parameters.write(graph.getLayer(MEAN), head, 0, actions);
        parameters.write(graph.getLayer(UNCUT), head, actions, actions);
        float half = half(policy.leastLogStd(), policy.greatestLogStd());
        float middle = middle(policy.leastLogStd(), policy.greatestLogStd());
        GraphParts.setRow(
                graph, CUT, GraphParts.repeated(1 / half, actions), GraphParts.repeated(-middle / half, actions));
        GraphParts.setRow(graph, LOG_STD, GraphParts.repeated(half, actions), GraphParts.repeated(middle, actions));
        GraphParts.setRow(graph, ACTION, GraphParts.repeated(1, actions), new float[actions]);
        return graph;
    }

    private static float half(double least, double greatest) {
        return (float) ((greatest - least) / 2);
    }

    private static float middle(double least, double greatest) {
        return (float) ((greatest + least) / 2);
    }

    /**
     * Takes a policy out of a graph.
     *
     * @param zip holds the graph
     * @param task what the policy acts in
     * @param origin what the policy says of where it comes from
     * @return the policy
     * @throws SavedDataException if it is no graph of such a policy; the message names the file, the layer and the rule
     */
    public static SavedPolicy read(ModelZip zip, Task task, PolicyOrigin origin) {
        List<Integer> hiddenSizes = zip.hiddenSizes();
        MlpShape shape = SavedPolicy.shape(task, hiddenSizes);
        ComputationGraph graph = zip.graph(configuration(task, shape));
        int actions = task.actionSize();
        LayerParameters parameters = LayerParameters.empty(shape);
        GraphParts.readHidden(graph, shape, parameters);
        int head = shape.layers() - 1;
        parameters.read(graph.getLayer(MEAN), head, 0, actions);
        parameters.read(graph.getLayer(UNCUT), head, actions, actions);
        float half = GraphParts.factors(graph, LOG_STD)[0];
        float middle = GraphParts.summands(graph, LOG_STD)[0];
        if (!(half > 0)) {
            throw zip.wrong("layer " + LOG_STD, "has the factor " + half, "it must be positive");
        }
        String rule = "must be the same bounds of all actions";
        zip.requireRow(graph, LOG_STD, GraphParts.repeated(half, actions), GraphParts.repeated(middle, actions), rule);
        zip.requireRow(
                graph, CUT, GraphParts.repeated(1 / half, actions), GraphParts.repeated(-middle / half, actions), rule);
        zip.requireRow(
                graph, ACTION, GraphParts.repeated(1, actions), new float[actions], "must leave the mean as it is");
        return new SavedPolicy(
                task,
                hiddenSizes,
                (double) middle - half,
                (double) middle + half,
                parameters.array(),
                origin.datasetChecksum(),
                origin.seed(),
                origin.epoch());
    }
}

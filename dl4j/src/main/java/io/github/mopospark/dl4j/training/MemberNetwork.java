package io.github.mopospark.dl4j.training;

import io.github.mopospark.dl4j.Activations;
import io.github.mopospark.dl4j.LayerParameters;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.training.MemberProgress;
import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.MlpParameters;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A member as a network that DL4J trains: from standardised inputs {@code [batch, inputSize]} through dense layers and
 * {@link LogVarianceClamp} to {@link GaussianLikelihood}, with weight decay as DL4J's l2 and DL4J's Adam.
 */
public final class MemberNetwork {
    /** For padding alone: nothing is computed with them. */
    private final Kernels kernels = CpuKernels.plain();

    private final EnsembleConfig config;
    private final MlpShape shape;
    private final OutputLayout layout;

    /**
     * The sizes of a network.
     *
     * @param config how the ensemble is trained
     * @param inputSize numbers in an input
     * @param layout what a predicted row holds
     * @throws IllegalArgumentException if spectral norms are to be kept small, which DL4J has no means for
     */
    public MemberNetwork(EnsembleConfig config, int inputSize, OutputLayout layout) {
        if (config.lipschitz().mode() != Lipschitz.Mode.OFF) {
            throw new IllegalArgumentException(
                    "ensemble.lipschitz must be off for ensemble.trainer = dl4j-spark, but was " + config.lipschitz());
        }
        this.config = config;
        this.layout = layout;
        shape = config.shape(inputSize, layout);
    }

    /**
     * The layers.
     *
     * @return what DL4J makes a network of
     */
    public MultiLayerConfiguration configuration() {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(0)
                .dataType(DataType.FLOAT)
                .miniBatch(false)
                .updater(new org.nd4j.linalg.learning.config.Adam(config.learningRate()))
                .list();
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.layer(new DenseLayer.Builder()
                    .nIn(shape.in(layer))
                    .nOut(shape.out(layer))
                    .activation(Activations.of(shape.activation(layer)))
                    .l2(config.weightDecay().get(layer))
                    .build());
        }
        layers.layer(new LogVarianceClamp(layout.size(), config.memberBoundCoefficient()));
        layers.layer(new LossLayer.Builder(new GaussianLikelihood())
                .activation(Activation.IDENTITY)
                .build());
        return layers.build();
    }

    /**
     * Makes a network.
     *
     * @param weights its parameters, in the units that are learned
     * @return a network whose training has not begun
     */
    public MultiLayerNetwork network(MemberWeights weights) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration());
        network.init();
        LayerParameters parameters = new LayerParameters(shape, weights.parameters());
        for (int layer = 0; layer < shape.layers(); layer++) {
            parameters.write(network.getLayer(layer), layer);
        }
        bounds(network).assign(Nd4j.createFromArray(weights.bounds()));
        return network;
    }

    /**
     * Makes a network that goes on from where a member is.
     *
     * @param progress the member's parameters and moments
     * @return a network that takes the same next step as the member would
     */
    public MultiLayerNetwork network(MemberProgress progress) {
        MultiLayerNetwork network = network(new MemberWeights(progress.parameters(), progress.bounds()));
        INDArray first =
                moment(progress.adam().firstMoment(), progress.boundsAdam().firstMoment());
        INDArray second =
                moment(progress.adam().secondMoment(), progress.boundsAdam().secondMoment());
        network.getUpdater(true).setStateViewArray(network, Nd4j.hstack(first, second), false);
        network.getLayerWiseConfigurations()
                .setIterationCount(Math.toIntExact(progress.adam().steps()));
        return network;
    }

    /** A moment in the order of DL4J's parameters: what they would be if moments were weights. */
    private INDArray moment(float[] padded, float[] bounds) {
        MlpParameters parameters = new MlpParameters(kernels, shape);
        parameters.vector().writeRows(0, 1, padded, 0);
        return network(new MemberWeights(parameters.toArray(), bounds)).params();
    }

    private INDArray bounds(MultiLayerNetwork network) {
        return network.getLayer(shape.layers()).getParam(BoundsInitializer.BOUNDS);
    }

    /**
     * Takes the parameters out of a network.
     *
     * @param network one of these sizes
     * @return its parameters, in the units that are learned
     */
    public MemberWeights weights(MultiLayerNetwork network) {
        LayerParameters parameters = LayerParameters.empty(shape);
        for (int layer = 0; layer < shape.layers(); layer++) {
            parameters.read(network.getLayer(layer), layer);
        }
        return new MemberWeights(
                parameters.array(), bounds(network).dup('c').data().asFloat());
    }

    /**
     * Takes out of a network all that its next step depends on.
     *
     * @param network one of these sizes
     * @return parameters and moments, as a member has them that this project trains
     */
    public MemberProgress progress(MultiLayerNetwork network) {
        MemberWeights weights = weights(network);
        long parameters = network.numParams();
        INDArray state = network.getUpdater(true).getStateViewArray().reshape(2, parameters);
        MemberWeights first = weights(state.getRow(0));
        MemberWeights second = weights(state.getRow(1));
        long steps = network.getLayerWiseConfigurations().getIterationCount();
        return new MemberProgress(
                weights.parameters(),
                new Adam.State(steps, padded(first.parameters()), padded(second.parameters())),
                weights.bounds(),
                new Adam.State(steps, first.bounds(), second.bounds()),
                List.of());
    }

    /** What weights a vector in the order of DL4J's parameters would be. */
    private MemberWeights weights(INDArray vector) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration());
        network.init(vector.dup().reshape(1, vector.length()), false);
        return weights(network);
    }

    private float[] padded(float[] numbers) {
        MlpParameters parameters = new MlpParameters(kernels, shape);
        parameters.set(numbers);
        return parameters.vector().toArray();
    }
}

package io.github.mopospark.dl4j.training;

import io.github.mopospark.ensemble.GaussianHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Tells DL4J that a layer's parameters are the bounds of log-variances, and where they start. */
final class BoundsInitializer implements ParamInitializer {
    /** The name of the parameter {@code [2 * size]}: the greatest log-variances, then the least. */
    static final String BOUNDS = "bounds";

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return ((FeedForwardLayer) layer).getNIn();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.of(BOUNDS);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(BOUNDS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return key.equals(BOUNDS);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return false;
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray parameters, boolean isNew) {
        Map<String, INDArray> table = getGradientsFromFlattened(configuration, parameters);
        if (isNew) {
            INDArray bounds = table.get(BOUNDS);
            long size = bounds.length() / 2;
            bounds.get(NDArrayIndex.interval(0, size)).assign(GaussianHead.GREATEST_LOG_VARIANCE);
            bounds.get(NDArrayIndex.interval(size, 2 * size)).assign(GaussianHead.LEAST_LOG_VARIANCE);
        }
        configuration.addVariable(BOUNDS);
        return table;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray numbers) {
        // DL4J changes what it is given.
        Map<String, INDArray> table = new HashMap<>();
        table.put(BOUNDS, numbers.reshape(numParams(configuration)));
        return table;
    }
}

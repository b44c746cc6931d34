package io.github.mopospark.dl4j.training;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer for DL4J that leaves means as they are and softly clamps log-variances between two learned bounds: of
 * {@code [batch, 2 * size]}, means and then log-variances, the latter half becomes {@code max - softplus(max - l)} and then
 * {@code min + softplus(l - min)} (Chua et al. 2018, appendix A.1). The bounds' distance is kept small as
 * {@link BoundDistance} says.
 */
public final class LogVarianceClamp extends ElementWiseMultiplicationLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty
    private double boundCoefficient;

    /** For DL4J, which reads configurations. */
    LogVarianceClamp() {}

    /**
     * A layer.
     *
     * @param size numbers of a predicted row
     * @param boundCoefficient what keeps the bounds close
     */
    public LogVarianceClamp(int size, double boundCoefficient) {
        super(new ElementWiseMultiplicationLayer.Builder()
                .nIn(2L * size)
                .nOut(2L * size)
                .activation(Activation.IDENTITY));
        this.boundCoefficient = boundCoefficient;
    }

    @Override
    public ParamInitializer initializer() {
        return new BoundsInitializer();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean isNew,
            DataType type) {
        LogVarianceClampLayer layer = new LogVarianceClampLayer(configuration, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(configuration, parameters, isNew));
        layer.setConf(configuration);
        return layer;
    }

    @Override
    public List<Regularization> getRegularizationByParam(String name) {
        return List.of(new BoundDistance(boundCoefficient));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogVarianceClamp clamp
                && boundCoefficient == clamp.boundCoefficient
                && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Double.hashCode(boundCoefficient);
    }
}

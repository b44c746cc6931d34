package io.github.mopospark.dl4j.training;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What {@link LogVarianceClamp} configures. */
final class LogVarianceClampLayer extends BaseLayer<LogVarianceClamp> {
    private static final long serialVersionUID = 1;

    LogVarianceClampLayer(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    private INDArray greatest() {
        return firstHalf(getParam(BoundsInitializer.BOUNDS));
    }

    private INDArray least() {
        return secondHalf(getParam(BoundsInitializer.BOUNDS));
    }

    private static INDArray firstHalf(INDArray row) {
        return row.get(NDArrayIndex.interval(0, row.length() / 2));
    }

    private static INDArray secondHalf(INDArray row) {
        return row.get(NDArrayIndex.interval(row.length() / 2, row.length()));
    }

    /** The latter half of the columns; a view. */
    private static INDArray logVariances(INDArray rows) {
        return rows.get(NDArrayIndex.all(), NDArrayIndex.interval(rows.size(1) / 2, rows.size(1)));
    }

    /** max - l. */
    private INDArray belowGreatest() {
        return logVariances(input).rsubRowVector(greatest());
    }

    /** max - softplus(max - l) - min. */
    private INDArray aboveLeast(INDArray belowGreatest) {
        return softplus(belowGreatest).rsubiRowVector(greatest()).subiRowVector(least());
    }

    private static INDArray softplus(INDArray numbers) {
        return Transforms.softPlus(numbers, true);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray output = workspaces.dup(ArrayType.ACTIVATIONS, input);
        logVariances(output).assign(softplus(aboveLeast(belowGreatest())).addiRowVector(least()));
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray below = belowGreatest();
        // The slopes of both softplus.
        INDArray outerSlope = Transforms.sigmoid(aboveLeast(below), true);
        INDArray innerSlope = Transforms.sigmoid(below, true);
        INDArray delta = logVariances(epsilon);
        INDArray throughLeast = delta.mul(outerSlope);
        INDArray throughGreatest = throughLeast.mul(innerSlope);
        // The memory that DL4J has for it.
        INDArray bounds = gradientViews.get(BoundsInitializer.BOUNDS);
        firstHalf(bounds).assign(throughLeast.sub(throughGreatest).sum(0));
        secondHalf(bounds).assign(delta.sub(throughLeast).sum(0));
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().put(BoundsInitializer.BOUNDS, bounds);
        INDArray before = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon);
        logVariances(before).assign(throughGreatest);
        return Pair.of(gradient, before);
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}

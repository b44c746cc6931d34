package io.github.mopospark.policy;

import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import java.util.List;

/**
 * A policy whose action is a tanh-squashed normal distribution: a network from the observation to the mean and the log
 * standard deviation of every action before the tanh.
 */
public final class GaussianPolicy {
    private final Mlp network;
    private final int actionSize;
    private final double leastLogStd;
    private final double greatestLogStd;

    /**
     * A policy whose parameters are all zero.
     *
     * @param kernels what it computes with
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     * @param hiddenSizes widths of the hidden layers
     * @param leastLogStd below it the log standard deviation is cut
     * @param greatestLogStd above it the log standard deviation is cut
     */
    public GaussianPolicy(
            Kernels kernels,
            int observationSize,
            int actionSize,
            List<Integer> hiddenSizes,
            double leastLogStd,
            double greatestLogStd) {
        network = new Mlp(kernels, new MlpShape(observationSize, hiddenSizes, 2 * actionSize, Activation.RELU));
        this.actionSize = actionSize;
        this.leastLogStd = leastLogStd;
        this.greatestLogStd = greatestLogStd;
    }

    /**
     * The network, {@code [batch, observationSize]} to {@code [batch, mean | log standard deviation]}.
     *
     * @return the network, not a copy
     */
    public Mlp network() {
        return network;
    }

    /**
     * The size of its input.
     *
     * @return numbers in an observation
     */
    public int observationSize() {
        return network.shape().inputSize();
    }

    /**
     * The size of its output.
     *
     * @return numbers in an action
     */
    public int actionSize() {
        return actionSize;
    }

    /**
     * Below it the log standard deviation is cut.
     *
     * @return the bound
     */
    public double leastLogStd() {
        return leastLogStd;
    }

    /**
     * Above it the log standard deviation is cut.
     *
     * @return the bound
     */
    public double greatestLogStd() {
        return greatestLogStd;
    }

    SquashedGaussian distribution(int capacity) {
        return new SquashedGaussian(network.kernels().functions(), capacity, actionSize, leastLogStd, greatestLogStd);
    }
}

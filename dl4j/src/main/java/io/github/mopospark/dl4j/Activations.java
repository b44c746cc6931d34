package io.github.mopospark.dl4j;

import io.github.mopospark.networks.kernels.Activation;

/** Activations by DL4J's names. */
public final class Activations {
    private Activations() {}

    /**
     * DL4J's activation.
     *
     * @param activation this project's
     * @return the same function
     */
    public static org.nd4j.linalg.activations.Activation of(Activation activation) {
        return switch (activation) {
            case RELU -> org.nd4j.linalg.activations.Activation.RELU;
            case SWISH -> org.nd4j.linalg.activations.Activation.SWISH;
            case IDENTITY -> org.nd4j.linalg.activations.Activation.IDENTITY;
        };
    }
}

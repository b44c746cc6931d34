package io.github.mopospark.ensemble.training;

import org.nd4j.linalg.activations.impl.ActivationReLU;

/** A class that is none of DL4J's, fits where one of them should be, and tells if it was ever loaded. */
public final class Intruder extends ActivationReLU {
    private static final long serialVersionUID = 1;

    static {
        System.setProperty("mopo.intruder", "was loaded");
    }
}

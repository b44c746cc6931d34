package io.github.mopospark.networks.kernels;

/** What a layer does to each of its sums. */
public enum Activation {
    /** z. */
    IDENTITY,
    /** max(z, 0); its slope is 1 where the output is positive, else 0. */
    RELU,
    /** z sigmoid(z), also called SiLU (Ramachandran et al. 2017). */
    SWISH
}

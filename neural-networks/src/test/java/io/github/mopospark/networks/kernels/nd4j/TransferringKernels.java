package io.github.mopospark.networks.kernels.nd4j;

import io.github.mopospark.networks.kernels.Kernels;

/** Kernels that copy numbers in and out as a device needs it, on the CPU. */
public final class TransferringKernels {
    private TransferringKernels() {}

    /** The kernels. */
    public static Kernels create() {
        return new Nd4jKernels(false);
    }
}

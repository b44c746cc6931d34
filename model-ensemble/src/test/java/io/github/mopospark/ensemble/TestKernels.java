package io.github.mopospark.ensemble;

import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.util.List;

/** All kernels that a model must be right with. */
public final class TestKernels {
    private TestKernels() {}

    public static List<Kernels> all() {
        return List.of(CpuKernels.fastest(), CpuKernels.plain(), KernelChoice.ND4J.open());
    }
}

package io.github.mopospark.policy;

import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.util.stream.Stream;

/** Every kernel set that a test of numbers must pass with. */
final class TestKernels {
    private TestKernels() {}

    static Stream<Kernels> all() {
        return Stream.of(CpuKernels.fastest(), CpuKernels.plain(), KernelChoice.ND4J.open());
    }
}

package io.github.mopospark.policy;

import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Every kernel set that a test of numbers must pass with. */
final class TestKernels {
    private TestKernels() {}

    static Stream<Kernels> all() {
        return Stream.of(CpuKernels.fastest(), CpuKernels.plain());
    }

    static Stream<Named<Kernels>> named() {
        return all().map(kernels -> Named.of(kernels.description(), kernels));
    }
}

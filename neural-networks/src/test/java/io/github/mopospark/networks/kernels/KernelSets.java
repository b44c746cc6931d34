package io.github.mopospark.networks.kernels;

import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.kernels.nd4j.Nd4jKernels;
import io.github.mopospark.networks.kernels.nd4j.TransferringKernels;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** All kernels there are, for parametrised tests. */
public final class KernelSets {
    private KernelSets() {}

    /** Every set. */
    public static Stream<Named<Kernels>> all() {
        return Stream.concat(
                cpu(),
                Stream.of(
                        Named.of("nd4j", new Nd4jKernels()),
                        Named.of("nd4j in transfers", TransferringKernels.create())));
    }

    /** Those of which every result has the same bits. */
    public static Stream<Named<Kernels>> cpu() {
        return Stream.of(
                Named.of("cpu vector", CpuKernels.fastest()), Named.of("cpu plain", (Kernels) CpuKernels.plain()));
    }
}

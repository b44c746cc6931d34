package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.networks.KernelChoice;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final String PLAIN = KernelChoice.CPU_PLAIN.open().description();

    @Test
    void plainLoopsThatNobodyAskedForAreTold() {
        assertThat(Preflight.vectorAdvice(KernelChoice.AUTO, PLAIN))
                .hasValueSatisfying(line -> assertThat(line).contains("--add-modules jdk.incubator.vector", "3 to 4"));
        assertThat(Preflight.vectorAdvice(KernelChoice.CPU, PLAIN)).isPresent();
    }

    @Test
    void otherKernelsNeedNoAdvice() {
        assertThat(Preflight.vectorAdvice(KernelChoice.CPU_PLAIN, PLAIN)).isEmpty();
        assertThat(Preflight.vectorAdvice(KernelChoice.AUTO, "cpu (Vector API, 512 bits)"))
                .isEmpty();
        assertThat(Preflight.vectorAdvice(KernelChoice.ND4J, "nd4j (CPU, OPENBLAS), 1 BLAS thread(s)"))
                .isEmpty();
    }
}

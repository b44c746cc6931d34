package io.github.mopospark.networks.kernels.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlasProcessorTest {
    @Test
    void tellsVendorFamilyAndModel() {
        assertThat(BlasProcessor.describe(List.of(
                        "processor\t: 0",
                        "vendor_id\t: GenuineIntel",
                        "cpu family\t: 6",
                        "model\t\t: 85",
                        "model name\t: Intel(R) Xeon(R): something",
                        "",
                        "vendor_id\t: another")))
                .isEqualTo("GenuineIntel 6.85");
    }

    @Test
    void tellsTheArchitectureWhereNothingElseIsKnown() {
        assertThat(BlasProcessor.describe(List.of("CPU part\t: 0xd0c"))).isEqualTo(System.getProperty("os.arch"));
    }

    @Test
    void isPartOfTheKernelsDescription() {
        assertThat(new Nd4jKernels().description()).endsWith(", " + BlasProcessor.description());
    }
}

package io.github.mopospark.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.networks.kernels.Kernels;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChoiceTest {

    @Test
    void readsItsOwnNames() {
        assertThat(Stream.of("auto", "cpu", "cpu-plain", "nd4j").map(KernelChoice::parse))
                .containsExactly(KernelChoice.AUTO, KernelChoice.CPU, KernelChoice.CPU_PLAIN, KernelChoice.ND4J);
    }

    @Test
    void namesTheAllowedValuesForAnother() {
        for (String wrong : new String[] {"cuda", "CPU", ""}) {
            assertThatThrownBy(() -> KernelChoice.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("kernels must be one of auto, cpu, cpu-plain, nd4j, but was '%s'".formatted(wrong));
        }
        assertThatThrownBy(() -> KernelChoice.parse(null)).hasMessageContaining("but was 'null'");
    }

    @Test
    void opensWhatItNames() {
        assertThat(KernelChoice.CPU.open().description()).contains("Vector API");
        assertThat(KernelChoice.CPU_PLAIN.open().description()).contains("plain loops");
        assertThat(KernelChoice.ND4J.open().name()).isEqualTo("nd4j (CPU, OPENBLAS)");
        assertThat(KernelChoice.ND4J.open().description())
                .matches("nd4j \\(CPU, OPENBLAS\\), \\d+ BLAS thread\\(s\\), .+");
        assertThat(KernelChoice.AUTO.open().description())
                .as("without a CUDA backend")
                .isEqualTo(KernelChoice.CPU.open().description());
    }

    @Test
    void seesACudaBackendByItsClassFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("org/nd4j/linalg/jcublas/JCublasBackend.class");
        Files.createDirectories(file.getParent());
        Files.createFile(file);

        try (URLClassLoader with = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            assertThat(KernelChoice.isCudaOn(with)).isTrue();
        }
        assertThat(KernelChoice.isCudaOn(KernelChoice.class.getClassLoader())).isFalse();
    }

    @Test
    void needsNeitherNd4jNorTheIncubatorModuleWhereTheyAreNotUsed() throws Exception {
        // This module's classes alone: no ND4J on the classpath, no --add-modules.
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder(KernelChoice.class) + ":" + folder(Probe.class),
                        Probe.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines())
                .containsExactly(
                        "auto: cpu (plain loops) 11.0",
                        "cpu: cpu (plain loops) 11.0",
                        "cpu-plain: cpu (plain loops) 11.0",
                        "nd4j: kernels = nd4j needs ND4J and a backend of it that runs on this machine, such as nd4j-native,"
                                + " on the classpath");
    }

    private static Path folder(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** What the test runs in a JVM of its own: opens every choice and adds two numbers. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            for (KernelChoice choice : List.of(KernelChoice.values())) {
                try {
                    System.out.println(choice + ": " + use(choice.open()));
                } catch (IllegalStateException refused) {
                    System.out.println(choice + ": " + refused.getMessage());
                }
            }
        }

        private static String use(Kernels kernels) {
            var target = kernels.allocate(1, 1);
            var source = kernels.allocate(1, 1);
            source.write(0, 0, new float[] {11}, 0, 1);
            kernels.addScaled(target, source, 1f);
            return kernels.description() + " " + target.toArray()[0];
        }
    }
}

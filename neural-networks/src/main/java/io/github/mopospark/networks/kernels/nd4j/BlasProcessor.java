package io.github.mopospark.networks.kernels.nd4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The processor by which a BLAS chooses how it computes: on another one its sums may have other bits. */
final class BlasProcessor {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    private BlasProcessor() {}

    /**
     * What tells the processor from others.
     *
     * @return its vendor, family and model, as Linux knows them, or else its architecture; and what OpenBLAS was told to take it for
     */
    static String description() {
        String coreType = System.getenv().getOrDefault("OPENBLAS_CORETYPE", "");
        return processor() + (coreType.isEmpty() ? "" : " as " + coreType.toLowerCase(Locale.ROOT));
    }

    private static String processor() {
        try {
            return describe(Files.readAllLines(INFO));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** The first processor's; a machine has only one kind. */
    static String describe(List<String> info) {
        String vendor = value(info, "vendor_id");
        return vendor.isEmpty()
                ? System.getProperty("os.arch")
                : "%s %s.%s".formatted(vendor, value(info, "cpu family"), value(info, "model"));
    }

    private static String value(List<String> info, String key) {
        return info.stream()
                .map(line -> line.split(":", 2))
                .filter(line -> line.length == 2 && line[0].strip().equals(key))
                .map(line -> line[1].strip())
                .findFirst()
                .orElse("");
    }
}

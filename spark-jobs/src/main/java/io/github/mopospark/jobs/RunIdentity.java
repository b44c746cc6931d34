package io.github.mopospark.jobs;

import io.github.mopospark.configuration.Determinism;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.networks.kernels.Kernels;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/**
 * What a run that goes on has to share with what it goes on from.
 *
 * @param configuration the digest of the settings that shape the ensemble
 * @param data the dataset's checksum
 * @param kernels their fingerprint
 */
record RunIdentity(String configuration, String data, String kernels) {
    private static final String SEPARATOR = "\n";

    RunIdentity {
        Objects.requireNonNull(configuration, "configuration");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(kernels, "kernels");
    }

    static RunIdentity of(RunConfig config, String checksum, Kernels kernels) {
        return new RunIdentity(config.digest(), checksum, RunPlan.fingerprint(kernels));
    }

    /** As the run's folder keeps it. */
    String text() {
        return String.join(SEPARATOR, configuration, data, kernels);
    }

    /**
     * Compares with what the run was begun with.
     *
     * @param saved its text
     * @param determinism whether other kernels matter
     * @param folder the run's
     * @throws IllegalArgumentException if they differ
     */
    void requireSame(String saved, Determinism determinism, Path folder) {
        String[] parts = saved.split(SEPARATOR, -1);
        if (parts.length != 3 || !parts[0].equals(configuration)) {
            throw new IllegalArgumentException(
                    "the run in %s was begun by another version of mopo-spark, with other settings of the ensemble than are known here; go on with that version, or give another --output"
                            .formatted(folder));
        }
        if (!parts[1].equals(data)) {
            throw new IllegalArgumentException(
                    "data: has other rows than the run in %s was begun with; give those, or another --output"
                            .formatted(folder));
        }
        if (determinism == Determinism.STRICT && !parts[2].equals(kernels)) {
            throw new IllegalArgumentException(
                    "the run in %s was begun with the kernels %s, but here are %s, which would end with another result; go on where those are, or set determinism = relaxed"
                            .formatted(folder, parts[2], kernels));
        }
    }
}

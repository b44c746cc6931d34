package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.networks.KernelChoice;
import java.io.Serializable;
import java.util.Objects;

/**
 * A trained ensemble on its way to the executors, to be broadcast. The bytes are not copied.
 *
 * @param bytes as {@link EnsembleFolder#toBytes} gives them
 * @param kernels what it predicts with
 */
public record SharedEnsemble(byte[] bytes, KernelChoice kernels) implements Serializable {
    /** Checks that nothing is missing. */
    public SharedEnsemble {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(kernels, "kernels");
    }

    /**
     * The networks of this executor: built by the first task that asks, and shared with the others.
     *
     * @return networks, for any number of threads
     * @throws Exception if they cannot be built
     */
    public EnsembleNetworks networks() throws Exception {
        return ExecutorCache.of(this)
                .get(
                        "networks",
                        EnsembleNetworks.class,
                        () -> new EnsembleNetworks(kernels.open(), EnsembleFolder.ofBytes(bytes)));
    }
}

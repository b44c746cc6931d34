package io.github.mopospark.configuration;

import io.github.mopospark.ensemble.EnsembleConfig;
import java.util.Objects;

/**
 * The block {@code ensemble}.
 *
 * @param config how the ensemble is made and trained
 * @param blockEpochs epochs that a task trains a member for before it hands it back; the result does not depend on it
 */
public record EnsembleSettings(EnsembleConfig config, int blockEpochs) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if a block has no epoch
     */
    public EnsembleSettings {
        Objects.requireNonNull(config, "config");
        Require.atLeast(1, "ensemble.block-epochs", blockEpochs);
    }
}

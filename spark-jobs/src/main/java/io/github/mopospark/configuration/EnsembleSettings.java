package io.github.mopospark.configuration;

import io.github.mopospark.ensemble.EnsembleConfig;
import java.util.Objects;

/**
 * The block {@code ensemble}.
 *
 * @param config how the ensemble is made and trained
 * @param blockEpochs epochs after which all members are saved and the rule of early stopping is applied; the result does
 *     not depend on it
 * @param trainer what trains members
 * @param averaging how, if that is DL4J on Spark
 * @param trained the folder of a trained ensemble, which is taken as it is; empty to train one
 */
public record EnsembleSettings(
        EnsembleConfig config, int blockEpochs, Trainer trainer, AveragingSettings averaging, String trained) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if a block has no epoch
     */
    public EnsembleSettings {
        Objects.requireNonNull(config, "config");
        Require.atLeast(1, "ensemble.block-epochs", blockEpochs);
        Objects.requireNonNull(trainer, "trainer");
        Objects.requireNonNull(averaging, "averaging");
        Objects.requireNonNull(trained, "trained");
    }

    /**
     * An ensemble that this project's own kernels train.
     *
     * @param config how
     * @param blockEpochs epochs after which members are saved
     * @return settings of {@link Trainer#CORE}
     */
    public static EnsembleSettings core(EnsembleConfig config, int blockEpochs) {
        return new EnsembleSettings(config, blockEpochs, Trainer.CORE, AveragingSettings.defaults(), "");
    }
}

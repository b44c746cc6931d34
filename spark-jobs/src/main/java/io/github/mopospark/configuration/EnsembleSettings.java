package io.github.mopospark.configuration;

import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Lipschitz;
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
     * @throws IllegalArgumentException if a block has no epoch, or the trainer cannot keep spectral norms small
     */
    public EnsembleSettings {
        Objects.requireNonNull(config, "config");
        Require.atLeast(1, "ensemble.block-epochs", blockEpochs);
        Objects.requireNonNull(trainer, "trainer");
        Objects.requireNonNull(averaging, "averaging");
        Objects.requireNonNull(trained, "trained");
        if (trainer == Trainer.DL4J_SPARK && config.lipschitz().mode() != Lipschitz.Mode.OFF) {
            throw new IllegalArgumentException(
                    "ensemble.lipschitz.mode must be off for ensemble.trainer = dl4j-spark, since DL4J has no means to keep spectral norms small");
        }
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

package io.github.mopospark.configuration;

import java.util.Objects;

/**
 * The block {@code checkpoint}.
 *
 * @param every epochs from one checkpoint to the next; 0 for the last epoch alone
 * @param rounds how rounds of rollouts are kept
 */
public record CheckpointSettings(int every, CheckpointRounds rounds) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public CheckpointSettings {
        Require.atLeast(0, "checkpoint.every", every);
        Objects.requireNonNull(rounds, "rounds");
    }

    /**
     * Whether a checkpoint is written after an epoch; after the last it always is.
     *
     * @param epoch its number, from 1
     * @param epochs the epochs of the run
     * @return true if it is
     */
    public boolean isDueAfter(int epoch, int epochs) {
        return epoch == epochs || (every > 0 && epoch % every == 0);
    }
}

package io.github.mopospark.configuration;

/**
 * How members are trained by {@link Trainer#DL4J_SPARK}.
 *
 * @param workers how many tasks train a member at the same time; the result depends on it
 * @param frequency batches of a task between two averagings of what tasks have learned
 */
public record AveragingSettings(int workers, int frequency) {
    /** Checks the fields. */
    public AveragingSettings {
        Require.atLeast(1, "ensemble.averaging.workers", workers);
        Require.atLeast(1, "ensemble.averaging.frequency", frequency);
    }

    /**
     * What is taken where nothing is set.
     *
     * @return 2 workers, averaged every 100 batches
     */
    public static AveragingSettings defaults() {
        return new AveragingSettings(2, 100);
    }
}

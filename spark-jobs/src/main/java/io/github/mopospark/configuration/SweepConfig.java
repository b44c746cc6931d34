package io.github.mopospark.configuration;

import java.util.List;

/**
 * A sweep over settings.
 *
 * @param trials in the order of the file: the last axis changes fastest
 * @param trialsAtOnce how many learn at the same time; 0 for as many as the driver has cores for
 */
public record SweepConfig(List<Trial> trials, int trialsAtOnce) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if there are no trials
     */
    public SweepConfig {
        trials = List.copyOf(trials);
        if (trials.isEmpty()) {
            throw new ConfigurationException("a sweep must have a trial, but there are none");
        }
        Require.atLeast(0, "trials-at-once", trialsAtOnce);
    }
}

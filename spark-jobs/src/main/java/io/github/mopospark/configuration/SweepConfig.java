package io.github.mopospark.configuration;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A sweep over settings.
 *
 * @param trials in the order of the file: the last axis changes fastest
 * @param trialsAtOnce how many learn at the same time; 0 for as many as the driver has cores and memory for
 * @param halving whether trials are stopped early; empty if all do all their epochs
 * @param ensembles folders with the folders of other runs, whose ensembles are taken where they fit
 */
public record SweepConfig(List<Trial> trials, int trialsAtOnce, Optional<Halving> halving, List<String> ensembles) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if there are no trials
     */
    public SweepConfig {
        trials = List.copyOf(trials);
        Objects.requireNonNull(halving, "halving");
        ensembles = List.copyOf(ensembles);
        if (trials.isEmpty()) {
            throw new ConfigurationException("a sweep must have a trial, but there are none");
        }
        Require.atLeast(0, "trials-at-once", trialsAtOnce);
    }
}

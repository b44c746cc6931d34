package io.github.mopospark.configuration;

import java.util.Objects;

/**
 * A run of a sweep.
 *
 * @param name tells it from the sweep's others by what they differ in, such as {@code length=5_penalty-coefficient=1_seed=0}; a
 *     file name
 * @param config what is to be done
 */
public record Trial(String name, RunConfig config) {
    /** Checks that nothing is missing. */
    public Trial {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(config, "config");
    }
}

package io.github.mopospark.configuration;

/** Whether a run insists on the same bits wherever it runs: the key {@code determinism}. */
public enum Determinism {
    /** JVMs whose kernels could give other bits are refused. */
    STRICT,
    /** They are taken, and the result depends on which of them did what. */
    RELAXED
}

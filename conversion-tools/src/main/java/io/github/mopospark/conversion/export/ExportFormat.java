package io.github.mopospark.conversion.export;

/** The HDF5 layouts that a dataset is written back to. */
public enum ExportFormat {
    /** D4RL's: one dataset a column; without {@code next_observations} where rows lack one and the rest can be inferred. */
    D4RL,
    /** Minari's: a group for each episode, with one observation more than actions. */
    MINARI
}

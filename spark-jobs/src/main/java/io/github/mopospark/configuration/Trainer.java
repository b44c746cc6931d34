package io.github.mopospark.configuration;

/** What trains the members of an ensemble. */
public enum Trainer {
    /** This project's own kernels: each member in a task that has all rows. */
    CORE,
    /** DL4J on Spark: each member by several tasks, which have some rows each and average what they have learned. */
    DL4J_SPARK
}

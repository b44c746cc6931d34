package io.github.mopospark.ensemble;

/** When training stops before its last epoch. */
public enum EarlyStopping {
    /** Never. */
    NONE,
    /** Each member alone, after more than 5 epochs without a gain of its own. */
    MEMBER,
    /** All together, after more than 5 epochs in which no member gained: the authors' rule. */
    ENSEMBLE
}

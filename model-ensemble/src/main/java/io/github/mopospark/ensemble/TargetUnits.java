package io.github.mopospark.ensemble;

/** In which units a member learns its targets. What it predicts is in raw units either way. */
public enum TargetUnits {
    /** As they are. */
    RAW,
    /** Standardised by the training rows' mean and standard deviation. */
    STANDARDISED
}

package io.github.mopospark.configuration;

/** Which actions a rollout takes: the key {@code rollout.actions}. */
public enum RolloutActions {
    /** Samples of the policy that is learning. */
    POLICY,
    /** Uniform in [-1, 1]: the paper's out-of-distribution tasks. */
    UNIFORM
}

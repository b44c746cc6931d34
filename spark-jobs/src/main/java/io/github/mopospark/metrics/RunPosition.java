package io.github.mopospark.metrics;

/**
 * How far a run is by its checkpoints: what was measured later is dropped when it goes on from there.
 *
 * @param ensembleEpoch epochs of the members
 * @param policyEpoch epochs of the policy
 */
public record RunPosition(int ensembleEpoch, int policyEpoch) {
    /** Of a run that begins. */
    public static final RunPosition START = new RunPosition(0, 0);

    /** Checks the epochs. */
    public RunPosition {
        if (ensembleEpoch < 0 || policyEpoch < 0) {
            throw new IllegalArgumentException(
                    "a run's epochs must be at least 0, but were %d and %d".formatted(ensembleEpoch, policyEpoch));
        }
    }
}

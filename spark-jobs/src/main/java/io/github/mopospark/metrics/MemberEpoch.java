package io.github.mopospark.metrics;

/**
 * What was measured in an epoch of a member of the ensemble: a row of {@code ensemble.csv}.
 *
 * @param member from 0
 * @param epoch from 1
 * @param loss the mean loss of the epoch's updates; NaN if it is not known
 * @param holdoutError the mean squared error on the holdout, in raw units
 */
public record MemberEpoch(int member, int epoch, double loss, double holdoutError) {
    /** Checks the numbers. */
    public MemberEpoch {
        if (member < 0 || epoch < 1) {
            throw new IllegalArgumentException(
                    "a member must be at least 0 and its epoch at least 1, but they were %d and %d"
                            .formatted(member, epoch));
        }
    }
}

package io.github.mopospark.ensemble.training;

import io.github.mopospark.ensemble.MemberWeights;

/**
 * A member between two epochs: all that its further training depends on.
 *
 * @param member which member, from 0
 * @param curve the holdout error after each epoch so far, in raw units
 * @param progress parameters and moments
 * @param bestEpoch the epoch of the lowest holdout error, the first of equal ones; 0 before the first
 * @param best the weights after that epoch, in raw units
 * @param stopped whether the member has stopped by itself
 */
public record MemberState(
        int member, float[] curve, MemberProgress progress, int bestEpoch, MemberWeights best, boolean stopped) {
    /**
     * How far it is.
     *
     * @return epochs so far
     */
    public int epoch() {
        return curve.length;
    }

    /**
     * The error of the weights that are kept.
     *
     * @return the lowest holdout error; infinite before the first epoch
     */
    public double bestError() {
        return bestEpoch == 0 ? Double.POSITIVE_INFINITY : curve[bestEpoch - 1];
    }
}

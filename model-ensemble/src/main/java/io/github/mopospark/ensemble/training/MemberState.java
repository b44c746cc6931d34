package io.github.mopospark.ensemble.training;

import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.random.RandomStream;

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
     * A member before its first epoch. Its weights are its own: they depend on the seed and its number.
     *
     * @param kernels what computes
     * @param config how it will be trained
     * @param inputs what inputs are standardised by
     * @param targets what targets are standardised by; the identity for raw units
     * @param seed the run's
     * @param member which member, from 0
     * @return its start
     */
    public static MemberState start(
            Kernels kernels, EnsembleConfig config, Scaler inputs, Scaler targets, long seed, int member) {
        MemberUpdate update = new MemberUpdate(kernels, config, inputs.size(), new OutputLayout(targets.size() - 1));
        update.start(RandomStream.of(seed, "weights", member));
        MemberWeights weights = new MemberWeights(update.network().parameters().toArray(), update.bounds())
                .inRawUnits(update.network().shape(), targets);
        return new MemberState(member, new float[0], update.progress(), 0, weights, false);
    }

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

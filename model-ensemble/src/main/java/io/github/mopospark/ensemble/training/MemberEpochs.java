package io.github.mopospark.ensemble.training;

import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import java.util.Arrays;
import java.util.List;

/** The epochs of one member, whoever learns: keeps the best weights, and stops where the member stops by itself. */
public final class MemberEpochs {
    /** What learns. */
    public interface Learner {
        /**
         * Goes once through the training rows.
         *
         * @param epoch which epoch, from 1
         * @return the mean loss
         * @throws DivergenceException if the loss becomes NaN or infinite
         */
        double trainEpoch(int epoch);

        /**
         * The error by which members are compared.
         *
         * @return the mean squared error on the held-out rows, in raw units
         */
        float holdoutError();

        /**
         * What is predicted with.
         *
         * @return copies, in raw units
         */
        MemberWeights weights();

        /**
         * What the next update depends on.
         *
         * @return copies
         */
        MemberProgress progress();

        /**
         * Where an error that is not finite is found.
         *
         * @return the last step of the epoch
         */
        int steps();
    }

    private MemberEpochs() {}

    /**
     * Trains a member up to an epoch, or until it stops by itself.
     *
     * @param config how
     * @param from where it is, and the learner too
     * @param toEpoch how many epochs it shall have
     * @param learner what learns
     * @param listener is told of every epoch
     * @return where it is then
     * @throws DivergenceException if a loss or an error becomes NaN or infinite
     */
    public static MemberState train(
            EnsembleConfig config, MemberState from, int toEpoch, Learner learner, TrainingListener listener) {
        int member = from.member();
        float[] curve = from.curve();
        int bestEpoch = from.bestEpoch();
        MemberWeights best = from.best();
        double bestError = from.bestError();
        boolean stopped = from.stopped();
        for (int epoch = from.epoch() + 1; epoch <= toEpoch && !stopped; epoch++) {
            double loss = learner.trainEpoch(epoch);
            float error = learner.holdoutError();
            if (!Float.isFinite(error)) {
                throw new DivergenceException(member, epoch, learner.steps(), error);
            }
            curve = Arrays.copyOf(curve, epoch);
            curve[epoch - 1] = error;
            if (error < bestError) {
                bestError = error;
                bestEpoch = epoch;
                best = learner.weights();
            }
            listener.epochDone(member, epoch, loss, error);
            stopped = config.earlyStopping() == EarlyStopping.MEMBER
                    && StoppingRule.stop(List.of(curve)).isPresent();
        }
        return new MemberState(member, curve, learner.progress(), bestEpoch, best, stopped);
    }
}

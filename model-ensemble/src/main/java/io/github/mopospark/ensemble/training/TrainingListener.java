package io.github.mopospark.ensemble.training;

/** Is told how training goes; has no influence on it. Calls come one at a time, from any thread. */
@FunctionalInterface
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener NONE = (member, epoch, trainingLoss, holdoutError) -> {};

    /**
     * A member has finished an epoch. Where all members stop together inside a block, epochs after the stop are told too, and
     * those of the block up to it twice: the members are trained again up to the stop.
     *
     * @param member from 0
     * @param epoch from 1
     * @param trainingLoss the mean loss of the epoch's updates, without weight decay
     * @param holdoutError the mean squared error of the mean on the holdout, in raw units
     */
    void epochDone(int member, int epoch, double trainingLoss, double holdoutError);
}

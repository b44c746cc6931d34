package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.TrainingListener;
import java.util.List;
import java.util.function.Consumer;

/** What trains the members of an ensemble on Spark. */
interface MemberTrainer {
    /** All members before their first epoch, in order. */
    List<MemberState> start();

    /**
     * Trains until the last epoch, or until members stop by themselves.
     *
     * @param start where they are
     * @param listener is told of every epoch, one call at a time
     * @param afterBlock is given all members after each block, to save them
     * @return the members at the end, in order
     * @throws RunException if a member cannot be trained, such as after a loss that is not finite
     */
    List<MemberState> train(List<MemberState> start, TrainingListener listener, Consumer<List<MemberState>> afterBlock);

    /** What inputs are standardised by. */
    Scaler inputs();
}

package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.TrainingListener;
import java.io.Serializable;
import java.util.ArrayList;
import org.apache.spark.broadcast.Broadcast;

/**
 * Trains a member for some epochs, in an executor that has its own rows.
 *
 * @param plan where rows are and what computes
 * @param preparation what members share
 * @param start where the member is
 * @param toEpoch how many epochs it shall have
 */
record EpochsTask(
        Broadcast<? extends TrainingPlan> plan,
        Broadcast<SharedPreparation> preparation,
        MemberBytes start,
        int toEpoch)
        implements Serializable {
    /** What {@link TrainingListener} is told. */
    private record Told(int member, int epoch, double trainingLoss, double holdoutError) implements Serializable {}

    /**
     * What became of the member.
     *
     * @param member where it is
     * @param told of its epochs
     * @param seconds that the training took, more than 0
     */
    record Result(MemberBytes member, ArrayList<Told> told, double seconds) implements Serializable {
        void tell(TrainingListener listener) {
            for (Told epoch : told) {
                listener.epochDone(epoch.member(), epoch.epoch(), epoch.trainingLoss(), epoch.holdoutError());
            }
        }
    }

    Outcome<Result> run() throws Exception {
        return Outcome.of(() -> {
            EnsembleTraining training = plan.value().training(preparation);
            ArrayList<Told> told = new ArrayList<>();
            long from = System.nanoTime();
            MemberState member = training.train(
                    start.state(),
                    toEpoch,
                    (number, epoch, loss, error) -> told.add(new Told(number, epoch, loss, error)));
            double seconds = Math.max(1, System.nanoTime() - from) / 1e9;
            return new Result(MemberBytes.of(member), told, seconds);
        });
    }
}

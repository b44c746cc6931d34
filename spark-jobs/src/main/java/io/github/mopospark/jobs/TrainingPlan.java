package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.training.EnsembleTraining;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/** What tasks that train members are told, once an executor. */
interface TrainingPlan extends Serializable {
    /** Tells this run from others in the same executors. */
    String run();

    /**
     * Training on rows that this executor has, which it keeps for the run's other tasks.
     *
     * @param preparation what members share
     */
    EnsembleTraining training(Broadcast<SharedPreparation> preparation) throws Exception;
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.EnsembleSettings;
import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.tasks.Task;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains an ensemble on rows that the driver holds, the members as tasks. The rows are sent to each executor once. There is no
 * run's folder: nothing is saved on the way, and a driver that is lost begins again.
 *
 * @param context Spark's
 * @param task what the ensemble is a model of
 * @param config how it is trained
 * @param kernels what it is computed with, by the driver and all executors
 * @param seed what every random number comes from
 */
public record RowsTraining(
        JavaSparkContext context, Task task, EnsembleConfig config, KernelChoice kernels, long seed) {
    /** After so many epochs the rule of early stopping is applied; the result does not depend on it. */
    private static final int BLOCK_EPOCHS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(RowsTraining.class);

    /** Checks that nothing is missing. */
    public RowsTraining {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(kernels, "kernels");
    }

    /**
     * Trains until the last epoch, or until the members stop by themselves.
     *
     * @param rows the dataset, with the task's sizes
     * @param checksum tells it from others
     * @return the ensemble that {@link EnsembleTraining} makes of these rows, to the bit
     * @throws DatasetException if rows are too few, or a number is not finite
     * @throws RunException if a member cannot be trained, such as after a loss that is not finite
     */
    public Ensemble train(Transitions rows, String checksum) {
        Kernels own = kernels.open();
        Preparation preparation = Preparation.of(rows, config, seed);
        // A name of its own: models that are compared may be trained at the same time.
        String run = "%s %s".formatted(task.name(), UUID.randomUUID());
        Broadcast<Transitions> sent = context.broadcast(rows);
        Broadcast<RowsPlan> plan =
                context.broadcast(new RowsPlan(run, config, kernels, RunPlan.fingerprint(own), sent));
        try {
            EnsembleJob job =
                    new EnsembleJob(context, EnsembleSettings.core(config, BLOCK_EPOCHS), own, plan, preparation);
            List<MemberState> members = job.train(
                    job.start(),
                    (member, epoch, loss, error) ->
                            LOG.info("{}: member {}, epoch {}: holdout error {}", run, member, epoch, error),
                    trained -> {});
            return EnsembleTraining.ensemble(members, config, preparation.inputs(), task, checksum);
        } finally {
            plan.destroy();
            sent.destroy();
        }
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.kernels.Kernels;
import org.apache.spark.broadcast.Broadcast;

/**
 * What tasks are told that train members on rows of the driver.
 *
 * @param run tells this training from others in the same executors
 * @param config how members are trained
 * @param kernels what they compute with
 * @param fingerprint of the driver's kernels
 * @param rows the dataset; apart, since an executor that has standardised them needs them no more
 */
record RowsPlan(
        String run, EnsembleConfig config, KernelChoice kernels, String fingerprint, Broadcast<Transitions> rows)
        implements TrainingPlan {
    @Override
    public EnsembleTraining training(Broadcast<SharedPreparation> preparation) throws Exception {
        return ExecutorCache.of(this)
                .get(
                        "training",
                        EnsembleTraining.class,
                        () -> new EnsembleTraining(
                                open(), config, preparation.value().preparation(), rows.value()));
    }

    private Kernels open() {
        Kernels own = kernels.open();
        RunPlan.requireSame(own, fingerprint, "set kernels so that all have the same");
        return own;
    }
}

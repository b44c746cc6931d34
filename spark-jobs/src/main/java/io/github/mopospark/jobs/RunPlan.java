package io.github.mopospark.jobs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.policy.GaussianPolicy;
import io.github.mopospark.policy.SavedPolicy;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What every task of a run is told, once an executor. It is text and names; an executor reads and builds the rest itself, and
 * keeps it.
 *
 * @param run tells this run from others in the same executors
 * @param configuration the run's, as it renders itself
 * @param dataset the folder of the dataset
 * @param hadoop where file systems are
 * @param fingerprint of the kernels that all have to compute with; empty if any will do
 */
record RunPlan(String run, String configuration, String dataset, SerializableConfiguration hadoop, String fingerprint)
        implements TrainingPlan {

    RunConfig config() throws Exception {
        return cached(
                "configuration",
                RunConfig.class,
                () -> ConfigReader.ofRendered(configuration, "the configuration of the run"));
    }

    Kernels kernels() throws Exception {
        return cached("kernels", Kernels.class, this::open);
    }

    private Kernels open() throws Exception {
        Kernels kernels = config().kernels().open();
        if (!fingerprint.isEmpty()) {
            requireSame(kernels, fingerprint, "set kernels so that all have the same, or determinism = relaxed");
        }
        return kernels;
    }

    /** Kernels of an executor must give the bits of the driver's. */
    static void requireSame(Kernels kernels, String fingerprint, String advice) {
        if (!fingerprint.equals(fingerprint(kernels))) {
            throw new IllegalStateException("this executor computes with other kernels, %s, than the driver, %s; %s"
                    .formatted(fingerprint(kernels), fingerprint, advice));
        }
    }

    @Override
    public EnsembleTraining training(Broadcast<SharedPreparation> preparation) throws Exception {
        return cached(
                "training",
                EnsembleTraining.class,
                () -> new EnsembleTraining(
                        kernels(),
                        config().ensemble().config(),
                        preparation.value().preparation(),
                        folder().read()));
    }

    /** Something of this run's. */
    <T> T cached(String key, Class<T> type, Callable<T> make) throws Exception {
        return ExecutorCache.of(this).get(key, type, make);
    }

    /** JVMs of one fingerprint give the same bits: the CPU's kernels do on all widths of vectors, ND4J's by backend and BLAS. */
    static String fingerprint(Kernels kernels) {
        String name = kernels.name().equals("cpu") ? "cpu" : kernels.description();
        return "%s, Java %d".formatted(name, Runtime.version().feature());
    }

    /** The networks of a policy that was broadcast. */
    GaussianPolicy policy(Broadcast<byte[]> policy) throws Exception {
        return cached("policy " + policy.id(), GaussianPolicy.class, () -> SavedPolicy.ofBytes(policy.value())
                .policy(kernels()));
    }

    Storage storage() {
        return new Storage(hadoop.value());
    }

    DatasetFolder folder() throws IOException {
        return new DatasetFolder(storage(), new Path(dataset));
    }
}

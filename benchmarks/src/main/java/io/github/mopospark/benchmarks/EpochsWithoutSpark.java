package io.github.mopospark.benchmarks;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.BufferBatches;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.SacLearner;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.runs.RunFolder;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The epochs of a run once more, by the learning core alone in this JVM: what they cost without Spark, and whether they end with
 * the same policy. Prints {@code epoch,rollout_seconds,update_seconds} for each.
 */
final class EpochsWithoutSpark {
    private static final int CHUNK = 500;

    private EpochsWithoutSpark() {}

    /**
     * Runs.
     *
     * @param arguments the folder of a run that is complete, and a number of threads
     * @throws IOException if it cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        RunFolder run = new RunFolder(new Storage(new Configuration()), new Path(arguments[0]));
        int threads = Integer.parseInt(arguments[1]);
        RunConfig config = run.configuration().orElseThrow();
        Transitions rows = run.dataset().read();
        Kernels kernels = config.kernels().open();
        try (WorkerTeam team = new WorkerTeam(threads)) {
            ModelRounds model = new ModelRounds(
                    rows,
                    new EnsembleNetworks(kernels, run.ensemble().read()),
                    config.rollout().config(),
                    config.rollout().starts(),
                    config.seed(),
                    team);
            BatchSampler sampler = BatchSampler.ofMix(
                    DatasetBuffer.of(rows),
                    model.buffer(),
                    config.learner().sac().batchSize(),
                    config.learner().realShare());
            try (SacLearner learner = new SacLearner(
                    kernels,
                    config.learner().sac(),
                    rows.observationSize(),
                    rows.actionSize(),
                    new BufferBatches(sampler, config.seed()),
                    config.seed(),
                    threads)) {
                for (int epoch = 1; epoch <= config.learner().epochs(); epoch++) {
                    long from = System.nanoTime();
                    model.run(epoch, () -> new PolicyActions(learner.policy(), CHUNK));
                    long middle = System.nanoTime();
                    for (int update = 0; update < config.learner().updatesPerEpoch(); update++) {
                        learner.update();
                    }
                    long end = System.nanoTime();
                    System.out.printf(
                            Locale.ROOT, "%d,%.4f,%.4f%n", epoch, (middle - from) / 1e9, (end - middle) / 1e9);
                }
                float[] actor = learner.policy().network().parameters().toArray();
                System.out.println(
                        Arrays.equals(actor, run.policy().read().actor()) ? "same policy" : "ANOTHER POLICY");
            }
        }
    }
}

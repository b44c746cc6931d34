package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
import io.github.mopospark.jobs.PackedTransitions;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.buffers.ModelBuffer;
import io.github.mopospark.policy.buffers.Round;
import io.github.mopospark.policy.buffers.RoundShape;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.util.function.Supplier;

/** Rounds of rollouts inside a model, from starts drawn from a dataset into a model buffer, in one JVM. */
final class ModelRounds {
    private final float[] observations;
    private final int observationSize;
    private final int rows;
    private final long seed;
    private final ModelRollouts rollouts;
    private final ModelBuffer buffer;
    private final float[] starts;

    ModelRounds(
            Transitions dataset,
            EnsembleNetworks networks,
            RolloutConfig config,
            int starts,
            long seed,
            WorkerTeam team) {
        observations = dataset.observations();
        observationSize = dataset.observationSize();
        rows = dataset.rows();
        this.seed = seed;
        rollouts = new ModelRollouts(networks, config, seed, team);
        int shards = (starts + ModelRollouts.CHUNK_ROWS - 1) / ModelRollouts.CHUNK_ROWS;
        buffer = new ModelBuffer(
                new TransitionLayout(observationSize, dataset.actionSize()),
                new RoundShape(starts, config.length(), shards),
                ModelBuffer.DEFAULT_ROUNDS,
                false);
        this.starts = new float[starts * observationSize];
    }

    ModelBuffer buffer() {
        return buffer;
    }

    RolloutStatistics run(long number, Supplier<ActionSource> policies) {
        RandomStream random = RandomStream.of(seed, "starts", number);
        for (int start = 0; start < starts.length; start += observationSize) {
            System.arraycopy(observations, random.nextInt(rows) * observationSize, starts, start, observationSize);
        }
        Round round = buffer.openRound(number);
        RolloutStatistics statistics = rollouts.run(starts, 0, number, policies, (chunk, made) -> {
            PackedTransitions rows = new PackedTransitions(buffer.layout());
            rows.add(made);
            round.write(chunk, rows.rows(), rows.count());
        });
        buffer.closeRound();
        return statistics;
    }
}

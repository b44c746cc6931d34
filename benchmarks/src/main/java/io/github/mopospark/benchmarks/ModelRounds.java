package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.ensemble.rollouts.ModelTransitions;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
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
        RolloutStatistics statistics = rollouts.run(
                starts, 0, number, policies, (chunk, made) -> round.write(chunk, packed(made), made.rows()));
        buffer.closeRound();
        return statistics;
    }

    private float[] packed(ModelTransitions made) {
        TransitionLayout layout = buffer.layout();
        int actionSize = layout.reward() - layout.action();
        float[] packed = new float[made.rows() * layout.size()];
        for (int row = 0; row < made.rows(); row++) {
            int start = row * layout.size();
            System.arraycopy(made.observations(), row * observationSize, packed, start, observationSize);
            System.arraycopy(made.actions(), row * actionSize, packed, start + layout.action(), actionSize);
            packed[start + layout.reward()] = made.rewards()[row];
            System.arraycopy(
                    made.nextObservations(),
                    row * observationSize,
                    packed,
                    start + layout.nextObservation(),
                    observationSize);
            packed[start + layout.terminal()] = made.terminals()[row] ? 1f : 0f;
        }
        return packed;
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.policy.GaussianPolicy;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * Rolls out a shard of a round.
 *
 * @param plan the run's
 * @param ensemble the model
 * @param policy what acts
 * @param round the round's number
 * @param shard the shard's number
 * @param firstChunk the number of its first chunk within the round
 * @param starts its first observations {@code [count, observationSize]}
 * @param isUniform whether actions are drawn uniformly and not from the policy
 */
record ShardTask(
        Broadcast<RunPlan> plan,
        Broadcast<byte[]> ensemble,
        Broadcast<byte[]> policy,
        long round,
        int shard,
        int firstChunk,
        float[] starts,
        boolean isUniform)
        implements Serializable {
    /**
     * What became of a shard.
     *
     * @param shard its number
     * @param count its transitions
     * @param rows the transitions, packed as the learner's buffer has them
     * @param statistics what the rollouts were like
     */
    record Result(int shard, int count, float[] rows, SharedStatistics statistics) implements Serializable {}

    Result run() throws Exception {
        RolloutWorkers workers = plan.value().cached("rollouts " + ensemble.id(), RolloutWorkers.class, this::workers);
        GaussianPolicy acting = plan.value().policy(policy);
        ModelRollouts rollouts = workers.take();
        PackedTransitions made =
                new PackedTransitions(new TransitionLayout(acting.observationSize(), acting.actionSize()));
        RolloutStatistics statistics =
                rollouts.run(starts, firstChunk, round, () -> actions(acting), (chunk, rows) -> made.add(rows));
        workers.giveBack(rollouts);
        return new Result(shard, made.count(), made.rows(), SharedStatistics.of(statistics));
    }

    private RolloutWorkers workers() throws Exception {
        RunConfig config = plan.value().config();
        Ensemble model = EnsembleFolder.ofBytes(ensemble.value());
        return new RolloutWorkers(
                new EnsembleNetworks(plan.value().kernels(), model),
                config.rollout().config(),
                config.seed());
    }

    private ActionSource actions(GaussianPolicy acting) {
        return isUniform
                ? ActionSource.uniform(acting.actionSize())
                : new PolicyActions(acting, ModelRollouts.CHUNK_ROWS);
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RolloutActions;
import io.github.mopospark.configuration.RolloutSettings;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.policy.buffers.Round;
import io.github.mopospark.policy.buffers.RoundShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.BoxedUnit;

/**
 * Makes rounds of rollouts, a shard a task. The transitions of a shard go into the learner's buffer when its task ends, while
 * others still run.
 */
final class RolloutJob implements AutoCloseable {
    private static final long LOOK_MILLISECONDS = 50;

    private final JavaSparkContext context;
    private final Broadcast<RunPlan> plan;
    private final Broadcast<byte[]> ensemble;
    private final RoundShape shape;
    private final boolean isUniform;
    private final int observationSize;
    /** Of the round that is being made. */
    private volatile int shardsDone;

    /**
     * A round that was made.
     *
     * @param statistics what its rollouts were like
     * @param seconds from the broadcast of the policy to the last shard in the buffer
     */
    record Made(RolloutStatistics statistics, double seconds) {}

    /**
     * Sends the model to the executors.
     *
     * @param context Spark's
     * @param settings how rollouts are made
     * @param plan the run's
     * @param ensemble the model
     */
    RolloutJob(JavaSparkContext context, RolloutSettings settings, Broadcast<RunPlan> plan, Ensemble ensemble) {
        this.context = Objects.requireNonNull(context, "context");
        this.plan = Objects.requireNonNull(plan, "plan");
        this.ensemble = context.broadcast(EnsembleFolder.toBytes(ensemble));
        shape = settings.roundShape();
        isUniform = settings.actions() == RolloutActions.UNIFORM;
        observationSize = ensemble.task().observationSize();
    }

    /**
     * Makes a round.
     *
     * @param starts the first observations {@code [starts, observationSize]}
     * @param policy what acts, unless actions are drawn uniformly
     * @param round takes the transitions; complete at the end unless this throws
     * @return what it was like
     */
    Made run(float[] starts, SavedPolicy policy, Round round) {
        long from = System.nanoTime();
        Broadcast<byte[]> shared = context.broadcast(policy.toBytes());
        try {
            context.setJobGroup(
                    group(),
                    "rollouts: round %d, %,d starts of %d steps in %d shards"
                            .formatted(round.number(), shape.starts(), shape.horizon(), shape.shards()));
            List<ShardTask> tasks = new ArrayList<>();
            for (int shard = 0; shard < shape.shards(); shard++) {
                tasks.add(task(starts, shared, round.number(), shard));
            }
            RolloutStatistics[] shards = new RolloutStatistics[tasks.size()];
            collect(tasks, round, shards);
            RolloutStatistics statistics = RolloutStatistics.NONE;
            // In the order of shards, so that sums have the same bits.
            for (RolloutStatistics shard : shards) {
                statistics = statistics.plus(shard);
            }
            return new Made(statistics, (System.nanoTime() - from) / 1e9);
        } finally {
            shared.destroy();
        }
    }

    private ShardTask task(float[] starts, Broadcast<byte[]> policy, long round, int shard) {
        // Each shard has as many numbers for its chunks, so that those do not depend on how many starts another has.
        int most = (shape.starts() + shape.shards() - 1) / shape.shards();
        int chunks = (most + ModelRollouts.CHUNK_ROWS - 1) / ModelRollouts.CHUNK_ROWS;
        return new ShardTask(
                plan,
                ensemble,
                policy,
                round,
                shard,
                shard * chunks,
                Arrays.copyOfRange(
                        starts,
                        shape.firstStart(shard) * observationSize,
                        shape.firstStart(shard + 1) * observationSize),
                isUniform);
    }

    /** Spark's thread only puts results into a queue; this one writes them into the buffer. */
    private void collect(List<ShardTask> tasks, Round round, RolloutStatistics[] shards) {
        BlockingQueue<ShardTask.Result> arrived = new LinkedBlockingQueue<>();
        Function1<Iterator<ShardTask>, ShardTask.Result> roll =
                (Function1<Iterator<ShardTask>, ShardTask.Result> & Serializable) shard -> {
                    try {
                        return shard.next().run();
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                };
        Function2<Object, ShardTask.Result, BoxedUnit> handler = (partition, result) -> {
            arrived.add(result);
            return BoxedUnit.UNIT;
        };
        List<Object> partitions = new ArrayList<>();
        for (int shard = 0; shard < tasks.size(); shard++) {
            partitions.add(shard);
        }
        SimpleFutureAction<BoxedUnit> action = context.sc()
                .submitJob(
                        context.parallelize(tasks, tasks.size()).rdd(),
                        roll,
                        JavaConverters.asScalaBuffer(partitions).toSeq(),
                        handler,
                        () -> BoxedUnit.UNIT);
        try {
            shardsDone = 0;
            for (int written = 0; written < shards.length; ) {
                ShardTask.Result result = arrived.poll(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS);
                if (result != null) {
                    round.write(result.shard(), result.rows(), result.count());
                    shards[result.shard()] = result.statistics().statistics();
                    written++;
                    shardsDone = written;
                } else if (action.isCompleted() && arrived.isEmpty()) {
                    // It has failed, and this throws why.
                    action.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("round %d was interrupted".formatted(round.number()), e);
        } catch (SparkException e) {
            throw new IllegalStateException("round %d could not be made".formatted(round.number()), e);
        } finally {
            action.cancel();
        }
    }

    /** How many shards of the round that is being made are there. */
    int shardsDone() {
        return shardsDone;
    }

    /** Ends the round that is being made, which then throws. */
    void cancel() {
        context.sc().cancelJobGroup(group());
    }

    private String group() {
        return "rollouts of run " + plan.value().run();
    }

    @Override
    public void close() {
        ensemble.destroy();
    }
}

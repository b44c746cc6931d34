package io.github.mopospark.jobs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.Words;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.JumpReward;
import io.github.mopospark.tasks.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Scores policies in MuJoCo, an episode a task. */
public final class EvaluationJob {
    private final JavaSparkContext context;
    private final Broadcast<RunPlan> plan;
    private final Task task;
    private final int episodes;
    private final long seed;

    /**
     * Scores a saved policy.
     *
     * @param context Spark's
     * @param policy what acts
     * @param task what is played, of the policy's sizes
     * @param speedCap how the reward of halfcheetah-jump caps the speed
     * @param episodes how many, at least 1
     * @param seed of the initial states
     * @return what came of them
     */
    public static Evaluation evaluate(
            JavaSparkContext context,
            SavedPolicy policy,
            Task task,
            JumpReward.SpeedCap speedCap,
            int episodes,
            long seed) {
        RunConfig config = new ConfigReader(new Storage(context.hadoopConfiguration()))
                .read(Map.of(
                        "task", task.name(), "seed", Long.toString(seed), "conversion.speed-cap", Words.of(speedCap)));
        Broadcast<RunPlan> plan = context.broadcast(new RunPlan(
                UUID.randomUUID().toString(),
                config.render(),
                "",
                new SerializableConfiguration(context.hadoopConfiguration()),
                ""));
        try {
            return new EvaluationJob(context, plan, task, episodes, seed).run(policy, 0);
        } finally {
            plan.destroy();
        }
    }

    /**
     * A job.
     *
     * @param context Spark's
     * @param plan the run's
     * @param task what is played
     * @param episodes of an evaluation
     * @param seed of the initial states
     */
    EvaluationJob(JavaSparkContext context, Broadcast<RunPlan> plan, Task task, int episodes, long seed) {
        this.context = Objects.requireNonNull(context, "context");
        this.plan = Objects.requireNonNull(plan, "plan");
        this.task = Objects.requireNonNull(task, "task");
        this.episodes = episodes;
        this.seed = seed;
    }

    /**
     * Plays the episodes.
     *
     * @param policy what acts
     * @param epoch which evaluation it is: each has initial states of its own
     * @return what came of them
     */
    Evaluation run(SavedPolicy policy, long epoch) {
        Broadcast<byte[]> shared = context.broadcast(policy.toBytes());
        try {
            context.setJobGroup(
                    "evaluation of run " + plan.value().run(),
                    "evaluation: epoch %d, %d episodes".formatted(epoch, episodes));
            List<EpisodeTask> tasks = new ArrayList<>();
            for (int episode = 0; episode < episodes; episode++) {
                long start = RandomStream.of(seed, "evaluation", epoch, episode).nextLong();
                tasks.add(new EpisodeTask(plan, shared, start));
            }
            return new Evaluation(
                    context.parallelize(tasks, tasks.size())
                            .map(EpisodeTask::run)
                            .collect(),
                    task.referenceReturns());
        } finally {
            shared.destroy();
        }
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * Plays an episode of a policy in MuJoCo.
 *
 * @param plan the run's
 * @param policy what acts
 * @param seed of the initial state
 */
record EpisodeTask(Broadcast<RunPlan> plan, Broadcast<byte[]> policy, long seed) implements Serializable {
    EpisodeScore run() throws Exception {
        PolicyActions actions = new PolicyActions(plan.value().policy(policy), 1);
        RunConfig config = plan.value().config();
        Task task = Tasks.named(config.task()).withSpeedCap(config.conversion().speedCap());
        try (Environment environment = Environments.create(task)) {
            return EpisodeScore.play(environment, actions, seed);
        }
    }
}

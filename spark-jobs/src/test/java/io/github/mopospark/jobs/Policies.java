package io.github.mopospark.jobs;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.GaussianPolicy;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.PolicyFolder;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Policies that nobody trained. */
public final class Policies {
    private Policies() {}

    /** A policy whose weights are drawn. */
    public static SavedPolicy random(String taskName) {
        Task task = Tasks.named(taskName);
        GaussianPolicy policy =
                new GaussianPolicy(CpuKernels.fastest(), task.observationSize(), task.actionSize(), List.of(16), -5, 2);
        policy.network().parameters().initialise(Initialiser.FAN_IN_UNIFORM, RandomStream.of(7, "actor"));
        return SavedPolicy.of(task, policy, "abc", 7, 0);
    }

    /** What it does. */
    public static PolicyActions actions(SavedPolicy policy) {
        return new PolicyActions(policy.policy(CpuKernels.fastest()), 1);
    }

    /** Saves it. */
    public static void save(SavedPolicy policy, Path folder) throws IOException {
        new PolicyFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(folder.toUri())).write(policy);
    }
}

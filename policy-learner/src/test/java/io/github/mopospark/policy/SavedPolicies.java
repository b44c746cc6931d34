package io.github.mopospark.policy;

import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.util.List;

/** Policies that nobody trained, whose biases are not zero. */
final class SavedPolicies {
    private SavedPolicies() {}

    static SavedPolicy random(String taskName, List<Integer> hiddenSizes, long seed) {
        Task task = Tasks.named(taskName);
        GaussianPolicy policy =
                new GaussianPolicy(CpuKernels.fastest(), task.observationSize(), task.actionSize(), hiddenSizes, -5, 2);
        policy.network().parameters().initialise(Initialiser.FAN_IN_UNIFORM, RandomStream.of(seed, "actor"));
        return SavedPolicy.of(task, policy, "abc", seed, 30);
    }

    /** The most likely actions for some rows. */
    static float[] actions(SavedPolicy policy, float[] observations, int rows) {
        float[] actions = new float[rows * policy.task().actionSize()];
        new PolicyActions(policy.policy(CpuKernels.fastest()), 64).mostLikely(observations, rows, actions);
        return actions;
    }

    static float[] observations(SavedPolicy policy, int rows) {
        float[] observations = new float[rows * policy.task().observationSize()];
        RandomStream.of(1, "observations").fillGaussian(observations, 0, observations.length);
        for (int i = 0; i < observations.length; i++) {
            observations[i] *= 3;
        }
        return observations;
    }
}

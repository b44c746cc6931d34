package io.github.mopospark.environments;

import io.github.mopospark.tasks.AngleReward;
import io.github.mopospark.tasks.JumpReward;
import io.github.mopospark.tasks.RelabelledReward;
import io.github.mopospark.tasks.Task;

/** Builds the simulator of a task. */
public final class Environments {
    private Environments() {}

    /**
     * A new environment. Its first call must be a reset.
     *
     * @param task a task of the registry, or one with another time limit or relabelled reward
     * @return the environment, to be closed by the caller
     * @throws IllegalArgumentException if there is no simulator of the task
     */
    public static Environment create(Task task) {
        return switch (task.name()) {
            case "hopper", "walker2d" -> new Walker(task, task.name());
            case "halfcheetah" -> new HalfCheetah(task);
            case "halfcheetah-jump" -> new HalfCheetahJump(task, reward(task, JumpReward.class));
            case "ant" -> new Ant(task);
            case "ant-contact" -> new AntContact(task);
            case "ant-angle" -> new AntAngle(task, reward(task, AngleReward.class));
            default -> throw new IllegalArgumentException("no simulator for the task '" + task.name() + "'");
        };
    }

    private static <R extends RelabelledReward> R reward(Task task, Class<R> type) {
        return task.relabelledReward()
                .filter(type::isInstance)
                .map(type::cast)
                .orElseThrow(() ->
                        new IllegalArgumentException(task.name() + " needs a reward of type " + type.getSimpleName()));
    }
}

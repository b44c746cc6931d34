package io.github.mopospark.environments;

import io.github.mopospark.environments.mujoco.MuJoCoSimulation;
import io.github.mopospark.tasks.AngleReward;
import io.github.mopospark.tasks.Task;

/** ant-angle: Ant under {@link AngleReward}. */
final class AntAngle extends Ant {
    private final AngleReward reward;

    AntAngle(Task task, AngleReward reward) {
        super(task);
        this.reward = reward;
    }

    @Override
    double reward(double xVelocity, double yVelocity, double squaredAction, MuJoCoSimulation simulation) {
        return reward.reward(xVelocity, yVelocity, squaredAction);
    }
}

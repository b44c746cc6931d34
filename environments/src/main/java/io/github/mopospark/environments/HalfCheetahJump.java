package io.github.mopospark.environments;

import io.github.mopospark.tasks.JumpReward;
import io.github.mopospark.tasks.Task;

/** halfcheetah-jump: HalfCheetah under {@link JumpReward}. */
final class HalfCheetahJump extends HalfCheetah {
    private static final int HEIGHT_INDEX = 1;

    private final JumpReward reward;

    HalfCheetahJump(Task task, JumpReward reward) {
        super(task);
        this.reward = reward;
    }

    @Override
    double reward(double forwardVelocity, double squaredAction, double[] positions) {
        return reward.reward(forwardVelocity, squaredAction, positions[HEIGHT_INDEX]);
    }
}

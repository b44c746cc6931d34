package io.github.mopospark.environments;

import io.github.mopospark.environments.rendering.Camera;
import io.github.mopospark.tasks.Task;
import java.util.Random;

/**
 * Hopper-v4 and Walker2d-v4: the same formulas on different bodies. Reward: forward velocity + 1 - 0.001 |a|^2.
 * Observed velocities are clipped to [-10, 10].
 */
final class Walker extends PlanarEnvironment {
    private static final int FRAME_SKIP = 4;
    private static final double VELOCITY_BOUND = 10;
    private static final double HEALTHY_REWARD = 1;
    private static final double CONTROL_COST = 1e-3;
    private static final double NOISE = 5e-3;

    Walker(Task task, String modelName) {
        super(task, modelName, FRAME_SKIP, VELOCITY_BOUND, Camera.fromTheSide(2.6));
    }

    @Override
    void addNoise(Random random, double[] positions, double[] velocities) {
        Noise.addUniform(random, NOISE, positions);
        Noise.addUniform(random, NOISE, velocities);
    }

    @Override
    double reward(double forwardVelocity, double squaredAction, double[] positions) {
        return forwardVelocity + HEALTHY_REWARD - CONTROL_COST * squaredAction;
    }
}

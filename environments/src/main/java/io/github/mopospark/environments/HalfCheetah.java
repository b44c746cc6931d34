package io.github.mopospark.environments;

import io.github.mopospark.environments.rendering.Camera;
import io.github.mopospark.tasks.Task;
import java.util.Random;

/** HalfCheetah-v4. Reward: forward velocity - 0.1 |a|^2. It never terminates. */
sealed class HalfCheetah extends PlanarEnvironment permits HalfCheetahJump {
    private static final int FRAME_SKIP = 5;
    private static final double CONTROL_COST = 0.1;
    private static final double NOISE = 0.1;

    HalfCheetah(Task task) {
        super(task, "half_cheetah", FRAME_SKIP, Double.POSITIVE_INFINITY, Camera.fromTheSide(2.6));
    }

    @Override
    final void addNoise(Random random, double[] positions, double[] velocities) {
        Noise.addUniform(random, NOISE, positions);
        Noise.addGaussian(random, NOISE, velocities);
    }

    @Override
    double reward(double forwardVelocity, double squaredAction, double[] positions) {
        return forwardVelocity - CONTROL_COST * squaredAction;
    }
}

package io.github.mopospark.environments;

import io.github.mopospark.environments.mujoco.MuJoCoSimulation;
import io.github.mopospark.environments.rendering.Camera;
import io.github.mopospark.tasks.Task;

/**
 * A body in the x-z plane. Observation: positions without x, then velocities clipped to a bound. Forward velocity: the
 * root's displacement along x over the step's time.
 */
abstract sealed class PlanarEnvironment extends MuJoCoEnvironment permits Walker, HalfCheetah {
    private static final int HIDDEN_POSITIONS = 1;

    private final double velocityBound;
    private final int visiblePositions;
    private double xBefore;

    PlanarEnvironment(Task task, String modelName, int frameSkip, double velocityBound, Camera camera) {
        super(task, modelName, frameSkip, HIDDEN_POSITIONS, false, camera);
        this.velocityBound = velocityBound;
        this.visiblePositions = positionSize() - HIDDEN_POSITIONS;
    }

    /** The reward of the step just taken. */
    abstract double reward(double forwardVelocity, double squaredAction, double[] positions);

    @Override
    final void beforeStep(MuJoCoSimulation simulation, double[] positions) {
        xBefore = positions[0];
    }

    @Override
    final double reward(double squaredAction, MuJoCoSimulation simulation, double[] positions) {
        return reward((positions[0] - xBefore) / stepSeconds(), squaredAction, positions);
    }

    @Override
    final void observe(double[] features, MuJoCoSimulation simulation, double[] observation) {
        System.arraycopy(features, 0, observation, 0, visiblePositions);
        for (int i = visiblePositions; i < features.length; i++) {
            observation[i] = Math.max(-velocityBound, Math.min(velocityBound, features[i]));
        }
    }
}

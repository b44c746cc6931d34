package io.github.mopospark.environments;

import io.github.mopospark.environments.mujoco.MuJoCoSimulation;
import io.github.mopospark.environments.rendering.Camera;
import io.github.mopospark.tasks.Task;
import java.util.Random;

/**
 * Ant-v4. Observation: positions without x and y, then velocities. Reward: x velocity + 1 - 0.5 |a|^2. Velocities are the
 * torso's displacement over the step's time.
 */
sealed class Ant extends MuJoCoEnvironment permits AntContact, AntAngle {
    private static final int FRAME_SKIP = 5;
    /** x and y. */
    static final int HIDDEN_POSITIONS = 2;

    private static final int TORSO = 1;
    private static final double HEALTHY_REWARD = 1;
    private static final double CONTROL_COST = 0.5;
    private static final double NOISE = 0.1;

    private double xBefore;
    private double yBefore;

    Ant(Task task) {
        this(task, false);
    }

    Ant(Task task, boolean withContactForces) {
        super(task, "ant", FRAME_SKIP, HIDDEN_POSITIONS, withContactForces, Camera.fromAbove(3.2));
    }

    @Override
    final void addNoise(Random random, double[] positions, double[] velocities) {
        Noise.addUniform(random, NOISE, positions);
        Noise.addGaussian(random, NOISE, velocities);
    }

    @Override
    final void beforeStep(MuJoCoSimulation simulation, double[] positions) {
        xBefore = simulation.bodyPosition(TORSO, 0);
        yBefore = simulation.bodyPosition(TORSO, 1);
    }

    @Override
    final double reward(double squaredAction, MuJoCoSimulation simulation, double[] positions) {
        double xVelocity = (simulation.bodyPosition(TORSO, 0) - xBefore) / stepSeconds();
        double yVelocity = (simulation.bodyPosition(TORSO, 1) - yBefore) / stepSeconds();
        return reward(xVelocity, yVelocity, squaredAction, simulation);
    }

    /** The reward of the step just taken. */
    double reward(double xVelocity, double yVelocity, double squaredAction, MuJoCoSimulation simulation) {
        return xVelocity + HEALTHY_REWARD - CONTROL_COST * squaredAction;
    }

    @Override
    void observe(double[] features, MuJoCoSimulation simulation, double[] observation) {
        System.arraycopy(features, 0, observation, 0, features.length);
    }
}

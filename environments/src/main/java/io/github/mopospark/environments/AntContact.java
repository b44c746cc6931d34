package io.github.mopospark.environments;

import io.github.mopospark.environments.mujoco.MuJoCoSimulation;
import io.github.mopospark.tasks.Task;

/**
 * Ant-v4 with contact forces, the form of D4RL's data: the observation ends with the external forces on the 14 bodies,
 * clipped to [-1, 1], and the reward pays 0.0005 times the sum of their squares.
 */
final class AntContact extends Ant {
    private static final double FORCE_BOUND = 1;
    private static final double CONTACT_COST = 5e-4;

    /** As last observed. */
    private final double[] forces;

    AntContact(Task task) {
        super(task, true);
        this.forces = new double[task.observationSize() - (positionSize() - HIDDEN_POSITIONS) - velocitySize()];
    }

    @Override
    double reward(double xVelocity, double yVelocity, double squaredAction, MuJoCoSimulation simulation) {
        double squaredForces = 0;
        for (double force : forces) {
            squaredForces += force * force;
        }
        return super.reward(xVelocity, yVelocity, squaredAction, simulation) - CONTACT_COST * squaredForces;
    }

    @Override
    void observe(double[] features, MuJoCoSimulation simulation, double[] observation) {
        super.observe(features, simulation, observation);
        simulation.contactForces(forces);
        for (int i = 0; i < forces.length; i++) {
            forces[i] = Math.max(-FORCE_BOUND, Math.min(FORCE_BOUND, forces[i]));
        }
        System.arraycopy(forces, 0, observation, features.length, forces.length);
    }
}

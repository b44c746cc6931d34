package io.github.mopospark.tasks;

/**
 * The reward of ant-angle: the velocity along a direction 30 degrees off the x axis, vx cos(pi/6) + vy sin(pi/6), less
 * 0.5 |a|^2. There is no healthy reward and no contact cost (MOPO, appendix on the out-of-distribution tasks).
 */
public record AngleReward() implements RelabelledReward {
    private static final double COSINE = Math.sqrt(3) / 2;
    private static final double SINE = 0.5;
    private static final double CONTROL_COST = 0.5;
    /** Where Ant's observation holds the torso's x velocity; y follows it. */
    private static final int X_VELOCITY_INDEX = 13;

    /**
     * The reward of a step.
     *
     * @param xVelocity metres a second along x
     * @param yVelocity metres a second along y
     * @param squaredAction |a|^2
     * @return the reward
     */
    public double reward(double xVelocity, double yVelocity, double squaredAction) {
        return xVelocity * COSINE + yVelocity * SINE - CONTROL_COST * squaredAction;
    }

    /** {@inheritDoc} The velocities are those of the next observation. */
    @Override
    public double relabel(double recordedReward, float[] action, float[] nextObservation) {
        return reward(
                nextObservation[X_VELOCITY_INDEX],
                nextObservation[X_VELOCITY_INDEX + 1],
                RelabelledReward.squaredNorm(action));
    }
}

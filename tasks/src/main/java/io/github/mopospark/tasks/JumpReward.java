package io.github.mopospark.tasks;

import java.util.Objects;

/**
 * The reward of halfcheetah-jump: min(vx, 3) - 0.1 |a|^2 + 15 (z - z_init), with z the root's height after the step and
 * z_init = 0 its height in the model's initial pose. The paper's formula prints max where its section 5.2 speaks of a cap
 * on the speed; {@link SpeedCap} holds both readings.
 *
 * @param speedCap how the forward velocity is capped
 */
public record JumpReward(SpeedCap speedCap) implements RelabelledReward {
    private static final double SPEED = 3;
    private static final double CONTROL_COST = 0.1;
    private static final double HEIGHT_WEIGHT = 15;
    /** Where HalfCheetah's observation holds the root's height. */
    private static final int HEIGHT_INDEX = 0;

    /** How the forward velocity enters the reward. */
    public enum SpeedCap {
        /** min(vx, 3): running faster than 3 m/s earns nothing more (the text of section 5.2). */
        MIN,
        /** max(vx, 3): the formula as printed. */
        MAX
    }

    /** Checks the field. */
    public JumpReward {
        Objects.requireNonNull(speedCap, "speedCap");
    }

    /**
     * The reward of a step.
     *
     * @param forwardVelocity metres a second along x
     * @param squaredAction |a|^2
     * @param height the root's height in metres above its initial one
     * @return the reward
     */
    public double reward(double forwardVelocity, double squaredAction, double height) {
        double speed = speedCap == SpeedCap.MIN ? Math.min(forwardVelocity, SPEED) : Math.max(forwardVelocity, SPEED);
        return speed - CONTROL_COST * squaredAction + HEIGHT_WEIGHT * height;
    }

    /** {@inheritDoc} The forward velocity is what HalfCheetah's own reward says: recordedReward + 0.1 |a|^2. */
    @Override
    public double relabel(double recordedReward, float[] action, float[] nextObservation) {
        double squaredAction = RelabelledReward.squaredNorm(action);
        double forwardVelocity = recordedReward + CONTROL_COST * squaredAction;
        return reward(forwardVelocity, squaredAction, nextObservation[HEIGHT_INDEX]);
    }
}

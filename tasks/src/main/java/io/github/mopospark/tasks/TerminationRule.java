package io.github.mopospark.tasks;

/**
 * Which observations end an episode, as Gymnasium's v4 environments and D4RL's data have it. Used on the simulator's
 * state and on states that a model predicts. A NaN where the rule looks ends the episode.
 */
public enum TerminationRule {
    /** The time limit alone ends an episode (HalfCheetah). */
    NEVER("never") {
        @Override
        boolean isUpright(double height, double angle) {
            return true;
        }
    },

    /** Hopper. */
    HOPPER("height <= 0.7, |angle| >= 0.2, or |s[i]| >= 100 for an i >= 1") {
        @Override
        boolean isUpright(double height, double angle) {
            return height > 0.7 && Math.abs(angle) < 0.2;
        }

        @Override
        boolean isWithinBounds(int index, double value) {
            return index == 0 || Math.abs(value) < 100;
        }
    },

    /** Walker2d. */
    WALKER2D("height outside (0.8, 2.0), or |angle| >= 1.0") {
        @Override
        boolean isUpright(double height, double angle) {
            return height > 0.8 && height < 2.0 && Math.abs(angle) < 1.0;
        }
    },

    /** Ant. */
    ANT("height outside [0.2, 1.0], or a number not finite") {
        @Override
        boolean isUpright(double height, double angle) {
            return height >= 0.2 && height <= 1.0;
        }

        @Override
        boolean isWithinBounds(int index, double value) {
            return Double.isFinite(value);
        }
    };

    private final String description;

    TerminationRule(String description) {
        this.description = description;
    }

    /** Looks at the first two numbers of an observation: the torso's height in metres, its pitch in radians. */
    abstract boolean isUpright(double height, double angle);

    /** Looks at every number of an observation. */
    boolean isWithinBounds(int index, double value) {
        return true;
    }

    /**
     * Whether this observation ends its episode.
     *
     * @param observation one observation, {@code [observationSize]}, its velocities not clipped
     * @return true if the episode ends here
     */
    public boolean terminates(double[] observation) {
        if (!isUpright(observation[0], observation[1])) {
            return true;
        }
        for (int i = 0; i < observation.length; i++) {
            if (!isWithinBounds(i, observation[i])) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether one row of a batch ends its episode.
     *
     * @param observations row after row, {@code [batch, observationSize]}
     * @param row the row to look at
     * @param observationSize numbers in an observation
     * @return true if the episode ends at that row
     */
    public boolean terminates(float[] observations, int row, int observationSize) {
        int start = row * observationSize;
        if (!isUpright(observations[start], observations[start + 1])) {
            return true;
        }
        for (int i = 0; i < observationSize; i++) {
            if (!isWithinBounds(i, observations[start + i])) {
                return true;
            }
        }
        return false;
    }

    /**
     * The rule in words, for a report.
     *
     * @return when an episode ends
     */
    public String description() {
        return description;
    }
}

package io.github.mopospark.tasks;

/**
 * A reward that replaces the recorded one, so that data of one behaviour train another (MOPO, section 5.2: the
 * out-of-distribution tasks). Computed from what a D4RL row holds.
 */
public sealed interface RelabelledReward permits JumpReward, AngleReward {

    /**
     * The reward of one recorded transition under the new task.
     *
     * @param recordedReward the reward in the data
     * @param action the row's action, {@code [actionSize]}
     * @param nextObservation the row's next observation, {@code [observationSize]}
     * @return the new reward
     */
    double relabel(double recordedReward, float[] action, float[] nextObservation);

    /**
     * The squared Euclidean norm of an action, summed in double precision.
     *
     * @param action an action, {@code [actionSize]}
     * @return sum of squares
     */
    static double squaredNorm(float[] action) {
        double sum = 0;
        for (float value : action) {
            sum += (double) value * value;
        }
        return sum;
    }
}

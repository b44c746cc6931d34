package io.github.mopospark.networks.kernels;

/**
 * The constants of one step of Adam (Kingma and Ba 2015, algorithm 1): the rates with their bias corrections.
 *
 * @param firstRate {@code 1 - beta1}
 * @param secondRate {@code 1 - beta2}
 * @param stepSize the learning rate divided by {@code 1 - beta1^t}
 * @param secondCorrection {@code 1 / sqrt(1 - beta2^t)}
 * @param epsilon what is added to the root of the second moment
 */
public record AdamStep(float firstRate, float secondRate, float stepSize, float secondCorrection, float epsilon) {
    /** beta1, beta2 and epsilon as the paper's authors recommend them, and as every user of MOPO leaves them. */
    private static final double FIRST_DECAY = 0.9;

    private static final double SECOND_DECAY = 0.999;
    private static final float EPSILON = 1e-8f;

    /**
     * The constants of a step.
     *
     * @param learningRate the learning rate
     * @param step the step's number, from 1
     * @return its constants
     */
    public static AdamStep of(double learningRate, long step) {
        return new AdamStep(
                (float) (1 - FIRST_DECAY),
                (float) (1 - SECOND_DECAY),
                (float) (learningRate / (1 - StrictMath.pow(FIRST_DECAY, (double) step))),
                (float) (1 / Math.sqrt(1 - StrictMath.pow(SECOND_DECAY, (double) step))),
                EPSILON);
    }
}

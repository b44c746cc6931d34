package io.github.mopospark.policy;

/**
 * The discounted returns that rewards allow, in episodes that may end at any step.
 *
 * @param least at most 0
 * @param greatest at least 0
 */
public record ReturnRange(double least, double greatest) {
    /** Checks the bounds. */
    public ReturnRange {
        if (!(least <= 0 && greatest >= 0)) {
            throw new IllegalArgumentException(
                    "an episode that ends at once returns 0, but the range was [%s, %s]".formatted(least, greatest));
        }
    }

    /**
     * The range of rewards that were logged: the greatest of them in all steps to come, and the least.
     *
     * @param rewards each finite; none for a range of 0 alone
     * @param discount gamma, in [0, 1]; with 1 a bound other than 0 is infinite
     * @return the range
     */
    public static ReturnRange of(float[] rewards, double discount) {
        double least = 0;
        double greatest = 0;
        for (float reward : rewards) {
            least = Math.min(least, reward);
            greatest = Math.max(greatest, reward);
        }
        return new ReturnRange(forEver(least, discount), forEver(greatest, discount));
    }

    private static double forEver(double reward, double discount) {
        return reward == 0 ? 0 : reward / (1 - discount);
    }

    /**
     * The nearest return that is possible.
     *
     * @param value an estimate
     * @return a number of the range; NaN stays NaN
     */
    public float clip(float value) {
        return (float) Math.min(Math.max(value, least), greatest);
    }
}

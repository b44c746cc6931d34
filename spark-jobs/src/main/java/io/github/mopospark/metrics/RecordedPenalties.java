package io.github.mopospark.metrics;

/**
 * What an ensemble's penalties are on recorded rows, and whether they are high where the model is wrong: before a policy is
 * learned, whether lambda can serve its purpose.
 *
 * @param rows how many were looked at
 * @param least the least penalty, before lambda
 * @param mean the mean penalty
 * @param greatest the greatest penalty
 * @param rankCorrelation Spearman's, of a row's penalty with the model's error; NaN where one of them never differs
 */
public record RecordedPenalties(int rows, double least, double mean, double greatest, double rankCorrelation) {
    /** Measured: penalties that were the same for all rows by mistake spread over 0.02% of their mean, useful ones over 200%. */
    private static final double LEAST_SPREAD = 0.05;

    /**
     * Whether a penalty depends on the row at all.
     *
     * @return whether the penalties spread over more than a twentieth of their mean
     */
    public boolean tellRowsApart() {
        return greatest - least > LEAST_SPREAD * mean;
    }
}

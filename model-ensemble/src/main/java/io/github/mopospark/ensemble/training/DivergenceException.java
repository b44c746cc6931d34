package io.github.mopospark.ensemble.training;

/** A member's loss became NaN or infinite. */
public final class DivergenceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * What is told of a member.
     *
     * @param member which, from 0
     * @param epoch in which epoch, from 1
     * @param step in which of its updates, from 1
     * @param loss NaN or infinite
     */
    public DivergenceException(int member, int epoch, int step, double loss) {
        super(
                "member %d diverged in epoch %d, step %d: its loss is %s; look for outliers in the dataset, or lower ensemble.learning-rate"
                        .formatted(member, epoch, step, loss));
    }
}

package io.github.mopospark.ensemble.training;

/** A member's loss became NaN or infinite. */
public final class DivergenceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    DivergenceException(int member, int epoch, int step, double loss) {
        super(
                "member %d diverged in epoch %d, step %d: its loss is %s; look for outliers in the dataset, or lower ensemble.learning-rate"
                        .formatted(member, epoch, step, loss));
    }
}

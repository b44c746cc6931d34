package io.github.mopospark.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The evaluations of a run: what its result is read from. That is the score, or the return for a task that has no score.
 *
 * @param measure {@link Metric#SCORE_MEAN} or {@link Metric#RETURN_MEAN}
 * @param epochs those with an evaluation, in order; may be none
 */
public record Evaluations(Metric measure, List<EpochMetrics> epochs) {
    /** Over how many evaluations the result is averaged. */
    public static final int AVERAGED = 10;

    /** Copies the list. */
    public Evaluations {
        epochs = List.copyOf(epochs);
    }

    /**
     * The evaluations among epochs.
     *
     * @param all epochs of a run, in order
     * @return those with a score; those with a return if none has a score
     */
    public static Evaluations of(List<EpochMetrics> all) {
        Metric measure =
                all.stream().anyMatch(epoch -> epoch.has(Metric.SCORE_MEAN)) ? Metric.SCORE_MEAN : Metric.RETURN_MEAN;
        return new Evaluations(
                measure, all.stream().filter(epoch -> epoch.has(measure)).toList());
    }

    /**
     * The standard deviation over the episodes of an evaluation.
     *
     * @return which metric has it
     */
    public Metric spread() {
        return measure == Metric.SCORE_MEAN ? Metric.SCORE_STD : Metric.RETURN_STD;
    }

    /**
     * The last evaluation.
     *
     * @return its epoch; empty without evaluations
     */
    public Optional<EpochMetrics> last() {
        return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
    }

    /**
     * The evaluation with the highest mean, the first of equal ones.
     *
     * @return its epoch; empty without evaluations
     */
    public Optional<EpochMetrics> best() {
        return epochs.stream()
                .max(Comparator.comparingDouble((EpochMetrics epoch) -> epoch.get(measure))
                        .thenComparing(
                                Comparator.comparingInt(EpochMetrics::epoch).reversed()));
    }

    /**
     * How many evaluations {@link #meanOfLast} averages.
     *
     * @return {@value #AVERAGED}, or all if there are fewer
     */
    public int averaged() {
        return Math.min(AVERAGED, epochs.size());
    }

    /**
     * The mean of the last evaluations.
     *
     * @return over {@link #averaged} of them; NaN without evaluations
     */
    public double meanOfLast() {
        return epochs.subList(epochs.size() - averaged(), epochs.size()).stream()
                .mapToDouble(epoch -> epoch.get(measure))
                .average()
                .orElse(Double.NaN);
    }
}

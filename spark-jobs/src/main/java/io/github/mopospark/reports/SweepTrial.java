package io.github.mopospark.reports;

import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.runs.SweepJournal.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A trial of a sweep and its evaluations. */
final class SweepTrial {
    private final int order;
    private final SweepSummary.Trial trial;
    private final Evaluations evaluations;

    /**
     * A trial.
     *
     * @param order its place in the sweep
     * @param trial what is known of it
     * @param measure what its dataset's trials are measured by
     */
    SweepTrial(int order, SweepSummary.Trial trial, Metric measure) {
        this.order = order;
        this.trial = trial;
        List<EpochMetrics> measured = trial.metrics().epochs().stream()
                .filter(epoch -> epoch.has(measure))
                .toList();
        this.evaluations = new Evaluations(measure, measured);
    }

    /** Its place in the sweep. */
    int order() {
        return order;
    }

    SweepSummary.Trial trial() {
        return trial;
    }

    String name() {
        return trial.entry().name();
    }

    Status status() {
        return trial.entry().status();
    }

    Evaluations evaluations() {
        return evaluations;
    }

    /** The last epoch that it did; 0 before the first. */
    int reached() {
        return lastEpoch().map(EpochMetrics::epoch).orElse(0);
    }

    /** The epoch of its last evaluation; 0 without one. */
    int evaluated() {
        return evaluations.last().map(EpochMetrics::epoch).orElse(0);
    }

    /** Whether it will be compared with others: it has not failed, and was not left behind. */
    boolean isKept() {
        return status() != Status.FAILED && status() != Status.STOPPED;
    }

    /** The epoch of its first evaluation; 0 without one. */
    int firstEvaluated() {
        return evaluations.epochs().stream()
                .mapToInt(EpochMetrics::epoch)
                .findFirst()
                .orElse(0);
    }

    /** The epochs after which it was evaluated. */
    Set<Integer> evaluatedEpochs() {
        return evaluations.epochs().stream().map(EpochMetrics::epoch).collect(Collectors.toSet());
    }

    /** The mean of its last evaluations among those after some epochs; NaN without any. */
    double resultOf(Set<Integer> epochs) {
        return new Evaluations(
                        evaluations.measure(),
                        evaluations.epochs().stream()
                                .filter(evaluation -> epochs.contains(evaluation.epoch()))
                                .toList())
                .meanOfLast();
    }

    /** The mean of its last evaluations; NaN without any. */
    double result() {
        return evaluations.meanOfLast();
    }

    /** What was measured in its last epoch; NaN if it was not. */
    double last(Metric metric) {
        return lastEpoch().map(epoch -> epoch.get(metric)).orElse(Double.NaN);
    }

    /** Where its report lies, as a link from the sweep's folder. */
    String link() {
        return Links.relative(trial.report());
    }

    private Optional<EpochMetrics> lastEpoch() {
        List<EpochMetrics> epochs = trial.metrics().epochs();
        return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
    }
}

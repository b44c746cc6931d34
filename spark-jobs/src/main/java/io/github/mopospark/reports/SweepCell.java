package io.github.mopospark.reports;

import io.github.mopospark.runs.SweepJournal.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The trials of a dataset that differ in their seeds only. */
final class SweepCell {
    private final CellSettings settings;
    private final List<SweepTrial> trials;
    private final Optional<Spread> result;
    private final Optional<Spread> soFar;

    /**
     * A cell.
     *
     * @param settings of its trials
     * @param trials all of them
     * @param results of those that are compared, at the epoch at which they are
     */
    SweepCell(CellSettings settings, List<SweepTrial> trials, Map<SweepTrial, Double> results) {
        this.settings = settings;
        this.trials = trials.stream()
                .sorted(Comparator.comparingLong(trial -> trial.trial().seed()))
                .toList();
        // By the seeds alone that did not fail the settings would look better than they are.
        boolean hasFailed = this.trials.stream().anyMatch(trial -> trial.status() == Status.FAILED);
        this.result = hasFailed
                ? Optional.empty()
                : spread(this.trials.stream()
                        .filter(results::containsKey)
                        .mapToDouble(results::get)
                        .toArray());
        this.soFar = spread(this.trials.stream()
                .mapToDouble(SweepTrial::result)
                .filter(Double::isFinite)
                .toArray());
    }

    private static Optional<Spread> spread(double[] values) {
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    CellSettings settings() {
        return settings;
    }

    /** By their seeds. */
    List<SweepTrial> trials() {
        return trials;
    }

    /** The results of its compared trials; empty if none is. */
    Optional<Spread> result() {
        return result;
    }

    /** The results of all its trials as far as each got, if that is more than what is compared. */
    Optional<Spread> soFar() {
        return soFar.equals(result) ? Optional.empty() : soFar;
    }

    /** How many seeds there are, and how many epochs each has done. */
    String epochs() {
        String seeds = Numbers.counted(trials.size(), "seed", "seeds");
        List<String> reached =
                trials.stream().map(trial -> Numbers.count(trial.reached())).toList();
        return new LinkedHashSet<>(reached).size() == 1
                ? seeds + ", epoch " + reached.get(0)
                : seeds + ", epochs " + String.join(" | ", reached);
    }

    /** How many of its trials are not done, by what has become of them; empty if all are. */
    String unfinished() {
        Map<Status, Long> counts =
                trials.stream().collect(Collectors.groupingBy(SweepTrial::status, Collectors.counting()));
        List<String> words = new ArrayList<>();
        for (Status status : Status.values()) {
            if (status != Status.DONE && counts.containsKey(status)) {
                words.add(counts.get(status) + " " + status.word());
            }
        }
        return String.join(", ", words);
    }
}

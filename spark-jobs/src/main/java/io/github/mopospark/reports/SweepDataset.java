package io.github.mopospark.reports;

import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.runs.SweepJournal.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The trials of a sweep that learn one task from one dataset. They are compared by the mean of the last evaluations that all of
 * them have, so that none is judged by other epochs than another. Those that failed, were stopped or have no evaluation so far are
 * left out.
 */
final class SweepDataset {
    private final String task;
    private final String dataset;
    private final Metric measure;
    private final List<SweepTrial> trials;
    /** The epoch that all that were evaluated have reached. */
    private final int reached;
    /** The epochs after which all that are compared were evaluated. */
    private final NavigableSet<Integer> common;
    /** Of those that are compared. */
    private final Map<SweepTrial, Double> results = new HashMap<>();

    private final List<String> otherKeys;
    private final List<SweepCell> cells;

    private SweepDataset(Map<Integer, SweepSummary.Trial> byOrder) {
        List<SweepSummary.Trial> trials = List.copyOf(byOrder.values());
        task = trials.get(0).task();
        dataset = trials.get(0).dataset();
        measure = Evaluations.of(trials.stream()
                        .flatMap(trial -> trial.metrics().epochs().stream())
                        .toList())
                .measure();
        this.trials = byOrder.entrySet().stream()
                .map(trial -> new SweepTrial(trial.getKey(), trial.getValue(), measure))
                .toList();
        List<SweepTrial> evaluated = this.trials.stream()
                .filter(trial -> trial.isKept() && trial.evaluated() > 0)
                .toList();
        reached = evaluated.stream().mapToInt(SweepTrial::evaluated).min().orElse(0);
        List<SweepTrial> comparable = evaluated.stream()
                .filter(trial -> trial.firstEvaluated() <= reached)
                .toList();
        common = common(comparable);
        for (SweepTrial trial : comparable) {
            double result = trial.resultOf(common);
            if (Double.isFinite(result)) {
                results.put(trial, result);
            }
        }
        otherKeys = otherKeys(trials);
        Map<CellSettings, List<SweepTrial>> groups = this.trials.stream()
                .collect(Collectors.groupingBy(
                        trial -> CellSettings.of(trial.trial(), otherKeys), TreeMap::new, Collectors.toList()));
        cells = groups.entrySet().stream()
                .map(group -> new SweepCell(group.getKey(), group.getValue(), results))
                .toList();
    }

    private static NavigableSet<Integer> common(List<SweepTrial> trials) {
        NavigableSet<Integer> common = new TreeSet<>();
        trials.forEach(trial -> common.addAll(trial.evaluatedEpochs()));
        trials.forEach(trial -> common.retainAll(trial.evaluatedEpochs()));
        return common;
    }

    /** The datasets of a sweep, in the order in which they come first. */
    static List<SweepDataset> of(SweepSummary summary) {
        Map<List<String>, Map<Integer, SweepSummary.Trial>> groups = new LinkedHashMap<>();
        for (int i = 0; i < summary.trials().size(); i++) {
            SweepSummary.Trial trial = summary.trials().get(i);
            groups.computeIfAbsent(List.of(trial.task(), trial.dataset()), key -> new LinkedHashMap<>())
                    .put(i, trial);
        }
        return groups.values().stream().map(SweepDataset::new).toList();
    }

    /** Keys that differ among the trials; those in which only the datasets differ do not. */
    private static List<String> otherKeys(List<SweepSummary.Trial> trials) {
        Set<String> keys = new LinkedHashSet<>();
        trials.forEach(trial -> keys.addAll(trial.otherSettings().keySet()));
        return keys.stream()
                .filter(key -> {
                    Set<String> values = new HashSet<>();
                    trials.forEach(trial -> values.add(trial.otherSettings().get(key)));
                    return values.size() > 1;
                })
                .sorted()
                .toList();
    }

    String task() {
        return task;
    }

    String dataset() {
        return dataset;
    }

    /** What it is called where there are others: D4RL's names begin with the task. */
    String name() {
        return dataset.startsWith(task) ? dataset : task + " from " + dataset;
    }

    /** {@link Metric#SCORE_MEAN}, or {@link Metric#RETURN_MEAN} for a task without a score. */
    Metric measure() {
        return measure;
    }

    /** The measure as a word. */
    String measureWord() {
        return measure == Metric.SCORE_MEAN ? "score" : "return";
    }

    List<SweepTrial> trials() {
        return trials;
    }

    /** The epoch at which trials are compared; 0 if none is. */
    int epoch() {
        return common.isEmpty() ? 0 : common.last();
    }

    /** How many evaluations a result is the mean of. */
    int averaged() {
        return Math.min(Evaluations.AVERAGED, common.size());
    }

    /** Keys besides h, lambda and the seed in which the trials differ. */
    List<String> otherKeys() {
        return otherKeys;
    }

    /** By their settings. */
    List<SweepCell> cells() {
        return cells;
    }

    /** Whether a trial is compared with others. */
    boolean isRanked(SweepTrial trial) {
        return results.containsKey(trial);
    }

    /** The trials that are compared, in the sweep's order. */
    List<SweepTrial> ranked() {
        return trials.stream().filter(this::isRanked).toList();
    }

    /** The mean of the last evaluations of a trial that is compared, of those that all have. */
    double result(SweepTrial trial) {
        return results.get(trial);
    }

    /** 1 for the best of the trials that are compared; the same for equal ones. */
    int rank(SweepTrial trial) {
        return 1
                + (int) results.values().stream()
                        .filter(other -> other > result(trial))
                        .count();
    }

    /** 1 for the best of the cells that are compared; the same for equal ones. */
    int rank(SweepCell cell) {
        double mean = cell.result().orElseThrow().mean();
        return 1
                + (int) cells.stream()
                        .flatMap(other -> other.result().stream())
                        .filter(other -> other.mean() > mean)
                        .count();
    }

    /** The cell with the best mean, the first of equal ones; empty if none is compared. */
    Optional<SweepCell> best() {
        return cells.stream()
                .filter(cell -> cell.result().isPresent())
                .max(Comparator.comparingDouble(
                                (SweepCell cell) -> cell.result().orElseThrow().mean())
                        .thenComparing(SweepCell::settings, Comparator.reverseOrder()));
    }

    /** The trials that keep the comparison from a later epoch; none if all were evaluated last at the same one. */
    List<SweepTrial> behind() {
        List<SweepTrial> ranked = ranked();
        List<SweepTrial> behind =
                ranked.stream().filter(trial -> trial.evaluated() == reached).toList();
        return behind.size() == ranked.size() ? List.of() : behind;
    }

    /** Why a trial is not compared. */
    String whyNotRanked(SweepTrial trial) {
        if (trial.status() == Status.FAILED) {
            return "failed";
        }
        if (trial.status() == Status.STOPPED) {
            return "stopped by successive halving";
        }
        if (trial.evaluated() == 0) {
            return "not evaluated yet";
        }
        if (trial.firstEvaluated() > reached) {
            return "first evaluated after epoch " + Numbers.count(reached);
        }
        return common.isEmpty()
                ? "evaluated after other epochs than the others"
                : "evaluated to a number that is not finite";
    }

    /** The cells as lists of the same other settings. */
    List<List<SweepCell>> combinations() {
        return List.copyOf(cells.stream()
                .collect(Collectors.groupingBy(
                        cell -> cell.settings().others(), LinkedHashMap::new, Collectors.toCollection(ArrayList::new)))
                .values());
    }
}

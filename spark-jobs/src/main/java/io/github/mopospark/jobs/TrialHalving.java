package io.github.mopospark.jobs;

import io.github.mopospark.configuration.Halving;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.runs.SweepFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Chooses which trials go on. What is compared are settings: all seeds of the same settings go on together or not at all, and only
 * settings on the same dataset are compared. The choice depends on what was measured up to the rung alone, so that a sweep that was
 * broken off makes it again.
 */
final class TrialHalving {
    private final Halving halving;
    private final SweepFolder folder;

    /** Trials of a dataset that differ in their seed at most. */
    private record Cell(List<Trial> trials, double value) {
        boolean isWhole() {
            return value > Double.NEGATIVE_INFINITY;
        }
    }

    TrialHalving(Halving halving, SweepFolder folder) {
        this.halving = Objects.requireNonNull(halving, "halving");
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    /** The epochs after which some trials are stopped. */
    List<Integer> rungs(List<Trial> trials) {
        return halving.rungs(trials.stream()
                .mapToInt(trial -> trial.config().learner().epochs())
                .max()
                .orElse(0));
    }

    /**
     * The best part of trials. Settings of which a seed has failed go on only where there are no others: by the luckier seeds
     * alone they would look better than they are.
     *
     * @param trials those that went on so far
     * @param reached those of them that have reached the rung, and did not fail
     * @param rung epochs
     * @return those that go on, in their order
     * @throws IllegalArgumentException if a trial lacks what is compared
     * @throws IOException if what was measured cannot be read
     */
    List<Trial> best(List<Trial> trials, List<Trial> reached, int rung) throws IOException {
        List<Trial> best = new ArrayList<>();
        for (List<Cell> dataset : cells(trials, reached, rung)) {
            boolean hasWhole = dataset.stream().anyMatch(Cell::isWhole);
            dataset.stream()
                    // At the next rung their failed seeds would be forgotten.
                    .filter(cell -> cell.isWhole() || !hasWhole)
                    // The first of equal ones stays first.
                    .sorted(Comparator.comparingDouble(Cell::value).reversed())
                    .limit(halving.kept(dataset.size()))
                    .flatMap(cell -> cell.trials().stream())
                    .filter(reached::contains)
                    .forEach(best::add);
        }
        best.sort(Comparator.comparingInt(trials::indexOf));
        return best;
    }

    /** The cells of each dataset. */
    private List<List<Cell>> cells(List<Trial> trials, List<Trial> reached, int rung) throws IOException {
        Map<String, Map<Map<String, Object>, List<Trial>>> datasets = new LinkedHashMap<>();
        for (Trial trial : trials) {
            Map<String, Object> settings = new LinkedHashMap<>(trial.config().settings());
            settings.remove("seed");
            datasets.computeIfAbsent(
                            trial.config().task() + " " + trial.config().data(), any -> new LinkedHashMap<>())
                    .computeIfAbsent(settings, any -> new ArrayList<>())
                    .add(trial);
        }
        List<List<Cell>> cells = new ArrayList<>();
        for (Map<Map<String, Object>, List<Trial>> dataset : datasets.values()) {
            List<Cell> ofDataset = new ArrayList<>();
            for (List<Trial> seeds : dataset.values()) {
                ofDataset.add(
                        new Cell(seeds, reached.containsAll(seeds) ? value(seeds, rung) : Double.NEGATIVE_INFINITY));
            }
            cells.add(ofDataset);
        }
        return cells;
    }

    /** The mean over seeds. */
    private double value(List<Trial> seeds, int rung) throws IOException {
        double sum = 0;
        for (Trial trial : seeds) {
            sum += value(trial, rung);
        }
        return sum / seeds.size();
    }

    private double value(Trial trial, int rung) throws IOException {
        List<EpochMetrics> epochs =
                RunMetrics.read(folder.storage(), folder.trial(trial.name()).path()).epochs().stream()
                        .filter(epoch -> epoch.epoch() <= rung)
                        .toList();
        Metric offline =
                switch (halving.by()) {
                    case FITTED_Q_VALUE -> Metric.FITTED_Q_VALUE;
                    case PENALISED_MODEL_RETURN -> Metric.PENALISED_MODEL_RETURN;
                    case SCORE -> null;
                };
        double value;
        if (offline == null) {
            value = Evaluations.of(epochs).meanOfLast();
        } else {
            value = epochs.isEmpty()
                    ? Double.NaN
                    : epochs.get(epochs.size() - 1).get(offline);
        }
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException(
                    "halving: %s has no %s at epoch %d, which it had passed before trials were to be compared there; leave halving.first-epochs as it was, compare by score, or give another --output"
                            .formatted(trial.name(), offline == null ? "evaluation" : offline.column(), rung));
        }
        return value;
    }
}

package io.github.mopospark.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.ranking.NaturalRanking;

/**
 * The trials of a dataset ranked by what can be known without a simulator, and how far that agrees with the true score where there
 * is one. The figures are of a trial's last policy, so only trials with the same last epoch are ranked together: of the epoch
 * that most of them have.
 */
final class OfflineChoice {
    private static final int LEAST_FOR_CORRELATION = 3;

    private final int epoch;
    private final List<SweepTrial> trials;
    private final List<SweepTrial> others;
    /** Of those that are ranked and were evaluated. */
    private final Map<SweepTrial, Double> results = new HashMap<>();

    /**
     * What choosing by a figure would have given, among the trials that have both the figure and a result.
     *
     * @param figure by which is chosen
     * @param trials how many
     * @param correlation of the order by the figure with the order by the result, 1 for the same; empty for fewer than
     *     {@value #LEAST_FOR_CORRELATION} trials, or where all are equal
     * @param chosen the first by the figure
     * @param result of the chosen
     * @param best result of all
     * @param mean result of all: what choosing at random would give
     */
    record Choice(
            OfflineFigure figure,
            int trials,
            OptionalDouble correlation,
            SweepTrial chosen,
            double result,
            double best,
            double mean) {}

    OfflineChoice(SweepDataset dataset) {
        List<SweepTrial> measured = dataset.trials().stream()
                .filter(trial -> trial.isKept() && hasFigure(trial))
                .toList();
        Map<Integer, Long> counts = measured.stream()
                .collect(Collectors.groupingBy(SweepTrial::reached, TreeMap::new, Collectors.counting()));
        epoch = counts.entrySet().stream()
                .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(0);
        List<SweepTrial> ranked = new ArrayList<>(
                measured.stream().filter(trial -> trial.reached() == epoch).toList());
        others = measured.stream().filter(trial -> trial.reached() != epoch).toList();
        for (SweepTrial trial : ranked) {
            if (Double.isFinite(trial.result())) {
                results.put(trial, trial.result());
            }
        }
        ranked.sort(Comparator.comparingDouble(this::order).reversed());
        trials = List.copyOf(ranked);
    }

    private static boolean hasFigure(SweepTrial trial) {
        for (OfflineFigure figure : OfflineFigure.values()) {
            if (!Double.isNaN(figure.of(trial))) {
                return true;
            }
        }
        return false;
    }

    /** By the result where there are any, else by the first figure; what has none comes last. */
    private double order(SweepTrial trial) {
        double key = results.isEmpty() ? OfflineFigure.FITTED_Q.merit(trial) : results.getOrDefault(trial, Double.NaN);
        return Double.isNaN(key) ? Double.NEGATIVE_INFINITY : key;
    }

    /** The epoch of the policies. */
    int epoch() {
        return epoch;
    }

    /** The trials that are ranked, the best first. */
    List<SweepTrial> trials() {
        return trials;
    }

    /** Trials with figures of another epoch. */
    List<SweepTrial> others() {
        return others;
    }

    /** Whether there are results to compare with. */
    boolean hasResults() {
        return !results.isEmpty();
    }

    /** The mean of a trial's last evaluations; NaN without any. */
    double result(SweepTrial trial) {
        return results.getOrDefault(trial, Double.NaN);
    }

    /** Ranks by a figure, 1 for the best; equal ones share their mean rank. Trials without the figure have none. */
    Map<SweepTrial, Double> ranks(OfflineFigure figure) {
        List<SweepTrial> having =
                trials.stream().filter(trial -> !Double.isNaN(figure.of(trial))).toList();
        double[] order =
                having.stream().mapToDouble(trial -> -figure.merit(trial)).toArray();
        Map<SweepTrial, Double> ranks = new HashMap<>();
        if (order.length > 0) {
            double[] ranked = new NaturalRanking().rank(order);
            for (int i = 0; i < ranked.length; i++) {
                ranks.put(having.get(i), ranked[i]);
            }
        }
        return ranks;
    }

    /** What choosing by each figure would have given; none of a figure that no trial with a result has. */
    List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        for (OfflineFigure figure : OfflineFigure.values()) {
            List<SweepTrial> both = trials.stream()
                    .filter(trial -> results.containsKey(trial) && !Double.isNaN(figure.of(trial)))
                    .toList();
            if (!both.isEmpty()) {
                choices.add(choice(figure, both));
            }
        }
        return choices;
    }

    private Choice choice(OfflineFigure figure, List<SweepTrial> both) {
        double[] merits = both.stream().mapToDouble(figure::merit).toArray();
        double[] scores = both.stream().mapToDouble(results::get).toArray();
        int chosen = 0;
        for (int i = 1; i < merits.length; i++) {
            chosen = merits[i] > merits[chosen] ? i : chosen;
        }
        Spread spread = Spread.of(scores);
        return new Choice(
                figure,
                both.size(),
                correlation(merits, scores),
                both.get(chosen),
                scores[chosen],
                spread.max(),
                spread.mean());
    }

    private static OptionalDouble correlation(double[] merits, double[] scores) {
        double correlation = merits.length < LEAST_FOR_CORRELATION
                ? Double.NaN
                : new SpearmansCorrelation().correlation(merits, scores);
        return Double.isNaN(correlation) ? OptionalDouble.empty() : OptionalDouble.of(correlation);
    }
}

package io.github.mopospark.reports;

import io.github.mopospark.metrics.Metric;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Yu et al. (2020, arXiv 2005.13239) report for a task and dataset. MOPO's scores are those that later works quote from it too;
 * standard deviations, returns and MBPO's results are here only as far as the paper's own text could be consulted.
 *
 * @param task its name here
 * @param dataset its name in D4RL without a version; empty where the paper made data of its own
 * @param measure normalised scores, or returns
 * @param length h
 * @param penaltyCoefficient lambda
 * @param mopo MOPO's result
 * @param mbpo the same without a penalty; empty if it is not known
 */
record PaperResult(
        String task,
        String dataset,
        Metric measure,
        int length,
        double penaltyCoefficient,
        Figure mopo,
        Optional<Figure> mbpo) {
    /**
     * A result.
     *
     * @param mean over the paper's seeds
     * @param std over its seeds; NaN if it is not known
     */
    record Figure(double mean, double std) {
        @Override
        public String toString() {
            return Numbers.fixed(mean, 1) + (Double.isNaN(std) ? "" : " ± " + Numbers.fixed(std, 1));
        }
    }

    private static final List<PaperResult> ALL = List.of(
            new PaperResult(
                    "halfcheetah",
                    "halfcheetah-random",
                    Metric.SCORE_MEAN,
                    5,
                    0.5,
                    new Figure(35.4, 2.5),
                    Optional.of(new Figure(30.7, 3.9))),
            score("hopper", "random", 5, 1, 11.7),
            score("walker2d", "random", 1, 1, 13.6),
            score("halfcheetah", "medium", 1, 1, 42.3),
            score("hopper", "medium", 5, 5, 28.0),
            score("walker2d", "medium", 5, 5, 17.8),
            score("halfcheetah", "medium-replay", 5, 1, 53.1),
            score("hopper", "medium-replay", 1, 5, 67.5),
            score("walker2d", "medium-replay", 1, 1, 39.0),
            score("halfcheetah", "medium-expert", 5, 5, 63.3),
            score("hopper", "medium-expert", 5, 1, 23.7),
            score("walker2d", "medium-expert", 1, 2, 44.6),
            new PaperResult(
                    "halfcheetah-jump",
                    "",
                    Metric.RETURN_MEAN,
                    5,
                    1,
                    new Figure(4016.6, 144),
                    Optional.of(new Figure(2971.4, 1262))),
            new PaperResult("ant-angle", "", Metric.RETURN_MEAN, 25, 2, new Figure(2530.9, 137), Optional.empty()));

    private static PaperResult score(String task, String kind, int length, double penaltyCoefficient, double mopo) {
        return new PaperResult(
                task,
                task + "-" + kind,
                Metric.SCORE_MEAN,
                length,
                penaltyCoefficient,
                new Figure(mopo, Double.NaN),
                Optional.empty());
    }

    /**
     * The paper's result of a task and dataset.
     *
     * @param task its name
     * @param dataset its name, with or without D4RL's version; {@code mixed} is medium-replay
     * @return empty if the paper has none
     */
    static Optional<PaperResult> of(String task, String dataset) {
        String name = dataset.replaceFirst("-v[0-9]+$", "").replaceFirst("-mixed$", "-medium-replay");
        return ALL.stream()
                .filter(result -> result.task.equals(task))
                .filter(result -> result.dataset.isEmpty() || result.dataset.equals(name))
                .findFirst();
    }

    /** h and lambda of the authors' published settings where these are not the paper's. */
    Optional<CellSettings> authorsSettings() {
        return dataset.equals("hopper-medium-replay")
                ? Optional.of(new CellSettings(5, 1, Map.of()))
                : Optional.empty();
    }
}

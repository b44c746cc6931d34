package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.training.DynamicsRows;
import io.github.mopospark.metrics.RecordedPenalties;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.reports.Numbers;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;

/** Compares an ensemble's penalties of recorded rows with how far it is off there. */
final class PenaltyCheck {
    private static final int MOST_ROWS = 1_000;

    /** Fewer have no ranks worth a correlation. */
    private static final int LEAST_ROWS = 10;

    private PenaltyCheck() {}

    /**
     * Looks at rows from all over a dataset, most of which the ensemble was trained on.
     *
     * @param kernels what is computed with
     * @param ensemble the model
     * @param penalty the run's
     * @param rows the dataset
     * @return the penalties; nothing where the run has none, or too few rows have a next observation
     */
    static Optional<RecordedPenalties> of(Kernels kernels, Ensemble ensemble, Penalty penalty, Transitions rows) {
        int[] usable = IntStream.range(0, rows.rows())
                .filter(row -> rows.hasNextObservation()[row])
                .toArray();
        int count = Math.min(usable.length, MOST_ROWS);
        if (penalty == Penalty.NONE || count < LEAST_ROWS) {
            return Optional.empty();
        }
        int[] spread = IntStream.range(0, count)
                .map(i -> usable[(int) ((long) i * usable.length / count)])
                .toArray();
        Transitions looked = DynamicsRows.select(rows, spread);
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(kernels, ensemble).predictor(count);
        predictor.predict(looked.observations(), looked.actions(), count);
        float[] penalties = new float[count];
        predictor.penalise(penalty, count, penalties);
        float[] errors = new float[count];
        predictor.trueErrors(looked.observations(), looked.rewards(), looked.nextObservations(), count, errors);
        DoubleSummaryStatistics range = Arrays.stream(doubles(penalties)).summaryStatistics();
        return Optional.of(new RecordedPenalties(
                count,
                range.getMin(),
                range.getAverage(),
                range.getMax(),
                // An error that is no number is the worst there is.
                new SpearmansCorrelation(new NaturalRanking(NaNStrategy.MAXIMAL))
                        .correlation(doubles(penalties), doubles(errors))));
    }

    private static double[] doubles(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }

    /**
     * A line for the console.
     *
     * @param penalties what was found
     * @param penaltyCoefficient lambda
     * @return the figures; a warning where penalties that count are the same everywhere
     */
    static String line(RecordedPenalties penalties, double penaltyCoefficient) {
        String figures = String.format(
                Locale.ROOT,
                "penalty of %,d recorded rows: %.4f to %.4f, mean %.4f; rank correlation with the model's error %s",
                penalties.rows(),
                penalties.least(),
                penalties.greatest(),
                penalties.mean(),
                Double.isNaN(penalties.rankCorrelation()) ? "-" : Numbers.fixed(penalties.rankCorrelation(), 2));
        return penaltyCoefficient == 0 || penalties.tellRowsApart()
                ? figures
                : "warning: " + figures
                        + "; it is nearly the same for all rows and cannot tell where the model is wrong, whatever lambda: train the ensemble longer, lower ensemble.bound-coefficient, or take another rollout.penalty";
    }
}

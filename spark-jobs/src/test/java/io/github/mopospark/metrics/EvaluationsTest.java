package io.github.mopospark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationsTest {
    private static List<EpochMetrics> scores(double... scores) {
        List<EpochMetrics> epochs = new ArrayList<>();
        for (double score : scores) {
            epochs.add(
                    new EpochMetrics(epochs.size() + 1, Map.of(Metric.SCORE_MEAN, score, Metric.RETURN_MEAN, -score)));
        }
        return epochs;
    }

    @Test
    void averagesTheLastTenEvaluationsNotEpochs() {
        double nan = Double.NaN;
        Evaluations evaluations = Evaluations.of(scores(100, nan, 1, nan, 2, 3, 4, 5, nan, 6, 7, 8, 9, 10));

        assertThat(evaluations.epochs()).hasSize(11);
        assertThat(evaluations.averaged()).isEqualTo(10);
        assertThat(evaluations.meanOfLast()).isEqualTo(5.5);
        assertThat(evaluations.last().orElseThrow().epoch()).isEqualTo(14);
        assertThat(evaluations.best().orElseThrow().epoch()).isOne();
    }

    @Test
    void averagesFewerWhereThereAreFewer() {
        Evaluations evaluations = Evaluations.of(scores(1, 4));

        assertThat(evaluations.averaged()).isEqualTo(2);
        assertThat(evaluations.meanOfLast()).isEqualTo(2.5);
    }

    @Test
    void namesTheFirstOfEqualBests() {
        assertThat(Evaluations.of(scores(1, 5, 2, 5)).best().orElseThrow().epoch())
                .isEqualTo(2);
    }

    @Test
    void takesTheReturnWhereNoEpochHasAScore() {
        Evaluations evaluations = Evaluations.of(List.of(
                new EpochMetrics(1, Map.of(Metric.RETURN_MEAN, 12.0)),
                new EpochMetrics(2, Map.of(Metric.ACTOR_LOSS, 1.0))));

        assertThat(evaluations.measure()).isEqualTo(Metric.RETURN_MEAN);
        assertThat(evaluations.spread()).isEqualTo(Metric.RETURN_STD);
        assertThat(evaluations.epochs()).hasSize(1);
        assertThat(evaluations.meanOfLast()).isEqualTo(12);
    }

    @Test
    void hasNoResultWithoutEvaluations() {
        Evaluations evaluations = Evaluations.of(List.of(new EpochMetrics(1, Map.of())));

        assertThat(evaluations.last()).isEmpty();
        assertThat(evaluations.best()).isEmpty();
        assertThat(evaluations.meanOfLast()).isNaN();
    }
}

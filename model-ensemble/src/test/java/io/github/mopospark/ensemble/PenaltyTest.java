package io.github.mopospark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PenaltyTest {
    @ParameterizedTest
    @CsvSource({
        "MAX_ALEATORIC, max_aleatoric",
        "ENSEMBLE_DISAGREEMENT, ensemble_disagreement",
        "ENSEMBLE_STD, ensemble_std"
    })
    void isTheReference(Penalty penalty, String name) {
        try (ReferenceFigures figures = ReferenceFigures.open()) {
            int[] shape = figures.shape("penalty/mean");
            OutputLayout layout = new OutputLayout(shape[2] - 1);
            float[][] means = members(shape, figures.numbers("penalty/mean"));
            float[][] variances = members(shape, figures.numbers("penalty/log_variance"));
            for (float[] variance : variances) {
                for (int i = 0; i < variance.length; i++) {
                    variance[i] = (float) Math.exp(variance[i]);
                }
            }
            float[] reference = figures.numbers("penalty/" + name);
            float[] ours = new float[shape[1]];
            penalty.compute(layout, means, variances, shape[1], ours);
            double difference = 0;
            double size = 0;
            for (int i = 0; i < ours.length; i++) {
                difference += Math.pow((double) ours[i] - reference[i], 2);
                size += Math.pow(reference[i], 2);
            }
            assertThat(Math.sqrt(difference / size)).isLessThan(1e-4);
        }
    }

    private static float[][] members(int[] shape, float[] numbers) {
        float[][] members = new float[shape[0]][shape[1] * shape[2]];
        for (int member = 0; member < shape[0]; member++) {
            System.arraycopy(numbers, member * shape[1] * shape[2], members[member], 0, shape[1] * shape[2]);
        }
        return members;
    }

    @Test
    void theRewardsStandardDeviationCountsAndTheRewardsMeanDoesNot() {
        OutputLayout layout = new OutputLayout(1);
        float[][] means = {{5, 1}, {-5, 1}};
        float[][] variances = {{9, 16}, {1, 1}};
        float[] penalty = new float[1];
        Penalty.MAX_ALEATORIC.compute(layout, means, variances, 1, penalty);
        assertThat(penalty[0]).isEqualTo(5);
        Penalty.ENSEMBLE_DISAGREEMENT.compute(layout, means, variances, 1, penalty);
        assertThat(penalty[0]).isZero();
        Penalty.ENSEMBLE_STD.compute(layout, means, variances, 1, penalty);
        assertThat(penalty[0]).isZero();
    }

    @Test
    void noneIsZero() {
        float[] penalty = {7};
        Penalty.NONE.compute(new OutputLayout(1), new float[][] {{1, 1}}, new float[][] {{1, 1}}, 1, penalty);
        assertThat(penalty[0]).isZero();
    }
}

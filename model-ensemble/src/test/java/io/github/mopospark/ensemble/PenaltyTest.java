package io.github.mopospark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.TerminationRule;
import java.util.Optional;
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
    void theTrueErrorIsTheNormOfWhatElitesAreOffByOnAverage() {
        float[] sure = ConstantEnsembles.all(3, ConstantEnsembles.CERTAIN);
        Task task = new Task("toy", 2, 1, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty());
        // Member 1 is no elite.
        float[][] means = {{1, 2, 3}, {1_000, 0, 0}, {5, -1, 0}};
        Ensemble ensemble = ConstantEnsembles.of(task, new int[] {2, 0}, means, new float[][] {sure, sure, sure});
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(CpuKernels.fastest(), ensemble).predictor(3);
        float[] observations = {0, 0, 10, 20, 7, 7};
        predictor.predict(observations, new float[3], 3);
        // Elite 0 is off by (0, 0, 0) and then (1, 2, 2), elite 2 by (4, -3, -3) and (5, -1, -1).
        float[] rewards = {1, 0, Float.NaN};
        float[] next = {2, 3, 10, 21, 7, 7};
        float[] errors = {9, 9, 9, 9};
        predictor.trueErrors(observations, rewards, next, 3, errors);
        assertThat(errors[0]).isCloseTo((float) (Math.sqrt(16 + 9 + 9) / 2), within(1e-5f));
        assertThat(errors[1]).isCloseTo((float) ((3 + Math.sqrt(25 + 1 + 1)) / 2), within(1e-5f));
        assertThat(errors[2]).isNaN();
        assertThat(errors[3]).isEqualTo(9);
    }

    @Test
    void theTrueErrorIsNotKnownFromPredictions() {
        assertThatThrownBy(() -> Penalty.TRUE_ERROR.compute(
                        new OutputLayout(1), new float[][] {{1, 1}}, new float[][] {{1, 1}}, 1, new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("true-error");
    }

    @Test
    void noneIsZero() {
        float[] penalty = {7};
        Penalty.NONE.compute(new OutputLayout(1), new float[][] {{1, 1}}, new float[][] {{1, 1}}, 1, penalty);
        assertThat(penalty[0]).isZero();
    }
}

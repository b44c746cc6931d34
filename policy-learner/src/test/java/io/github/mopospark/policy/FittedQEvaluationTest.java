package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.buffers.TransitionBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class FittedQEvaluationTest {
    private static final double DISCOUNT = 0.8;

    /** Two states, 0 and 1: state 0 pays 1 + its action and leads to 1, which pays 2 and ends there or goes on for ever. */
    private record TwoStates(boolean ends) implements BatchSource {
        @Override
        public void draw(long update) {}

        @Override
        public void fill(TransitionBatch batch, int from, int to) {
            RandomStream.of(3, "actions").fillUniform(batch.actions(), from, to, -1, 1);
            for (int row = from; row < to; row++) {
                boolean isFirst = row % 2 == 0;
                batch.observations()[row] = isFirst ? 0 : 1;
                batch.nextObservations()[row] = 1;
                batch.rewards()[row] = isFirst ? 1 + batch.actions()[row] : 2;
                batch.terminals()[row] = !isFirst && ends ? 1 : 0;
            }
        }
    }

    private static SacConfig settings() {
        return new SacConfig(
                List.of(32, 32), Initialiser.FAN_IN_UNIFORM, 64, DISCOUNT, 0.02, 1e-3, 3e-3, 0, 1e-3, 0.5, -2, -20, 2);
    }

    /** Always takes nearly the same action. */
    private static GaussianPolicy taking(double action) {
        GaussianPolicy policy = new GaussianPolicy(CpuKernels.fastest(), 1, 1, List.of(8), -20, -10);
        double mean = 0.5 * Math.log((1 + action) / (1 - action));
        policy.network().parameters().biases(1).write(0, 0, new float[] {(float) mean, -20}, 0, 2);
        return policy;
    }

    private static FittedQEvaluation fitted(GaussianPolicy policy, boolean ends, int updates) {
        return fitted(policy, ends, ReturnRange.of(new float[] {0, 2}, DISCOUNT), updates);
    }

    private static FittedQEvaluation fitted(GaussianPolicy policy, boolean ends, ReturnRange range, int updates) {
        FittedQEvaluation evaluation = new FittedQEvaluation(settings(), policy, new TwoStates(ends), range, 1);
        for (int update = 0; update < updates; update++) {
            evaluation.update();
        }
        return evaluation;
    }

    @Test
    void isTheDiscountedReturnOfThePolicysOwnActions() {
        double after = DISCOUNT * 2 / (1 - DISCOUNT);
        assertThat(fitted(taking(0.5), false, 3_000).value(new float[1])).isCloseTo(1.5 + after, within(0.15));
        assertThat(fitted(taking(-0.5), false, 3_000).value(new float[1])).isCloseTo(0.5 + after, within(0.15));
    }

    @Test
    void nothingComesAfterATerminal() {
        FittedQEvaluation evaluation = fitted(taking(0.5), true, 3_000);
        assertThat(evaluation.value(new float[] {1})).isCloseTo(2, within(0.05));
        assertThat(evaluation.value(new float[] {0})).isCloseTo(1.5 + DISCOUNT * 2, within(0.1));
        assertThat(evaluation.loss()).isLessThan(0.01);
    }

    @Test
    void neitherBootstrapsFromNorTellsMoreThanRewardsAllow() {
        FittedQEvaluation evaluation = fitted(taking(-0.5), false, new ReturnRange(0, 4), 3_000);
        assertThat(evaluation.value(new float[] {1})).isEqualTo(4);
        assertThat(evaluation.value(new float[] {0})).isCloseTo(0.5 + DISCOUNT * 4, within(0.1));
        assertThat(evaluation.loss()).isLessThan(0.01);
    }

    @Test
    void isTheMeanOverAllStarts() {
        FittedQEvaluation evaluation = fitted(taking(0.5), true, 500);
        float[] starts = new float[150];
        for (int start = 0; start < starts.length; start++) {
            starts[start] = start % 3 == 0 ? 1 : 0;
        }
        double expected = evaluation.value(new float[] {1}) / 3 + 2 * evaluation.value(new float[] {0}) / 3;
        assertThat(evaluation.value(starts)).isCloseTo(expected, within(1e-4));
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertThat(fitted(taking(0.1), false, 50).value(new float[1]))
                .isEqualTo(fitted(taking(0.1), false, 50).value(new float[1]));
    }

    @Test
    void startsThatAreNoRowsAreRefused() {
        assertThatThrownBy(() -> fitted(taking(0), false, 0).value(new float[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }
}

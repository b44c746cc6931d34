package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.metrics.RecordedPenalties;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.tasks.Tasks;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PenaltyCheckTest {
    private static final int OBSERVATION = 11;
    private static final int INPUTS = OBSERVATION + 3;
    private static final int OUTPUTS = OBSERVATION + 1;

    /** Its means are 0, and its log-variances grow by this much with the first number of an observation. */
    private static Ensemble ensemble(float slope) {
        EnsembleConfig config = EnsembleConfig.paper().withMembers(1, 1).withLayers(List.of(1), List.of(0.0, 0.0));
        float[] parameters = new float[INPUTS + 1 + 2 * OUTPUTS + 2 * OUTPUTS];
        parameters[0] = 1;
        Arrays.fill(parameters, INPUTS + 1 + OUTPUTS, INPUTS + 1 + 2 * OUTPUTS, slope);
        float[] bounds = new float[2 * OUTPUTS];
        Arrays.fill(bounds, 0, OUTPUTS, 30);
        Arrays.fill(bounds, OUTPUTS, 2 * OUTPUTS, -30);
        return new Ensemble(
                Tasks.named("hopper"),
                config,
                Scaler.identity(INPUTS),
                List.of(new MemberWeights(parameters, bounds)),
                new int[] {0},
                new double[1],
                "");
    }

    /** The first number of a row's observation is its share of all rows, and so is the reward, which is the model's error. */
    private static Transitions rows(int count) {
        Transitions rows = Transitions.allocate(count, OBSERVATION, 3);
        for (int row = 0; row < count; row++) {
            float share = (row + 1f) / count;
            rows.observations()[row * OBSERVATION] = share;
            rows.nextObservations()[row * OBSERVATION] = share;
            rows.rewards()[row] = share;
            rows.hasNextObservation()[row] = true;
        }
        return rows;
    }

    private static RecordedPenalties check(float slope, Transitions rows) {
        return PenaltyCheck.of(CpuKernels.plain(), ensemble(slope), Penalty.MAX_ALEATORIC, rows)
                .orElseThrow();
    }

    @Test
    void ranksPenaltiesAsTheModelsErrors() {
        RecordedPenalties rising = check(2, rows(5_000));

        assertThat(rising.rows()).isEqualTo(1_000);
        assertThat(rising.rankCorrelation()).isCloseTo(1, within(1e-6));
        assertThat(rising.tellRowsApart()).isTrue();
        // The variance of each of 12 outputs is e to twice a swish, of nearly 0 at first and of 1 at last.
        assertThat(rising.least()).isCloseTo(Math.sqrt(12), within(1e-3));
        assertThat(rising.greatest()).isCloseTo(Math.sqrt(12) * Math.exp(1 / (1 + Math.exp(-1))), within(1e-2));
        assertThat(rising.mean()).isStrictlyBetween(rising.least(), rising.greatest());
        assertThat(check(-2, rows(5_000)).rankCorrelation()).isCloseTo(-1, within(1e-6));
        assertThat(PenaltyCheck.line(rising, 1))
                .matches("penalty of 1,000 recorded rows: 3.46\\d\\d to 7.19\\d\\d, mean 4.92\\d\\d; "
                        + "rank correlation with the model's error 1.00");
    }

    @Test
    void warnsOfPenaltiesThatAreTheSameForAllRowsUnlessTheyDoNotCount() {
        RecordedPenalties flat = check(0, rows(100));

        assertThat(flat.tellRowsApart()).isFalse();
        assertThat(flat.rankCorrelation()).isNaN();
        assertThat(PenaltyCheck.line(flat, 1))
                .startsWith("warning: penalty of 100 recorded rows: 3.4641 to 3.4641, mean 3.4641;")
                .contains("cannot tell where the model is wrong");
        assertThat(PenaltyCheck.line(flat, 0)).doesNotContain("warning");
    }

    @Test
    void looksOnlyAtRowsWithANextObservation() {
        Transitions rows = rows(40);
        Arrays.fill(rows.hasNextObservation(), 0, 20, false);

        RecordedPenalties second = check(2, rows);

        assertThat(second.rows()).isEqualTo(20);
        assertThat(second.least()).isGreaterThan(Math.sqrt(12) * 1.3);
    }

    @Test
    void takesAnErrorThatIsNoNumberForTheWorst() {
        Transitions rows = rows(20);
        rows.rewards()[0] = Float.NaN;

        // Its rank is 20 instead of 1, and the others are one lower: 1 - 6 (19^2 + 19) / (20 (20^2 - 1)).
        assertThat(check(2, rows).rankCorrelation()).isCloseTo(1 - 6 * 380.0 / 7_980, within(1e-6));
    }

    @Test
    void hasNothingToSayWithoutAPenaltyOrWithFewRows() {
        assertThat(PenaltyCheck.of(CpuKernels.plain(), ensemble(1), Penalty.NONE, rows(100)))
                .isEmpty();
        assertThat(PenaltyCheck.of(CpuKernels.plain(), ensemble(1), Penalty.MAX_ALEATORIC, rows(9)))
                .isEmpty();
    }
}

package io.github.mopospark.ensemble.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.ensemble.ConstantEnsembles;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.TerminationRule;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelReturnTest {
    private static final Task TOY =
            new Task("toy", 2, 1, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty());
    private static final float LOG_VARIANCE = (float) Math.log(0.04);

    /** Rewards are 2; the first number of the observation grows by a step; each of three variances is 0.04. */
    private static Ensemble growing(float step) {
        return ConstantEnsembles.of(TOY, new int[] {0}, new float[][] {{2, step, 0}}, new float[][] {
            {LOG_VARIANCE, ConstantEnsembles.CERTAIN, ConstantEnsembles.CERTAIN}
        });
    }

    private static ModelReturn measure(Ensemble ensemble, double discount, int horizon, int starts, int threads) {
        try (WorkerTeam team = new WorkerTeam(threads)) {
            return ModelReturn.of(
                    new EnsembleNetworks(CpuKernels.fastest(), ensemble),
                    new ModelReturn.Settings(Penalty.MAX_ALEATORIC, discount, horizon, 5),
                    new float[2 * starts],
                    () -> ActionSource.uniform(1),
                    team);
        }
    }

    @Test
    void rewardsAndPenaltiesAreDiscountedByTheirStep() {
        ModelReturn measured = measure(growing(0), 0.5, 3, 2_000, 1);
        assertThat(measured.reward()).isCloseTo(2 * (1 + 0.5 + 0.25), within(0.02));
        double penalty = Math.sqrt(0.04);
        assertThat(measured.meanPenalty()).isCloseTo(penalty, within(1e-3));
        assertThat(measured.penalty()).isCloseTo(penalty * (1 + 0.5 + 0.25), within(2e-3));
        assertThat(measured.length()).isEqualTo(3);
        assertThat(measured.diverged()).isZero();
    }

    @Test
    void nothingIsCountedAfterTheEndOfAnEpisode() {
        // Beyond 100 there is no state: the third step ends there.
        ModelReturn measured = measure(growing(40), 1, 10, 700, 1);
        assertThat(measured.length()).isEqualTo(3);
        assertThat(measured.reward()).isCloseTo(6, within(0.05));
    }

    @Test
    void threadsGiveTheSameBits() {
        assertThat(measure(growing(1), 0.99, 5, 1_700, 2)).isEqualTo(measure(growing(1), 0.99, 5, 1_700, 1));
    }

    @Test
    void settingsOutsideTheirRulesAreRefused() {
        assertThatThrownBy(() -> new ModelReturn.Settings(Penalty.NONE, 0, 1, 0))
                .hasMessageContaining("discount");
        assertThatThrownBy(() -> new ModelReturn.Settings(Penalty.NONE, 1.1, 1, 0))
                .hasMessageContaining("discount");
        assertThatThrownBy(() -> new ModelReturn.Settings(Penalty.NONE, 1, 0, 0))
                .hasMessageContaining("horizon");
    }
}

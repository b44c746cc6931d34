package io.github.mopospark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.TerminationRule;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnsembleNetworksTest {
    @Test
    void whatIsExpectedIsTheMeanOfElitesMeans() {
        float[] sure = ConstantEnsembles.all(3, ConstantEnsembles.CERTAIN);
        Task task = new Task("toy", 2, 1, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty());
        // Of each member the reward and two changes; member 1 is no elite.
        float[][] means = {{1, 2, 3}, {1_000, 1_000, 1_000}, {5, -1, 0}};
        Ensemble ensemble = ConstantEnsembles.of(task, new int[] {2, 0}, means, new float[][] {sure, sure, sure});
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(CpuKernels.fastest(), ensemble).predictor(4);
        float[] observations = {0, 0, 10, 20};
        float[] rewards = {9, 9, 9};
        float[] next = {9, 9, 9, 9, 9};

        predictor.predict(observations, new float[2], 2);
        predictor.expect(observations, 2, rewards, next);

        assertThat(rewards).containsExactly(new float[] {3, 3, 9}, within(1e-6f));
        assertThat(next).containsExactly(new float[] {0.5f, 1.5f, 10.5f, 21.5f, 9}, within(1e-5f));
    }
}

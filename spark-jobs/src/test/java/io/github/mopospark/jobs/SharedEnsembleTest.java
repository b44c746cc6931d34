package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.tasks.Tasks;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedEnsembleTest {
    private final EnsembleConfig config =
            EnsembleConfig.paper().withMembers(1, 1).withLayers(List.of(4), List.of(0.0, 0.0));
    private final byte[] bytes = EnsembleFolder.toBytes(new Ensemble(
            Tasks.named("hopper"),
            config,
            Scaler.identity(14),
            List.of(new MemberWeights(
                    new float[config.shape(14, new OutputLayout(11)).parameterCount()], new float[24])),
            new int[] {0},
            new double[] {1},
            "rows"));

    @Test
    void tasksOfABroadcastShareNetworks() throws Exception {
        SharedEnsemble shared = new SharedEnsemble(bytes, KernelChoice.CPU);

        assertThat(shared.networks()).isSameAs(shared.networks());
        assertThat(shared.networks()).isNotSameAs(new SharedEnsemble(bytes.clone(), KernelChoice.CPU).networks());
    }
}

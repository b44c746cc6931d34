package io.github.mopospark.ensemble.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.TargetUnits;
import io.github.mopospark.ensemble.ToyRows;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HoldoutErrorTest {
    @ParameterizedTest
    @EnumSource(TargetUnits.class)
    void isTheErrorThatTrainingMeasured(TargetUnits units) {
        EnsembleConfig config = EnsembleConfig.paper()
                .withMembers(1, 1)
                .withLayers(List.of(8), List.of(0.0, 0.0))
                .withBatchSize(32)
                .withTargetUnits(units);
        // More held-out rows than a batch of the measurement has.
        Transitions rows = ToyRows.make(4_000, 0);
        CpuKernels kernels = CpuKernels.fastest();
        Preparation preparation = Preparation.of(rows, config, 3);
        EnsembleTraining training = new EnsembleTraining(kernels, config, preparation, rows);
        MemberState member = training.train(training.start(0), 3, TrainingListener.NONE);
        HoldoutError error = new HoldoutError(
                kernels,
                config.shape(preparation.inputs().size(), new OutputLayout(rows.observationSize())),
                preparation.inputs(),
                rows,
                preparation.holdoutRows());
        assertThat((double) error.of(member.best())).isCloseTo(member.bestError(), withinPercentage(0.01));
    }
}

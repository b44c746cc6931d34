package io.github.mopospark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleConfigTest {
    private static final EnsembleConfig PAPER = EnsembleConfig.paper();

    @Test
    void thePapersSettings() {
        assertThat(PAPER.members()).isEqualTo(7);
        assertThat(PAPER.elites()).isEqualTo(5);
        assertThat(PAPER.hiddenSizes()).containsExactly(200, 200, 200, 200);
        assertThat(PAPER.weightDecay()).containsExactly(2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4);
        assertThat(PAPER.learningRate()).isEqualTo(1e-3);
        assertThat(PAPER.boundCoefficient()).isEqualTo(0.01);
        assertThat(PAPER.batchSize()).isEqualTo(256);
        assertThat(PAPER.earlyStopping()).isEqualTo(EarlyStopping.ENSEMBLE);
        assertThat(PAPER.lipschitz()).isEqualTo(Lipschitz.off());
        assertThat(PAPER.targetUnits()).isEqualTo(TargetUnits.RAW);
        assertThat(Lipschitz.off().bound()).isEqualTo(4);
    }

    @Test
    void eachChangeChangesItsField() {
        assertThat(PAPER.withMembers(3, 2)).matches(config -> config.members() == 3 && config.elites() == 2);
        assertThat(PAPER.withLayers(List.of(8), List.of(0.1, 0.2)))
                .matches(config -> config.hiddenSizes().equals(List.of(8))
                        && config.weightDecay().equals(List.of(0.1, 0.2)));
        assertThat(PAPER.withBatchSize(3).batchSize()).isEqualTo(3);
        assertThat(PAPER.withLearningRate(0.5).learningRate()).isEqualTo(0.5);
        assertThat(PAPER.withBoundCoefficient(0.5).boundCoefficient()).isEqualTo(0.5);
        assertThat(PAPER.withEpochs(9, EarlyStopping.MEMBER))
                .matches(config -> config.maxEpochs() == 9 && config.earlyStopping() == EarlyStopping.MEMBER);
        assertThat(PAPER.withLipschitz(Lipschitz.bound(2)).lipschitz()).isEqualTo(Lipschitz.bound(2));
        assertThat(PAPER.withTargetUnits(TargetUnits.STANDARDISED).targetUnits())
                .isEqualTo(TargetUnits.STANDARDISED);
    }

    @Test
    void whatIsOutsideItsRuleIsNamedWithItsValue() {
        assertThatThrownBy(() -> PAPER.withMembers(0, 1))
                .hasMessageContaining("ensemble.members must be at least 1, but was 0");
        assertThatThrownBy(() -> PAPER.withMembers(3, 4))
                .hasMessageContaining("ensemble.elites must be from 1 to members = 3, but was 4");
        assertThatThrownBy(() -> PAPER.withMembers(3, 0)).hasMessageContaining("but was 0");
        assertThatThrownBy(() -> PAPER.withLayers(List.of(8), List.of(0.1)))
                .hasMessageContaining("ensemble.weight-decay")
                .hasMessageContaining("1 hidden layers and the output layer, but has 1");
        assertThatThrownBy(() -> PAPER.withLayers(List.of(0), List.of(0.1, 0.1)))
                .hasMessageContaining("ensemble.hidden-sizes must be at least 1, but was 0");
        assertThatThrownBy(() -> PAPER.withLayers(List.of(8), List.of(0.1, -1.0)))
                .hasMessageContaining("ensemble.weight-decay must be numbers of at least 0, but one was -1.0");
        assertThatThrownBy(() -> PAPER.withBatchSize(0)).hasMessageContaining("ensemble.batch-size");
        assertThatThrownBy(() -> PAPER.withLearningRate(Double.NaN))
                .hasMessageContaining("ensemble.learning-rate")
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> PAPER.withBoundCoefficient(-0.5))
                .hasMessageContaining("ensemble.bound-coefficient must be a number of at least 0, but was -0.5");
        assertThatThrownBy(() -> PAPER.withBoundCoefficient(Double.NaN)).hasMessageContaining("but was NaN");
        assertThatThrownBy(() -> PAPER.withEpochs(0, EarlyStopping.NONE)).hasMessageContaining("ensemble.max-epochs");
        assertThatThrownBy(() -> Lipschitz.bound(0))
                .hasMessageContaining("ensemble.lipschitz.bound must be a positive number, but was 0.0");
        assertThat(PAPER.withMembers(1, 1).members()).isEqualTo(1);
    }

    @Test
    void membersShareWhatTheDistanceOfBoundsCosts() {
        assertThat(PAPER.memberBoundCoefficient()).isEqualTo(0.01 / 7);
        assertThat(PAPER.withMembers(1, 1).memberBoundCoefficient()).isEqualTo(0.01);
    }

    @Test
    void theLipschitzScalesAreTheirRules() {
        assertThat(Lipschitz.off().scale(9)).isEqualTo(1);
        assertThat(Lipschitz.normalise().scale(8)).isEqualTo(0.125);
        assertThat(Lipschitz.normalise().scale(0.5)).isEqualTo(2);
        assertThat(Lipschitz.bound(4).scale(8)).isEqualTo(0.5);
        assertThat(Lipschitz.bound(4).scale(3)).isEqualTo(1);
    }
}

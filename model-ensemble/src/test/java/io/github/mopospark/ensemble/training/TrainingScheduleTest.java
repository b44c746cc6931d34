package io.github.mopospark.ensemble.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingScheduleTest {
    private static final EnsembleConfig CONFIG = EnsembleConfig.paper().withMembers(2, 1);

    private static float[] falling(int epochs, int until, double rate) {
        float[] curve = new float[epochs];
        float error = 1;
        for (int i = 0; i < epochs; i++) {
            curve[i] = error;
            error *= i < until ? (float) (1 - rate) : 1;
        }
        return curve;
    }

    @Test
    void stopsAfterMoreThanFiveEpochsInWhichNoMemberGained() {
        // Gains in the first 11 epochs, then none: 6 epochs later it is over.
        assertThat(StoppingRule.stop(List.of(falling(30, 10, 0.02)))).hasValue(17);
        assertThat(StoppingRule.stop(List.of(falling(16, 10, 0.02)))).isEmpty();
        assertThat(StoppingRule.stop(List.of(falling(30, 10, 0.02), falling(30, 14, 0.02))))
                .hasValue(21);
    }

    @Test
    void smallGainsAddUpUntilTheyAreOnePercentOfTheLast() {
        // 0.4% an epoch is 1% every third epoch, so it goes on; 0.1% needs more than 6.
        assertThat(StoppingRule.stop(List.of(falling(100, 100, 0.004)))).isEmpty();
        assertThat(StoppingRule.stop(List.of(falling(100, 100, 0.001)))).hasValue(7);
    }

    /** A member that is as far as its curve, its weights the epoch of its best error. */
    private static MemberState state(int member, float[] curve, int epochs) {
        float[] soFar = Arrays.copyOf(curve, epochs);
        int best = 0;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            if (best == 0 || soFar[epoch - 1] < soFar[best - 1]) {
                best = epoch;
            }
        }
        return new MemberState(member, soFar, null, best, new MemberWeights(new float[] {best}, new float[0]), false);
    }

    private static TrainingSchedule.Block block(List<float[]> curves) {
        return (members, toEpoch) -> members.stream()
                .map(member -> state(member.member(), curves.get(member.member()), toEpoch))
                .toList();
    }

    private static List<MemberState> start() {
        return List.of(state(0, new float[0], 0), state(1, new float[0], 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10, 17, 50})
    void theEnsemblesRuleStopsAtTheSameEpochWhateverTheBlocks(int blockEpochs) {
        float[] late = falling(60, 10, 0.02);
        // Better after the stop, which must not be kept.
        Arrays.fill(late, 18, 60, 0.1f);
        List<MemberState> members = TrainingSchedule.run(
                CONFIG.withEpochs(60, EarlyStopping.ENSEMBLE),
                start(),
                blockEpochs,
                block(List.of(falling(60, 10, 0.02), late)),
                after -> {});
        assertThat(members).extracting(MemberState::epoch).containsExactly(17, 17);
        assertThat(members).extracting(MemberState::bestEpoch).containsExactly(11, 11);
        assertThat(members).extracting(member -> member.best().parameters()[0]).containsExactly(11f, 11f);
    }

    @Test
    void withoutARuleItGoesToTheLastEpochAndSavesEachBlock() {
        List<Integer> saved = new ArrayList<>();
        List<float[]> curves = List.of(falling(25, 0, 0), falling(25, 0, 0));
        List<MemberState> members = TrainingSchedule.run(
                CONFIG.withEpochs(25, EarlyStopping.NONE),
                start(),
                10,
                block(curves),
                after -> saved.add(after.get(0).epoch()));
        assertThat(members).extracting(MemberState::epoch).containsExactly(25, 25);
        assertThat(saved).containsExactly(10, 20, 25);
    }

    @Test
    void goesOnFromWhereItWas() {
        List<Integer> saved = new ArrayList<>();
        List<float[]> curves = List.of(falling(25, 0, 0), falling(25, 0, 0));
        TrainingSchedule.run(
                CONFIG.withEpochs(25, EarlyStopping.NONE),
                List.of(state(0, curves.get(0), 20), state(1, curves.get(1), 10)),
                10,
                block(curves),
                after -> saved.add(after.get(1).epoch()));
        assertThat(saved).containsExactly(20, 25);
        assertThat(TrainingSchedule.run(
                        CONFIG.withEpochs(25, EarlyStopping.NONE),
                        List.of(state(0, curves.get(0), 25), state(1, curves.get(1), 25)),
                        10,
                        (members, toEpoch) -> {
                            throw new AssertionError("nothing is left to train");
                        },
                        after -> {}))
                .hasSize(2);
    }

    @Test
    void blocksHaveAtLeastOneEpoch() {
        assertThatThrownBy(() -> TrainingSchedule.run(CONFIG, start(), 0, block(List.of()), after -> {}))
                .hasMessageContaining("ensemble.block-epochs must be at least 1, but was 0");
    }
}

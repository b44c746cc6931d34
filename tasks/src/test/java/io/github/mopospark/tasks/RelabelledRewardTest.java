package io.github.mopospark.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RelabelledRewardTest {
    private static final double TOLERANCE = 1e-12;

    @Test
    void capsTheSpeedOfTheJumpAtThree() {
        JumpReward reward = new JumpReward(JumpReward.SpeedCap.MIN);

        assertThat(reward.reward(2, 1.5, 0.2)).isCloseTo(2 - 0.15 + 3, within(TOLERANCE));
        assertThat(reward.reward(5, 1.5, 0.2)).isCloseTo(3 - 0.15 + 3, within(TOLERANCE));
    }

    @Test
    void takesTheFormulaAsPrintedWhenAsked() {
        JumpReward reward = new JumpReward(JumpReward.SpeedCap.MAX);

        assertThat(reward.reward(2, 0, 0)).isEqualTo(3);
        assertThat(reward.reward(5, 0, 0)).isEqualTo(5);
    }

    @Test
    void recoversTheJumpsSpeedFromTheRecordedReward() {
        float[] action = {0.5f, -1, 0, 0, 0, 0};
        float[] nextObservation = new float[17];
        nextObservation[0] = 0.25f;
        double recorded = 2 - 0.1 * 1.25;

        double relabelled = new JumpReward(JumpReward.SpeedCap.MIN).relabel(recorded, action, nextObservation);

        assertThat(relabelled).isCloseTo(2 - 0.1 * 1.25 + 15 * 0.25, within(TOLERANCE));
    }

    @Test
    void rewardsTheAntForItsVelocityThirtyDegreesOffTheAxis() {
        float[] action = {1, 0, 0, 0, 0, 0, 0, -0.5f};
        float[] nextObservation = new float[27];
        nextObservation[13] = 2;
        nextObservation[14] = -1;

        double relabelled = new AngleReward().relabel(99, action, nextObservation);

        assertThat(relabelled)
                .isCloseTo(2 * Math.cos(Math.PI / 6) - Math.sin(Math.PI / 6) - 0.5 * 1.25, within(TOLERANCE));
    }

    @Test
    void onlyTheJumpRewardHasASpeedCap() {
        Task jump = Tasks.named("halfcheetah-jump");
        assertThat(jump.withSpeedCap(JumpReward.SpeedCap.MIN)).isEqualTo(jump);
        assertThat(jump.withSpeedCap(JumpReward.SpeedCap.MAX).relabelledReward())
                .contains(new JumpReward(JumpReward.SpeedCap.MAX));
        for (String other : List.of("hopper", "ant-angle")) {
            assertThat(Tasks.named(other).withSpeedCap(JumpReward.SpeedCap.MAX)).isSameAs(Tasks.named(other));
        }
    }
}

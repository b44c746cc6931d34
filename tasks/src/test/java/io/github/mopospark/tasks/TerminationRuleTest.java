package io.github.mopospark.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminationRuleTest {

    @ParameterizedTest
    @CsvSource({
        // rule, height, angle, another number, ends
        "HOPPER, 1.25, 0, 0, false",
        "HOPPER, 0.7, 0, 0, true",
        "HOPPER, 0.75, 0, 0, false",
        "HOPPER, 500, 0, 0, false",
        "HOPPER, 1.25, 0.2, 0, true",
        "HOPPER, 1.25, -0.2, 0, true",
        "HOPPER, 1.25, -0.19, 0, false",
        "HOPPER, 1.25, 0, 100, true",
        "HOPPER, 1.25, 0, -100, true",
        "HOPPER, 1.25, 0, -99, false",
        "HOPPER, 1.25, 0, NaN, true",
        "HOPPER, NaN, 0, 0, true",
        "WALKER2D, 1.25, 0, 0, false",
        "WALKER2D, 2.0, 0, 0, true",
        "WALKER2D, 0.75, 0, 0, true",
        "WALKER2D, 1.25, 1, 0, true",
        "WALKER2D, 1.25, -1, 0, true",
        "WALKER2D, 1.25, NaN, 0, true",
        "WALKER2D, 1.25, 0, 1000, false",
        "ANT, 0.75, 7, 0, false",
        "ANT, 1.0, 0, 0, false",
        "ANT, 1.01, 0, 0, true",
        "ANT, 0.19, 0, 0, true",
        "ANT, 0.75, 0, Infinity, true",
        "ANT, 0.75, 0, 1000, false",
        "NEVER, -50, 9, 1000, false",
    })
    void endsAnEpisodeOutsideTheHealthyRange(
            TerminationRule rule, double height, double angle, double other, boolean ends) {
        double[] observation = {height, angle, 0, other};
        // The row before would end under every rule but NEVER, so a wrong offset shows.
        float[] batch = {Float.NaN, 0, 0, 0, (float) height, (float) angle, 0, (float) other};

        assertThat(rule.terminates(observation)).isEqualTo(ends);
        assertThat(rule.terminates(batch, 1, 4)).isEqualTo(ends);
        assertThat(rule.terminates(batch, 0, 4)).isEqualTo(rule != TerminationRule.NEVER);
    }

    @Test
    void excludesTheLimitsOfTheWalkersHeightAndIncludesTheAnts() {
        assertThat(TerminationRule.WALKER2D.terminates(new double[] {0.8, 0})).isTrue();
        assertThat(TerminationRule.WALKER2D.terminates(new double[] {Math.nextUp(0.8), 0}))
                .isFalse();
        assertThat(TerminationRule.ANT.terminates(new double[] {0.2, 0})).isFalse();
        assertThat(TerminationRule.ANT.terminates(new double[] {Math.nextDown(0.2), 0}))
                .isTrue();
    }
}

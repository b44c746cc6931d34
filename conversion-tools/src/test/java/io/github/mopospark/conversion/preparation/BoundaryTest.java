package io.github.mopospark.conversion.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.preparation.Boundary.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundaryTest {
    @ParameterizedTest
    @ValueSource(strings = {"flags", "discontinuity", "fixed:1", "fixed:999999999", "legacy-d4rl"})
    void printsWhatItParses(String text) {
        assertThat(Boundary.parse(text)).hasToString(text);
    }

    @Test
    void parsesAnyCase() {
        assertThat(Boundary.parse("FIXED:20")).isEqualTo(new Boundary(Rule.FIXED_LENGTH, 20));
        assertThat(Boundary.parse("Legacy-D4RL")).isEqualTo(new Boundary(Rule.LEGACY_D4RL, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "fixed", "fixed:", "fixed:0", "fixed:-1", "fixed:01", "fixed:1e3", "fixed:9999999999", "flag"
            })
    void refusesAnotherText(String text) {
        assertThatThrownBy(() -> Boundary.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("flags, discontinuity, fixed:N", text);
    }

    @Test
    void refusesALengthThatDoesNotFitTheRule() {
        assertThatThrownBy(() -> new Boundary(Rule.FIXED_LENGTH, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Boundary(Rule.FLAGS, 3)).isInstanceOf(IllegalArgumentException.class);
    }
}

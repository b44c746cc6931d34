package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.networks.Initialiser;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SacConfigTest {
    /** The preset {@code paper} with one number changed. */
    private static SacConfig with(String key, double value) {
        List<String> keys = List.of(
                "batch-size",
                "discount",
                "polyak",
                "critic-rate",
                "actor-rate",
                "actor-decay-updates",
                "temperature-rate",
                "initial-temperature",
                "target-entropy",
                "least-log-std",
                "greatest-log-std");
        double[] numbers = {256, 0.99, 0.005, 3e-4, 3e-4, 0, 3e-4, 1, -3, -20, 2};
        numbers[keys.indexOf(key)] = value;
        return new SacConfig(
                List.of(256, 256),
                Initialiser.GLOROT_UNIFORM,
                (int) numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                (long) numbers[5],
                numbers[6],
                numbers[7],
                numbers[8],
                numbers[9],
                numbers[10]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch-size | 0 | must be at least 1, but was 0",
                "discount | -0.1 | must be in [0, 1], but was -0.1",
                "discount | 2 | must be in [0, 1], but was 2.0",
                "polyak | 0 | must be in (0, 1], but was 0.0",
                "polyak | 1.5 | must be in (0, 1], but was 1.5",
                "critic-rate | NaN | must be at least 0 and finite, but was NaN",
                "actor-rate | -1 | must be at least 0 and finite, but was -1.0",
                "temperature-rate | Infinity | must be at least 0 and finite, but was Infinity",
                "actor-decay-updates | -1 | must be at least 0, but was -1",
                "initial-temperature | 0 | must be positive and finite, but was 0.0",
                "target-entropy | NaN | must be finite, but was NaN",
                "least-log-std | -Infinity | must be finite, but was -Infinity",
                "greatest-log-std | -20 | must be finite and greater than learner.least-log-std = -20.0, but was -20.0"
            })
    void whatIsOutsideItsRuleIsNamedWithItsKeyAndValue(String key, double value, String rule) {
        assertThatThrownBy(() -> with(key, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("learner.%s %s", key, rule);
    }

    @ParameterizedTest
    @CsvSource({"batch-size, 1", "discount, 0", "discount, 1", "polyak, 1", "critic-rate, 0", "temperature-rate, 0"})
    void whatIsAtTheEdgeOfItsRuleIsTaken(String key, double value) {
        assertThat(with(key, value)).isNotNull();
    }
}

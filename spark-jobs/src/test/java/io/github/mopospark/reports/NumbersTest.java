package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void tellsATimeInTwoUnits() {
        assertThat(Numbers.duration(0)).isEqualTo("0.0 s");
        assertThat(Numbers.duration(12.34)).isEqualTo("12.3 s");
        assertThat(Numbers.duration(59.99)).isEqualTo("1 min 0 s");
        assertThat(Numbers.duration(3_599.7)).isEqualTo("1 h 0 min");
        assertThat(Numbers.duration(754)).isEqualTo("12 min 34 s");
        assertThat(Numbers.duration(3_600 * 26 + 60 * 59 + 31)).isEqualTo("27 h 0 min");
    }
}

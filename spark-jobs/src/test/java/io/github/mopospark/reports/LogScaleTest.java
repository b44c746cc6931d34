package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogScaleTest {
    @Test
    void goesFromOneRoundNumberToAnother() {
        assertThat(LogScale.covering(0.0143, 0.241).marks()).containsExactly(0.01, 0.02, 0.05, 0.1, 0.2, 0.5);
        assertThat(LogScale.covering(3, 3).marks()).containsExactly(2.0, 5.0);
        assertThat(LogScale.covering(1, 1).marks()).containsExactly(1.0, 2.0);
        assertThat(LogScale.covering(0.02, 900).marks()).containsExactly(0.01, 0.1, 1.0, 10.0, 100.0, 1000.0);
    }

    @Test
    void coversEveryRangeWithFewMarks() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            double exponent = random.nextDouble(-300, 300);
            double low = Math.pow(10, exponent);
            double high = Math.pow(10, random.nextDouble(exponent, i % 2 == 0 ? exponent + 2 : 303));
            LogScale scale = LogScale.covering(low, high);

            assertThat(scale.marks()).isSorted().hasSizeBetween(2, 10);
            assertThat(scale.position(low)).isBetween(0.0, 1.0);
            assertThat(scale.position(high)).isBetween(scale.position(low), 1.0);
        }
    }

    @Test
    void labelsWithoutZerosThatSayNothing() {
        assertThat(LogScale.label(0.0002)).isEqualTo("0.0002");
        assertThat(LogScale.label(0.5)).isEqualTo("0.5");
        assertThat(LogScale.label(10)).isEqualTo("10");
        assertThat(LogScale.label(200_000)).isEqualTo("200,000");
        assertThat(LogScale.label(1e6)).isEqualTo("1e+06");
        assertThat(LogScale.label(5e-5)).isEqualTo("5e-05");
    }

    @Test
    void refusesWhatHasNoLogarithm() {
        assertThatThrownBy(() -> LogScale.covering(0, 1)).hasMessage("no logarithmic scale covers 0.0 to 1.0");
        assertThatThrownBy(() -> LogScale.covering(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}

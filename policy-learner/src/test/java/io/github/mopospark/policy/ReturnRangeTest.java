package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReturnRangeTest {
    @Test
    void isTheGreatestAndTheLeastRewardForEver() {
        ReturnRange range = ReturnRange.of(new float[] {1, -2, 4}, 0.75);
        assertThat(range.least()).isCloseTo(-8, within(1e-9));
        assertThat(range.greatest()).isCloseTo(16, within(1e-9));
    }

    @Test
    void holdsTheReturnOfAnEpisodeThatEndsAtOnce() {
        assertThat(ReturnRange.of(new float[] {2, 3}, 0.5)).isEqualTo(new ReturnRange(0, 6));
        assertThat(ReturnRange.of(new float[] {-2, -3}, 0.5)).isEqualTo(new ReturnRange(-6, 0));
        assertThat(ReturnRange.of(new float[0], 0.5)).isEqualTo(new ReturnRange(0, 0));
    }

    @Test
    void isOpenOnTheSideOfRewardsThatAreNotDiscounted() {
        assertThat(ReturnRange.of(new float[] {0, 1}, 1)).isEqualTo(new ReturnRange(0, Double.POSITIVE_INFINITY));
    }

    @Test
    void clipsToTheNearestBound() {
        ReturnRange range = new ReturnRange(-1, 2);
        assertThat(range.clip(-3)).isEqualTo(-1);
        assertThat(range.clip(1.5f)).isEqualTo(1.5f);
        assertThat(range.clip(1e9f)).isEqualTo(2);
        assertThat(range.clip(Float.NaN)).isNaN();
    }

    @Test
    void aRangeWithoutZeroIsRefused() {
        assertThatThrownBy(() -> new ReturnRange(1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[1.0, 2.0]");
    }
}

package io.github.mopospark.networks.saving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountsTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, (1 << 20) - 1, 1 << 20, (1 << 24) + 1, 123_456_789_012L, (1L << 40) - 1})
    void comesBackAsItWas(long count) {
        float[] numbers = {7, 7, 7, 7};
        Counts.put(count, numbers, 1);
        assertThat(Counts.get(numbers, 1, "counts")).isEqualTo(count);
        assertThat(numbers).startsWith(7).endsWith(7);
    }

    /** Files of this layout exist. */
    @Test
    void isTheHighAndTheLowBits() {
        float[] numbers = new float[Counts.FLOATS];
        Counts.put(3 * (1 << 20) + 5, numbers, 0);
        assertThat(numbers).containsExactly(3, 5);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 40, Long.MAX_VALUE})
    void refusesWhatTwoFloatsDoNotHold(long count) {
        assertThatThrownBy(() -> Counts.put(count, new float[2], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0 to 2^40 - 1, but was " + count);
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, 0.5f, 1 << 20, Float.NaN, Float.POSITIVE_INFINITY})
    void refusesFloatsThatAreNoCount(float number) {
        assertThatThrownBy(() -> Counts.get(new float[] {0, 0, number}, 1, "a.npz: counts"))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("a.npz: counts: the number at [2] is " + number
                        + ", but must be a whole one from 0 to 1048575");
        assertThatThrownBy(() -> Counts.get(new float[] {0, number, 0}, 1, "a.npz: counts"))
                .hasMessageContaining("at [1]");
    }
}

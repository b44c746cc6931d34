package io.github.mopospark.policy.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundShapeTest {
    @Test
    void givesEachShardItsStartsTimesTheHorizon() {
        RoundShape shape = new RoundShape(50_000, 5, 100);
        assertThat(shape.rows()).isEqualTo(250_000);
        assertThat(shape.firstStart(3)).isEqualTo(1500);
        assertThat(shape.firstRow(3)).isEqualTo(7500);
        assertThat(shape.rowsOf(99)).isEqualTo(2500);
        assertThat(shape.firstRow(100)).isEqualTo(250_000);
    }

    @Test
    void cutsStartsEvenlyThatDoNotDivide() {
        RoundShape shape = new RoundShape(11, 2, 4);
        assertThat(new int[] {shape.rowsOf(0), shape.rowsOf(1), shape.rowsOf(2), shape.rowsOf(3)})
                .containsExactly(4, 6, 6, 6);
        RoundShape largest = new RoundShape(Integer.MAX_VALUE, 1, 3);
        assertThat(largest.firstStart(2)).isEqualTo(1_431_655_764);
        assertThat(largest.rowsOf(2)).isEqualTo(715_827_883);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "10; 0; 1; rollout length h must be at least 1, but was 0",
                "10; -3; 1; rollout length h must be at least 1, but was -3",
                "0; 1; 1; rollout starts must be at least 1, but was 0",
                "10; 1; 0; rollout shards must be at least 1, but was 0",
                "10; 1; 11; at most the rollout starts, 10, but are 11",
                "1000000; 3000; 5; 3,000,000,000 rows, but may have at most 2,147,483,647",
            })
    void refusesNumbersThatMakeNoRound(int starts, int horizon, int shards, String message) {
        assertThatThrownBy(() -> new RoundShape(starts, horizon, shards))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}

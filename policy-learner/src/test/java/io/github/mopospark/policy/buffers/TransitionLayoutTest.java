package io.github.mopospark.policy.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransitionLayoutTest {
    @Test
    void putsTheColumnsOneBehindTheOther() {
        TransitionLayout layout = new TransitionLayout(17, 6);
        assertThat(layout.action()).isEqualTo(17);
        assertThat(layout.reward()).isEqualTo(23);
        assertThat(layout.nextObservation()).isEqualTo(24);
        assertThat(layout.terminal()).isEqualTo(41);
        assertThat(layout.size()).isEqualTo(42);
    }

    @Test
    void namesEachColumn() {
        TransitionLayout layout = new TransitionLayout(2, 1);
        assertThat(IntStream.range(0, layout.size()).mapToObj(layout::nameOf))
                .containsExactly(
                        "observation[0]",
                        "observation[1]",
                        "action[0]",
                        "reward",
                        "next observation[0]",
                        "next observation[1]",
                        "terminal");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 3", "2000000000, 3", "600000, 1"})
    void refusesSizesThatAreNone(int observationSize, int actionSize) {
        assertThatThrownBy(() -> new TransitionLayout(observationSize, actionSize))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.format("%d", observationSize));
    }
}

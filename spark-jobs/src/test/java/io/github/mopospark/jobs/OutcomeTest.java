package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.DatasetException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void givesTheValue() throws Exception {
        assertThat(Outcome.of(() -> "value").orThrow()).isEqualTo("value");
    }

    @Test
    void wrongDataAreAnAnswerThatTheDriverThrows() throws Exception {
        Outcome<String> outcome = Outcome.of(() -> {
            throw new DatasetException("part 3 is damaged");
        });
        assertThatThrownBy(outcome::orThrow).isInstanceOf(RunException.class).hasMessage("part 3 is damaged");
    }

    @Test
    void whatMayPassIsThrownSoThatSparkTriesAgain() {
        assertThatThrownBy(() -> Outcome.of(() -> {
                    throw new IOException("connection reset");
                }))
                .isInstanceOf(IOException.class);
    }
}

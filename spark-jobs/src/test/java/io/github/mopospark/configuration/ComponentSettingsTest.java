package io.github.mopospark.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentSettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ensemble.block-epochs | 0 | must be at least 1, but was 0",
                "ensemble.members | 0 | must be at least 1, but was 0",
                "ensemble.learning-rate | 0 | must be a positive number, but was 0.0",
                "ensemble.bound-coefficient | -1 | must be a number of at least 0, but was -1.0",
                "rollout.length | 0 | (h) must be at least 1, but was 0",
                "rollout.penalty-coefficient | -1 | (lambda) must be a number of at least 0, but was -1.0",
                "rollout.starts | 0 | must be at least 1, but was 0",
                "rollout.shards | 0 | must be at least 1, but was 0",
                "rollout.shards | 50001 | must be at most rollout.starts = 50000, but was 50001",
                "rollout.rounds-kept | 0 | must be at least 1, but was 0",
                "rollout.starts | 500000000 | times rollout.length must be at most 2147483647 rows, but was 2500000000",
                "learner.epochs | 0 | must be at least 1, but was 0",
                "learner.updates-per-epoch | 0 | must be at least 1, but was 0",
                "learner.real-share | 1.1 | must be from 0 to 1, but was 1.1",
                "learner.real-share | -0.1 | must be from 0 to 1, but was -0.1",
                "learner.discount | 2 | must be in [0, 1], but was 2.0",
                "learner.threads | 0 | must be 1 or 2, but was 0",
                "learner.threads | 3 | must be 1 or 2, but was 3",
                "evaluation.every | -1 | must be at least 0, but was -1",
                "evaluation.episodes | 0 | must be at least 1, but was 0",
                "evaluation.fitted-q-updates | -1 | must be at least 0, but was -1",
                "evaluation.penalty-coefficient | -1 | must be at least 0 and finite, but was -1.0",
                "checkpoint.every | -1 | must be at least 0, but was -1",
                "tracking.mlflow.uri | host:5000 | must be the address of an MLflow tracking server, http://HOST:PORT or https://HOST, without a query",
                "tracking.mlflow.uri | runs/mlruns | must be the address of an MLflow tracking server, http://HOST:PORT or https://HOST, without a query",
                "tracking.mlflow.uri | databricks://x | must be the address of an MLflow tracking server, http://HOST:PORT or https://HOST, without a query",
                "tracking.mlflow.uri | http://host?token=x | must be the address of an MLflow tracking server, http://HOST:PORT or https://HOST, without a query",
                "tracking.mlflow.uri | http://a host | must be an address such as http://host:5000, but is none (Illegal character in authority at character 8)",
                "tracking.mlflow.experiment | '' | must be a name of at most 500 characters, but has 0"
            })
    void whatIsOutsideItsRuleIsNamedWithItsKeyAndValue(String key, String value, String rule) {
        assertThatThrownBy(() -> Configs.with(key, value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the command line: %s %s", key, rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://me:secret@host:5000", "https://secret@host", "http://me:secret@a_host:5000"})
    void anAddressWithAPasswordIsRefusedAndNotRepeated(String uri) {
        assertThatThrownBy(() -> Configs.with("tracking.mlflow.uri", uri))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("the command line: tracking.mlflow.uri must have no user and no password")
                .hasMessageContaining("MLFLOW_TRACKING_PASSWORD")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void theAddressOfAServerMayHaveAPathAndEndInASlash() {
        assertThat(Configs.with("tracking.mlflow.uri", "https://host:5000/mlflow/")
                        .tracking()
                        .uri())
                .isEqualTo("https://host:5000/mlflow");
        assertThat(Configs.with().tracking().isOn()).isFalse();
        assertThat(Configs.with("tracking.mlflow.uri", "http://host").tracking().isOn())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "rollout.shards, 50000",
        "learner.real-share, 0",
        "learner.real-share, 1",
        "learner.threads, 1",
        "evaluation.every, 0",
        "checkpoint.every, 0"
    })
    void whatIsAtTheEdgeOfItsRuleIsTaken(String key, String value) {
        assertThat(Configs.with(key, value).settings().get(key).toString()).startsWith(value);
    }

    @Test
    void theLastEpochIsAlwaysEvaluatedAndSaved() {
        EvaluationSettings evaluation = new EvaluationSettings(3, 10, 0, 1);
        CheckpointSettings checkpoint = new CheckpointSettings(4, CheckpointRounds.SAVE);

        assertThat(IntStream.rangeClosed(1, 10).filter(epoch -> evaluation.isDueAfter(epoch, 10)))
                .containsExactly(3, 6, 9, 10);
        assertThat(IntStream.rangeClosed(1, 10).filter(epoch -> checkpoint.isDueAfter(epoch, 10)))
                .containsExactly(4, 8, 10);
        assertThat(IntStream.rangeClosed(1, 10)
                        .filter(epoch -> new EvaluationSettings(0, 1, 0, 1).isDueAfter(epoch, 10)))
                .containsExactly(10);
        assertThat(IntStream.rangeClosed(1, 10)
                        .filter(epoch -> new CheckpointSettings(0, CheckpointRounds.SAVE).isDueAfter(epoch, 10)))
                .containsExactly(10);
    }

    @Test
    void aRoundHasTheRoomOfItsRollouts() {
        assertThat(Configs.with().rollout().roundShape().rows()).isEqualTo(250_000);
        assertThat(Configs.with().rollout().roundShape().shards()).isEqualTo(100);
    }
}

package io.github.mopospark.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunConfigTest {
    @TempDir
    private Path folder;

    /** Every key at a value that no preset has. */
    private static RunConfig unlikeAnyPreset() {
        return Configs.with(
                "task", "halfcheetah-jump",
                "data", "a \"quoted\" ${name}/x.hdf5",
                "seed", "-9000000000",
                "preset", "offlinerl-kit",
                "kernels", "cpu-plain",
                "determinism", "relaxed",
                "conversion.boundary", "fixed:77",
                "conversion.relabel", "halfcheetah-jump",
                "conversion.speed-cap", "max",
                "conversion.drop-nonfinite", "true",
                "ensemble.members", "3",
                "ensemble.elites", "2",
                "ensemble.hidden-sizes", "[5, 6]",
                "ensemble.weight-decay", "[0.1, 1e-7, 0]",
                "ensemble.learning-rate", "0.02",
                "ensemble.bound-coefficient", "0.003",
                "ensemble.batch-size", "9",
                "ensemble.max-epochs", "8",
                "ensemble.early-stopping", "member",
                "ensemble.lipschitz.mode", "bound",
                "ensemble.lipschitz.bound", "3.5",
                "ensemble.target-units", "standardised",
                "ensemble.block-epochs", "2",
                "ensemble.trainer", "dl4j-spark",
                "ensemble.averaging.workers", "5",
                "ensemble.averaging.frequency", "6",
                "ensemble.trained", "runs/a/ensemble",
                "rollout.length", "6",
                "rollout.penalty-coefficient", "0.25",
                "rollout.penalty", "ensemble-disagreement",
                "rollout.reward", "mean",
                "rollout.actions", "uniform",
                "rollout.starts", "40",
                "rollout.shards", "4",
                "rollout.rounds-kept", "3",
                "rollout.overlap", "true",
                "learner.epochs", "12",
                "learner.updates-per-epoch", "13",
                "learner.real-share", "0.5",
                "learner.threads", "1",
                "learner.hidden-sizes", "[7]",
                "learner.initialiser", "truncated-normal",
                "learner.batch-size", "20",
                "learner.discount", "0.9",
                "learner.polyak", "0.01",
                "learner.critic-rate", "0.03",
                "learner.actor-rate", "0.04",
                "learner.actor-decay-updates", "5000000000",
                "learner.temperature-rate", "0.05",
                "learner.initial-temperature", "0.5",
                "learner.target-entropy", "-2.5",
                "learner.least-log-std", "-7",
                "learner.greatest-log-std", "3",
                "evaluation.every", "0",
                "evaluation.episodes", "4",
                "evaluation.fitted-q-updates", "5",
                "evaluation.penalty-coefficient", "0.25",
                "checkpoint.every", "6",
                "checkpoint.rounds", "policies",
                "tracking.mlflow.uri", "https://example.org:5000/mlflow",
                "tracking.mlflow.experiment", "another \"one\"");
    }

    @Test
    void whatIsRenderedReadsAgainAsTheSame() throws IOException {
        for (RunConfig config :
                new RunConfig[] {Configs.with(), Configs.with("preset", "offlinerl-kit"), unlikeAnyPreset()}) {
            RunConfig again = Configs.ofFile(folder, config.render(), Map.of());

            assertThat(again).isEqualTo(config);
            assertThat(again.render()).isEqualTo(config.render());
            assertThat(again.digest()).isEqualTo(config.digest());
        }
    }

    @Test
    void everyKeyOfTheDefaultsIsRenderedAndCanBeSet() throws IOException {
        Map<String, Object> settings = unlikeAnyPreset().settings();
        try (Reader defaults =
                new InputStreamReader(RunConfig.class.getResourceAsStream("defaults.conf"), StandardCharsets.UTF_8)) {
            assertThat(settings)
                    .containsOnlyKeys(ConfigFactory.parseReader(defaults).entrySet().stream()
                            .map(Map.Entry::getKey)
                            .toList());
        }
        for (RunConfig preset : new RunConfig[] {Configs.with(), Configs.with("preset", "offlinerl-kit")}) {
            Map<String, Object> usual = preset.settings();
            settings.forEach((key, value) -> {
                if (!key.equals("preset")) {
                    assertThat(usual.get(key)).as(key).isNotEqualTo(value);
                }
            });
        }
    }

    @Test
    void settingsAreWhatWasSet() {
        assertThat(unlikeAnyPreset().settings())
                .containsEntry("data", "a \"quoted\" ${name}/x.hdf5")
                .containsEntry("seed", -9_000_000_000L)
                .containsEntry("ensemble.target-units", "standardised")
                .containsEntry("rollout.overlap", true)
                .containsEntry("learner.actor-decay-updates", 5_000_000_000L);
        assertThat(Configs.with().settings()).containsEntry("conversion.relabel", "none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task | walker2d",
                "seed | 1",
                "conversion.boundary | discontinuity",
                "conversion.drop-nonfinite | true",
                "conversion.speed-cap | max",
                "ensemble.members | 8",
                "ensemble.elites | 4",
                "ensemble.hidden-sizes | [200, 200, 200, 100]",
                "ensemble.weight-decay | [2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 2e-4]",
                "ensemble.learning-rate | 2e-3",
                "ensemble.bound-coefficient | 0.02",
                "ensemble.batch-size | 128",
                "ensemble.max-epochs | 150",
                "ensemble.early-stopping | none",
                "ensemble.lipschitz.mode | bound",
                "ensemble.lipschitz.bound | 2",
                "ensemble.target-units | standardised",
                "ensemble.trainer | dl4j-spark"
            })
    void theDigestChangesWithWhatTheEnsembleDependsOn(String key, String value) {
        assertThat(Configs.with(key, value).digest())
                .isNotEqualTo(Configs.with().digest());
    }

    @Test
    void theDigestOfAnAveragedEnsembleChangesWithHowItIsAveraged() {
        String averaged = Configs.with("ensemble.trainer", "dl4j-spark").digest();
        assertThat(Configs.with("ensemble.trainer", "dl4j-spark", "ensemble.averaging.workers", "3")
                        .digest())
                .isNotEqualTo(averaged);
        assertThat(Configs.with("ensemble.trainer", "dl4j-spark", "ensemble.averaging.frequency", "3")
                        .digest())
                .isNotEqualTo(averaged);
    }

    @ParameterizedTest
    @CsvSource({
        "data, x.hdf5",
        "preset, offlinerl-kit",
        "kernels, cpu",
        "determinism, relaxed",
        "ensemble.block-epochs, 1",
        "ensemble.trained, runs/a/ensemble",
        "ensemble.members, 7",
        "ensemble.averaging.workers, 3",
        "ensemble.averaging.frequency, 3",
        "rollout.length, 1",
        "rollout.penalty-coefficient, 0",
        "learner.epochs, 3",
        "learner.batch-size, 128",
        "evaluation.every, 1",
        "checkpoint.every, 1",
        "tracking.mlflow.uri, http://localhost:5000",
        "tracking.mlflow.experiment, x"
    })
    void theDigestChangesWithNothingElse(String key, String value) {
        assertThat(Configs.with(key, value).digest())
                .hasSize(64)
                .isEqualTo(Configs.with().digest());
    }

    @Test
    void differencesNameTheKeyAndBothValues() {
        RunConfig begun = Configs.with("rollout.length", "2");
        assertThat(begun.differences(begun)).isEmpty();
        assertThat(begun.differences(Configs.with("rollout.length", "3", "learner.epochs", "7", "seed", "1")))
                .containsExactly("seed = 0, not 1", "rollout.length = 2, not 3");
    }

    @ParameterizedTest
    @CsvSource({
        "learner.epochs, 3",
        "learner.threads, 1",
        "ensemble.block-epochs, 1",
        "evaluation.every, 1",
        "checkpoint.every, 1",
        "checkpoint.rounds, policies",
        "determinism, relaxed",
        "ensemble.trained, runs/a/ensemble",
        "tracking.mlflow.uri, http://localhost:5000",
        "tracking.mlflow.experiment, x"
    })
    void whatHasNoInfluenceOnWhatIsDoneIsNoDifference(String key, String value) {
        assertThat(Configs.with().differences(Configs.with(key, value))).isEmpty();
    }

    @Test
    void everyOtherKeyIsADifference() {
        assertThat(Configs.with().differences(unlikeAnyPreset()))
                .hasSize(Configs.with().settings().size() - 11);
    }

    @Test
    void moreEpochsAreADifferenceWhereTheActorsRateFallsOverAllOfThem() {
        String[] settings = {"learner.actor-decay-updates", "auto", "learner.epochs", "10"};
        RunConfig begun = Configs.with(settings);
        settings[3] = "20";
        assertThat(begun.differences(Configs.with(settings)))
                .containsExactly("learner.actor-decay-updates = 10000, not 20000");
        // What was settled at the start stays so.
        assertThat(begun.differences(ConfigReader.withOverrides(begun, Map.of("learner.epochs", "20"))))
                .isEmpty();
    }
}

package io.github.mopospark.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.policy.SacConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    @TempDir
    private Path folder;

    private RunConfig read(String text, String... overrides) throws IOException {
        return Configs.ofFile(folder, text, overrides.length == 0 ? Map.of() : Map.of(overrides[0], overrides[1]));
    }

    /** What the message begins with. */
    private String place(int line) {
        return folder.resolve("x.conf") + ": " + line + ": ";
    }

    @Test
    void thePresetsAreTheRecordsOwn() {
        RunConfig paper = Configs.with();
        RunConfig kit = Configs.with("preset", "offlinerl-kit");

        assertThat(paper.learner().sac()).isEqualTo(SacConfig.paper());
        assertThat(paper.learner().epochs()).isEqualTo(1000);
        assertThat(kit.learner().sac()).isEqualTo(SacConfig.offlineRlKit(3, 3_000_000));
        assertThat(kit.learner().epochs()).isEqualTo(3000);
        for (RunConfig config : List.of(paper, kit)) {
            assertThat(config.conversion()).isEqualTo(Preparation.defaults());
            assertThat(config.ensemble()).isEqualTo(EnsembleSettings.core(EnsembleConfig.paper(), 5));
            assertThat(config.rollout())
                    .isEqualTo(new RolloutSettings(
                            RolloutConfig.paper(5, 1), 50_000, 100, 5, false, RolloutActions.POLICY));
            assertThat(config.evaluation().episodes()).isEqualTo(10);
            assertThat(config.checkpoint().rounds()).isEqualTo(CheckpointRounds.SAVE);
            assertThat(config.kernels()).isEqualTo(KernelChoice.AUTO);
            assertThat(config.determinism()).isEqualTo(Determinism.STRICT);
            assertThat(config.data()).isEmpty();
        }
    }

    @Test
    void autoFollowsTheRun() {
        RunConfig config = Configs.with(
                "task", "ant", "preset", "offlinerl-kit", "learner.epochs", "7", "learner.updates-per-epoch", "11");

        assertThat(config.learner().sac().targetEntropy()).isEqualTo(-8);
        assertThat(config.learner().sac().actorDecayUpdates()).isEqualTo(77);
        assertThat(config.learner().updates()).isEqualTo(77);
    }

    @Test
    void laterLayersWin() throws IOException {
        String file =
                """
                task = hopper
                learner { actor-rate = 0.1, critic-rate = 0.2, temperature-rate = 0.3 }
                presets.paper.learner { critic-rate = 0.4, temperature-rate = 0.5 }
                presets.offlinerl-kit.learner.critic-rate = 0.6
                """;

        SacConfig paper =
                read(file, "learner.temperature-rate", "0.7").learner().sac();
        assertThat(paper.polyak()).isEqualTo(0.005);
        assertThat(paper.targetEntropy()).isEqualTo(-3);
        assertThat(paper.actorRate()).isEqualTo(0.1);
        assertThat(paper.criticRate()).isEqualTo(0.4);
        assertThat(paper.temperatureRate()).isEqualTo(0.7);

        SacConfig kit = read(file, "preset", "offlinerl-kit").learner().sac();
        assertThat(kit.leastLogStd()).isEqualTo(-5);
        assertThat(kit.actorRate()).isEqualTo(0.1);
        assertThat(kit.criticRate()).isEqualTo(0.6);
        assertThat(kit.temperatureRate()).isEqualTo(0.3);
    }

    @Test
    void theFileMayChooseThePresetAndTheCommandLineAnother() throws IOException {
        String file = "task = hopper, preset = offlinerl-kit";

        assertThat(read(file).preset()).isEqualTo(Preset.OFFLINERL_KIT);
        assertThat(read(file).learner().sac().leastLogStd()).isEqualTo(-5);
        assertThat(read(file, "preset", "paper").preset()).isEqualTo(Preset.PAPER);
        assertThat(read(file, "preset", "paper").learner().sac().leastLogStd()).isEqualTo(-20);
    }

    @Test
    void theCommandLineTakesNumbersListsWordsAndUris() {
        RunConfig config = Configs.with(
                "seed", "-9000000000",
                "ensemble.hidden-sizes", "[8, 16]",
                "ensemble.weight-decay", "[0, 1e-3, 2]",
                "rollout.overlap", "true",
                "rollout.penalty", "ensemble-std",
                "conversion.boundary", "fixed:1000",
                "learner.updates-per-epoch", "1e2",
                "data", "hdfs://host:1/a#b//c.hdf5");

        assertThat(config.seed()).isEqualTo(-9_000_000_000L);
        assertThat(config.ensemble().config().hiddenSizes()).containsExactly(8, 16);
        assertThat(config.ensemble().config().weightDecay()).containsExactly(0.0, 1e-3, 2.0);
        assertThat(config.rollout().overlap()).isTrue();
        assertThat(config.rollout().config().penalty()).hasToString("ENSEMBLE_STD");
        assertThat(config.conversion().boundary()).hasToString("fixed:1000");
        assertThat(config.learner().updatesPerEpoch()).isEqualTo(100);
        assertThat(config.data()).isEqualTo("hdfs://host:1/a#b//c.hdf5");
        assertThat(Configs.with("data", "2024").data()).isEqualTo("2024");
    }

    @Test
    void theHomeIsTheLaunchersElseTheImagesElseTheWorkingDirectory() {
        assertThat(ConfigReader.home("/launched", "/image")).isEqualTo("/launched");
        assertThat(ConfigReader.home(null, "/image")).isEqualTo("/image");
        assertThat(ConfigReader.home(null, null)).isEqualTo(new File(".").getAbsolutePath());
    }

    @Test
    void homeIsSubstitutedAndIsNoKey() throws IOException {
        assertThat(read("task = hopper, data = ${mopo.home}/x.hdf5").data()).isEqualTo("/home of mopo/x.hdf5");
        assertThatThrownBy(() -> read("task = hopper\nmopo.home = a"))
                .hasMessageStartingWith(place(2) + "mopo is not a key");
        assertThatThrownBy(() -> read("\ntask = ${nobody.has.this}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(place(2))
                .hasMessageContaining("nobody.has.this");
    }

    @Test
    void anotherNameOfATaskIsItsOwn() {
        assertThat(Configs.with("task", "Hopper-v4").task()).isEqualTo("hopper");
    }

    @ParameterizedTest
    @CsvSource({
        "rollout.lenght, rollout.length",
        "rollout.penaltyCoefficient, rollout.penalty-coefficient",
        "length, rollout.length",
        "rollout.epochs, learner.epochs",
        "ensemble.lipschitz.mod, ensemble.lipschitz.mode",
        "sed, seed"
    })
    void anUnknownKeyIsRefusedWithItsLineAndTheNearest(String wrong, String right) {
        assertThatThrownBy(() -> read("task = hopper\n\n" + wrong + " = 3"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("%s%s is not a key; did you mean %s?", place(3), wrong, right);
        assertThatThrownBy(() -> Configs.with(wrong, "3"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the command line: %s is not a key; did you mean %s?", wrong, right);
    }

    @Test
    void everyUnknownKeyOfAFileIsTold() {
        assertThatThrownBy(
                        () -> read(
                                """
                        task = hopper
                        rolout { length = 3 }
                        learner {
                          epoch = 3
                        }
                        presets {
                          papers.seed = 1
                          paper {
                            learner.epoch = 3
                            preset = paper
                          }
                          offlinerl-kit { rollout.lenght = 1 }
                        }
                        """))
                .hasMessage(
                        String.join(
                                "\n",
                                place(2) + "rolout is not a key; did you mean rollout?",
                                place(4) + "learner.epoch is not a key; did you mean learner.epochs?",
                                place(7) + "presets.papers is not a preset: these are paper, offlinerl-kit",
                                place(9)
                                        + "presets.paper.learner.epoch is not a key; did you mean presets.paper.learner.epochs?",
                                place(10)
                                        + "presets.paper.preset: a preset cannot choose another; set preset outside of presets",
                                place(12)
                                        + "presets.offlinerl-kit.rollout.lenght is not a key; did you mean presets.offlinerl-kit.rollout.length?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollout = 5", "ensemble.lipschitz = off", "presets = paper", "presets.paper = 1"})
    void aBlockCannotBeAValue(String line) {
        assertThatThrownBy(() -> read("task = hopper\n" + line))
                .hasMessage("%s%s is a block of keys; set one of these", place(2), line.split(" ", 2)[0]);
    }

    @Test
    void aBlockCannotBeSetOnTheCommandLine() {
        assertThatThrownBy(() -> Configs.with("rollout", "5"))
                .hasMessage("the command line: rollout is a block of keys; set one of these");
        assertThatThrownBy(() -> Configs.with("presets.paper.seed", "5")).hasMessageContaining("is not a key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rollout.length | abc | a whole number, but was \"abc\"",
                "rollout.length | 1.5 | a whole number, but was 1.5",
                "rollout.length | \"5\" | a whole number, but was \"5\"",
                "rollout.length | null | a whole number, but was null",
                "rollout.length | { a = 1 } | a whole number, but was {\"a\":1}",
                "rollout.length | 3000000000 | a whole number from -2147483648 to 2147483647, but was 3000000000",
                "rollout.length | 1e300 | a whole number, but was 1.0E300",
                "seed | 99999999999999999999 | a whole number, but was \"99999999999999999999\"",
                "rollout.overlap | yes | true or false, but was \"yes\"",
                "rollout.overlap | 1 | true or false, but was 1",
                "rollout.penalty-coefficient | much | a number, but was \"much\"",
                "learner.target-entropy | none | a number, but was \"none\"",
                "ensemble.hidden-sizes | 200 | a list of whole numbers such as [200, 200], but was 200",
                "ensemble.hidden-sizes | [200, x] | a list of whole numbers such as [200, 200], but was \"x\"",
                "ensemble.weight-decay | [1, true] | a list of numbers such as [5e-5, 1e-4], but was true",
                "data | 5 | text, but was 5",
                "rollout.actions | Uniform | one of policy, uniform, but was \"Uniform\"",
                "rollout.actions | 5 | one of policy, uniform, but was 5",
                "preset | mbpo | one of paper, offlinerl-kit, but was \"mbpo\"",
                "kernels | gpu | one of auto, cpu, cpu-plain, nd4j, but was \"gpu\"",
                "conversion.boundary | never | flags, discontinuity, fixed:N (an episode's length) or legacy-d4rl, but was never",
                "conversion.relabel | hopper | halfcheetah-jump or ant-angle, but was hopper"
            })
    void aValueOfAnotherTypeIsRefusedWithItsLine(String key, String value, String rule) {
        assertThatThrownBy(() -> read("task = hopper\n\n" + key + " = " + value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("%s%s must be %s", place(3), key, rule);
    }

    @Test
    void aValueThatBreaksARuleIsToldWithThePlaceItWasSetAt() {
        assertThatThrownBy(() -> read("task = hopper\nrollout.length = 0"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(place(2) + "rollout.length (h) must be at least 1, but was 0");
        assertThatThrownBy(() -> Configs.with("rollout.shards", "50001"))
                .hasMessage("the command line: rollout.shards must be at most rollout.starts = 50000, but was 50001");
        assertThatThrownBy(() -> read("task = hopper\nlearner.discount = 2"))
                .hasMessage(place(2) + "learner.discount must be in [0, 1], but was 2.0");
        assertThatThrownBy(() -> read("task = hopper\nensemble.lipschitz.bound = 0"))
                .hasMessage(place(2) + "ensemble.lipschitz.bound must be a positive number, but was 0.0");
        assertThatThrownBy(() -> read("\ntask = cartpole"))
                .hasMessageStartingWith(place(2) + "task: unknown task 'cartpole'");
        assertThatThrownBy(() -> read("task = hopper\nconversion.relabel = ant-angle"))
                .hasMessage(place(2) + "conversion.relabel must be none or the task, hopper, but was ant-angle");
        assertThatThrownBy(() -> Configs.with("task", "")).hasMessageContaining("task is not set");
    }

    @Test
    void whatIsNoFileOfHoconIsRefused() {
        assertThatThrownBy(() -> read("task = hopper\nrollout {"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(folder.resolve("x.conf").toString());
        assertThatThrownBy(
                        () -> Configs.reader().read(new org.apache.hadoop.fs.Path(folder + "/absent.conf"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(folder + "/absent.conf: there is no such file");
        assertThatThrownBy(() -> Configs.with("ensemble.hidden-sizes", "[8"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the command line: ensemble.hidden-sizes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "include \"other.conf\"",
                "include file(\"other.conf\")",
                "include required(file(\"other.conf\"))",
                "include classpath(\"other.conf\")",
                "include url(\"file:/other.conf\")"
            })
    void anIncludeIsRefused(String line) {
        assertThatThrownBy(() -> read("task = hopper\n" + line))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("x.conf: include is not supported")
                .hasMessageContaining("other.conf");
    }

    @Test
    void overridesChangeAConfigurationAndNothingElse() {
        RunConfig config = Configs.with("preset", "offlinerl-kit", "rollout.length", "3", "data", "a b/${x}.hdf5");

        RunConfig changed = ConfigReader.withOverrides(config, Map.of("learner.epochs", "7", "seed", "5"));

        Map<String, Object> expected = config.settings();
        expected.put("learner.epochs", 7);
        expected.put("seed", 5L);
        assertThat(changed.settings()).isEqualTo(expected);
        assertThat(ConfigReader.withOverrides(config, Map.of())).isEqualTo(config);
    }

    @Test
    void anOverrideThatIsWrongIsToldAsOfTheCommandLine() {
        RunConfig config = Configs.with();
        assertThatThrownBy(() -> ConfigReader.withOverrides(config, Map.of("rollout.lenght", "7")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the command line: rollout.lenght is not a key; did you mean rollout.length?");
        assertThatThrownBy(() -> ConfigReader.withOverrides(config, Map.of("rollout.length", "0")))
                .hasMessage("the command line: rollout.length (h) must be at least 1, but was 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "ensemble.trained"})
    void aPasswordInAUriIsRefusedWithItsLineAndNotPrinted(String key) {
        assertThatThrownBy(() -> read("task = hopper\n" + key + " = \"hdfs://user:hunter2@host/x\""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(place(2) + key + ": hdfs://(hidden)@host/x has a password")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void whatWasRenderedIsReadWithoutAFile() {
        RunConfig config = Configs.with("preset", "offlinerl-kit", "rollout.length", "3");
        assertThat(ConfigReader.ofRendered(config.render(), "x")).isEqualTo(config);
        assertThatThrownBy(() -> ConfigReader.ofRendered("task = hopper\nrollout.length = 0", "a run's"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("a run's: 2: rollout.length (h) must be at least 1, but was 0");
    }
}

package io.github.mopospark.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepReaderTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeConfigurations() throws IOException {
        Files.createDirectory(folder.resolve("sweep"));
        Files.writeString(folder.resolve("hopper.conf"), "task = hopper\nrollout.length = 3\n");
        Files.writeString(folder.resolve("walker.conf"), "task = walker2d\n");
    }

    private SweepConfig read(String text, Map<String, String> overrides) throws IOException {
        Path file = Files.writeString(folder.resolve("sweep/x.conf"), text);
        return new SweepReader(new Storage(new Configuration()))
                .read(new org.apache.hadoop.fs.Path(file.toString()), overrides);
    }

    private SweepConfig read(String... lines) throws IOException {
        return read(String.join("\n", lines), Map.of());
    }

    private static List<String> names(SweepConfig sweep) {
        return sweep.trials().stream().map(Trial::name).toList();
    }

    @Test
    void trialsAreAllCombinationsAndTheLastAxisChangesFastest() throws IOException {
        SweepConfig sweep = read(
                "config = ../hopper.conf",
                "settings { learner { epochs = 60 } }",
                "trials-at-once = 3",
                "axes = [",
                "  { key = rollout.length, values = [1, 5] }",
                "  { key = rollout.penalty-coefficient, values = [1, 2.5] }",
                "  { key = seed, values = [0, 1] }",
                "]");

        assertThat(names(sweep))
                .hasSize(8)
                .startsWith("length=1_penalty-coefficient=1_seed=0", "length=1_penalty-coefficient=1_seed=1")
                .endsWith("length=5_penalty-coefficient=2.5_seed=1");
        assertThat(sweep.trialsAtOnce()).isEqualTo(3);
        RunConfig last = sweep.trials().get(7).config();
        assertThat(last.task()).isEqualTo("hopper");
        assertThat(last.learner().epochs()).isEqualTo(60);
        assertThat(last.rollout().config().length()).isEqualTo(5);
        assertThat(last.rollout().config().penaltyCoefficient()).isEqualTo(2.5);
        assertThat(last.seed()).isEqualTo(1);
    }

    @Test
    void choicesSetSeveralKeysTogetherAndMayHaveANameOfTheirOwn() throws IOException {
        SweepConfig sweep = read(
                "axes = [ { choices = [",
                "  { config = ../hopper.conf, data = \"s3a://d4rl/hopper.hdf5\" }",
                "  { config = ../walker.conf, data = /d/walker, rollout { length = 7 }, name = \"the walker\" }",
                "] } ]");

        assertThat(names(sweep)).containsExactly("hopper_hopper", "the-walker");
        assertThat(sweep.trials().get(0).config().data()).isEqualTo("s3a://d4rl/hopper.hdf5");
        assertThat(sweep.trials().get(0).config().rollout().config().length()).isEqualTo(3);
        assertThat(sweep.trials().get(1).config().task()).isEqualTo("walker2d");
        assertThat(sweep.trials().get(1).config().rollout().config().length()).isEqualTo(7);
    }

    @Test
    void samplesLieInTheirRangeAndDependOnTheSeedAlone() throws IOException {
        String[] lines = {
            "config = ../hopper.conf",
            "axes = [ { samples = 200, seed = 4, keys = [",
            "  { key = rollout.penalty-coefficient, from = 0.01, to = 100, scale = log }",
            "  { key = learner.polyak, from = 0.1, to = 0.2, scale = linear }",
            "  { key = rollout.length, values = [1, 5] }",
            "] } ]"
        };
        SweepConfig sweep = read(lines);

        assertThat(sweep).isEqualTo(read(lines));
        lines[1] = lines[1].replace("seed = 4", "seed = 5");
        assertThat(sweep).isNotEqualTo(read(lines));
        List<Double> coefficients = sweep.trials().stream()
                .map(trial -> trial.config().rollout().config().penaltyCoefficient())
                .toList();
        assertThat(coefficients).allSatisfy(value -> assertThat(value).isBetween(0.01, 100.0));
        // Half of them below the geometric mean.
        assertThat(coefficients.stream().filter(value -> value < 1).count()).isBetween(80L, 120L);
        assertThat(sweep.trials())
                .allSatisfy(trial ->
                        assertThat(trial.config().learner().sac().polyak()).isBetween(0.1, 0.2));
        assertThat(sweep.trials().stream()
                        .filter(trial -> trial.config().rollout().config().length() == 1)
                        .count())
                .isBetween(80L, 120L);
    }

    @Test
    void noSampleIsDrawnTwice() throws IOException {
        String axes =
                "config = ../hopper.conf\naxes = [ { samples = %d, seed = 0, keys = [ { key = seed, values = [1, 2, 3, 4] } ] } ]";

        List<String> all = names(read(axes.formatted(4)));

        assertThat(all).containsExactlyInAnyOrder("seed=1", "seed=2", "seed=3", "seed=4");
        // More samples have the fewer ones first.
        assertThat(names(read(axes.formatted(3)))).isEqualTo(all.subList(0, 3));
    }

    @Test
    void whatIsGivenBesidesWinsInAllTrials() throws IOException {
        SweepConfig sweep = read(
                "config = ../hopper.conf\naxes = [ { key = seed, values = [0, 1] } ]", Map.of("learner.epochs", "2"));
        assertThat(sweep.trials())
                .allSatisfy(
                        trial -> assertThat(trial.config().learner().epochs()).isEqualTo(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "axis = [] | axis is no key of a sweep, which are [axes, config, ensembles, halving, settings, trials-at-once]",
                "config = none.conf | trial trial: ",
                "config = ../hopper.conf, axes = [ { key = rollout.lenght, values = [1] } ] | trial lenght=1: ",
                "config = ../hopper.conf, axes = [ { key = rollout.length, values = [-1] } ] | rollout.length (h)",
                "config = ../hopper.conf, axes = [ { key = seed, values = [1, 1] } ] | two trials are called seed=1",
                "config = ../hopper.conf, axes = [ { key = seed, values = [] } ] | a sweep must have a trial",
                "config = ../hopper.conf, axes = [ { key = seed } ] | an axis must have key and values, or choices",
                "config = ../hopper.conf, axes = [ { key = seed, values = 3 } ] | values",
                "config = ../hopper.conf, axes = [ { samples = 1, seed = 0, keys = [ { key = seed } ] } ] | a sampled key",
                "config = ../hopper.conf, axes = [ { samples = 1, seed = 0, keys = [ { key = seed, from = 0, to = 1, scale = log } ] } ] | positive with log",
                "config = ../hopper.conf, trials-at-once = -1 | trials-at-once",
                "config = ../hopper.conf, halving { first-epoch = 3 } | first-epoch is no key of halving",
                "config = ../hopper.conf, halving { factor = 3 } | halving must have first-epochs",
                "config = ../hopper.conf, halving { first-epochs = 0 } | halving.first-epochs must be at least 1",
                "config = ../hopper.conf, halving { first-epochs = 1, factor = 1 } | halving.factor must be at least 2",
                "config = ../hopper.conf, halving { first-epochs = 1, by = luck } | score, fitted-q-value",
                "config = ../hopper.conf, settings { evaluation.fitted-q-updates = 0 }, halving { first-epochs = 1, by = fitted-q-value } | needs evaluation.fitted-q-updates",
                "config = ../hopper.conf, settings { data = \"\" } | data must be a file or a folder",
                "config = ../hopper.conf, ensembles = [ \"s3a://a:b@c/d\" ] | has a password in its URI",
                "config = \"hdfs://a:b@c/x.conf\" | trial trial: hdfs://(hidden)@c/x.conf has a password in its URI",
                "config = ../hopper.conf, axes = [ { samples = 3, seed = 0, keys = [ { key = seed, values = [1, 2] } ] } ] | samples = 3, but only 2 different ones"
            })
    void whatIsNoSweepIsRefused(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void thePapersSweepHas144TrialsOf36Ensembles() throws IOException {
        Path conf = Path.of(System.getProperty("basedir", ""), "../conf");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(conf, "*.conf")) {
            for (Path file : files) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        SweepConfig sweep =
                read(Files.readString(conf.resolve("sweep/paper.conf")).replace("${D4RL}", "/d4rl"));

        assertThat(names(sweep)).hasSize(144).contains("walker2d-medium-replay_length=5_penalty-coefficient=1_seed=2");
        assertThat(sweep.trials().stream()
                        .map(trial -> trial.config().data() + trial.config().digest())
                        .distinct())
                .hasSize(36)
                .allMatch(key -> key.startsWith("/d4rl/") && key.contains(".hdf5"));
        assertThat(read(Files.readString(conf.resolve("sweep/demo.conf"))).trials())
                .hasSize(8);
    }

    @Test
    void stopsTrialsEarlyOnlyWhereAsked() throws IOException {
        assertThat(read("config = ../hopper.conf").halving()).isEmpty();
        Halving halving = read("config = ../hopper.conf, halving { first-epochs = 10 }")
                .halving()
                .orElseThrow();
        assertThat(halving).isEqualTo(new Halving(10, 2, Halving.By.SCORE));
        assertThat(halving.rungs(80)).containsExactly(10, 20, 40);
        assertThat(halving.rungs(10)).isEmpty();
        assertThat(new Halving(3, 3, Halving.By.FITTED_Q_VALUE).rungs(28)).containsExactly(3, 9, 27);
        assertThat(List.of(halving.kept(0), halving.kept(1), halving.kept(4), halving.kept(5)))
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void namesFoldersOfOtherEnsembles() throws IOException {
        assertThat(read("config = ../hopper.conf").ensembles()).isEmpty();
        assertThat(read("config = ../hopper.conf, ensembles = [ runs, \"hdfs:/runs\" ]")
                        .ensembles())
                .containsExactly("runs", "hdfs:/runs");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new SweepReader(new Storage(new Configuration()))
                        .read(new org.apache.hadoop.fs.Path(folder + "/none.conf"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none.conf: there is no such file");
    }
}

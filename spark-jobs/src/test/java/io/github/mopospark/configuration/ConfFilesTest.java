package io.github.mopospark.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.policy.SacConfig;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of {@code conf}. */
class ConfFilesTest {
    private static final Path CONF = Path.of(System.getProperty("basedir", ""), "../conf");

    private static RunConfig read(String name, String preset) throws IOException {
        return Configs.reader()
                .read(new org.apache.hadoop.fs.Path(CONF.resolve(name).toString()), Map.of("preset", preset));
    }

    @ParameterizedTest
    @CsvSource({
        "halfcheetah-random, halfcheetah, 5, 0.5, 500, 5, 0.5",
        "hopper-random, hopper, 5, 1, 1000, 5, 1",
        "walker2d-random, walker2d, 1, 1, 3000, 1, 1",
        "halfcheetah-medium, halfcheetah, 1, 1, 500, 5, 0.5",
        "hopper-medium, hopper, 5, 5, 1000, 5, 5",
        "walker2d-medium, walker2d, 5, 5, 3000, 5, 0.5",
        "halfcheetah-medium-replay, halfcheetah, 5, 1, 500, 5, 0.5",
        "hopper-medium-replay, hopper, 5, 1, 1000, 5, 2.5",
        "hopper-medium-replay-table4, hopper, 1, 5, 1000, 5, 2.5",
        "walker2d-medium-replay, walker2d, 1, 1, 3000, 1, 2.5",
        "halfcheetah-medium-expert, halfcheetah, 5, 5, 500, 5, 2.5",
        "hopper-medium-expert, hopper, 5, 1, 1000, 5, 5",
        "walker2d-medium-expert, walker2d, 1, 2, 3000, 1, 2.5",
        "halfcheetah-jump, halfcheetah-jump, 5, 1, 3000, 5, 1",
        "ant-angle, ant-angle, 25, 2, 3000, 25, 2"
    })
    void publishedValuesOfBothPresets(
            String name,
            String task,
            int paperLength,
            double paperCoefficient,
            int paperEpochs,
            int kitLength,
            double kitCoefficient)
            throws IOException {
        RunConfig paper = read(name + ".conf", "paper");
        RunConfig kit = read(name + ".conf", "offlinerl-kit");

        assertThat(paper.rollout().config().length()).isEqualTo(paperLength);
        assertThat(paper.rollout().config().penaltyCoefficient()).isEqualTo(paperCoefficient);
        assertThat(paper.learner().epochs()).isEqualTo(paperEpochs);
        assertThat(paper.learner().sac()).isEqualTo(SacConfig.paper());
        assertThat(kit.rollout().config().length()).isEqualTo(kitLength);
        assertThat(kit.rollout().config().penaltyCoefficient()).isEqualTo(kitCoefficient);
        assertThat(kit.learner().epochs()).isEqualTo(3000);
        assertThat(kit.learner().sac())
                .isEqualTo(SacConfig.offlineRlKit(Tasks.named(task).actionSize(), 3_000_000));
        boolean isRelabelled = Tasks.named(task).relabelledReward().isPresent();
        for (RunConfig config : List.of(paper, kit)) {
            assertThat(config.task()).isEqualTo(task);
            assertThat(config.data()).isEmpty();
            assertThat(config.ensemble().config()).isEqualTo(EnsembleConfig.paper());
            assertThat(config.conversion().relabel()).isEqualTo(isRelabelled ? task : null);
            assertThat(config.rollout().actions())
                    .isEqualTo(isRelabelled ? RolloutActions.UNIFORM : RolloutActions.POLICY);
        }
    }

    @Test
    void theDemoIsShortWithBothPresets() throws IOException {
        for (String preset : List.of("paper", "offlinerl-kit")) {
            RunConfig demo = read("demo.conf", preset);

            assertThat(demo.data()).isEqualTo("file:/home of mopo/data/hopper-sample.hdf5");
            assertThat(demo.learner().updates()).isLessThanOrEqualTo(20_000);
            assertThat(demo.rollout().starts()).isLessThanOrEqualTo(10_000);
        }
        assertThat(CONF.resolve("../data/hopper-sample.hdf5")).exists();
    }

    @Test
    void thereAreNoOtherFiles() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            assertThat(files.filter(file -> file.toString().endsWith(".conf"))).hasSize(16);
        }
    }
}

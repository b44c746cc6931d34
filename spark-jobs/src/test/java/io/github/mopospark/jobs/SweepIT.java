package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.ExecutorKiller;
import io.github.mopospark.cluster.JavaProcess;
import io.github.mopospark.cluster.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program sweeps here and on a standalone cluster, and is killed; whatever happens, the table of trials is the same. */
class SweepIT {
    private static final Pattern DONE = Pattern.compile("\"status\" : \"done\"");
    private static final String AXES =
            """
            axes = [
              { key = rollout.length, values = [1, 2] }
              { key = rollout.penalty-coefficient, values = [1, 5] }
              { key = seed, values = [%s] }
            ]
            trials-at-once = 2
            """;

    @TempDir
    private Path folder;

    private Path sweep(String name, String seeds) throws Exception {
        StringBuilder text = new StringBuilder("settings {\n");
        for (Map.Entry<String, String> setting : TinyRun.settings(
                        TinyRun.SAMPLE, "rollout.starts", "2000", "rollout.shards", "8", "learner.epochs", "3")
                .entrySet()) {
            String value = setting.getValue();
            text.append("%s = %s%n".formatted(setting.getKey(), value.startsWith("[") ? value : "\"" + value + "\""));
        }
        return Files.writeString(folder.resolve(name), text + "}\n" + AXES.formatted(seeds));
    }

    private static String[] command(Path config, Path output, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("sweep", "--config", config.toString(), "--output", output.toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static long done(Path output) throws IOException {
        Path journal = output.resolve("journal.json");
        return Files.exists(journal)
                ? DONE.matcher(Files.readString(journal)).results().count()
                : 0;
    }

    private String ended(JavaProcess process, Path output) throws Exception {
        JavaProcess.Outcome outcome = process.outcome();
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("8 of 8 trials are done");
        return Files.readString(output.resolve("trials.csv"));
    }

    @Test
    void endsWithTheSameTableHereOnAClusterAndThoughItIsKilledTwice() throws Exception {
        Path config = sweep("sweep.conf", "0, 1");
        Path here = folder.resolve("here");
        String expected;
        try (JavaProcess process = JavaProcess.mopo(folder, command(config, here, "--master", "local[2]"))) {
            expected = ended(process, here);
        }
        assertThat(expected.lines())
                .hasSize(1 + 8)
                .allMatch(line -> line.startsWith("trial") || line.contains(",done,"));
        assertThat(here.resolve("ensembles").toFile().list()).hasSize(2);

        try (StandaloneCluster cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("cluster")))) {
            Path there = folder.resolve("there");
            assertThat(ended(cluster.start(List.of(), command(config, there)), there))
                    .isEqualTo(expected);

            Path killed = folder.resolve("killed");
            try (JavaProcess process = JavaProcess.mopo(folder, command(config, killed, "--master", "local[2]"))) {
                assertThat(process.await("two trials are done", () -> done(killed) >= 2))
                        .isTrue();
            }
            assertThat(done(killed)).isLessThan(7);
            JavaProcess driver = cluster.start(List.of(), command(config, killed));
            ExecutorKiller.killOneAtWork(cluster, driver, 2);
            assertThat(done(killed)).isLessThan(8);
            assertThat(ended(driver, killed)).isEqualTo(expected);
        }
    }

    @Test
    void moreSeedsRunOnlyTheNewTrials() throws Exception {
        Path output = folder.resolve("seeds");
        try (JavaProcess process =
                JavaProcess.mopo(folder, command(sweep("one.conf", "0"), output, "--master", "local[2]"))) {
            assertThat(process.outcome().exitCode()).isZero();
        }
        String before = Files.readString(output.resolve("trials.csv"));
        try (JavaProcess process =
                JavaProcess.mopo(folder, command(sweep("two.conf", "0, 1"), output, "--master", "local[2]"))) {
            String after = ended(process, output);
            assertThat(after.lines()).containsAll(before.lines().toList());
            assertThat(process.printed()).contains("seed=1: epoch 2").doesNotContain("seed=0: epoch");
        }
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves depends on its configuration alone, not on who did which part of it first. */
class SameBitsTest {
    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void convert() throws IOException {
        data = folder.resolve("data");
        try (JavaSparkContext context = TinyRun.spark("local[2]")) {
            Asked.convert(data, TinyRun.SAMPLE).merge().run(context);
        }
    }

    private Map<String, String> bits(String master, String... more) throws IOException {
        Path run = folder.resolve("run");
        try (JavaSparkContext context = TinyRun.spark(master)) {
            TinyRun.job(context, TinyRun.config(data, more), run).train();
        }
        Map<String, String> bits = TinyRun.bits(run);
        Files.move(run, folder.resolve("run of %s %s".formatted(master, String.join(" ", more))));
        return bits;
    }

    @Test
    void theSameOnOneCoreAndOnSeveralWhateverTheirOrder() throws IOException {
        Map<String, String> one = bits("local[1]");

        assertThat(one.keySet())
                .contains("config.conf", "ensemble/model.json", "ensemble.csv", "metrics.csv", "policy/model.json")
                .filteredOn(name -> name.matches("ensemble/member-[0-2]\\..*"))
                .hasSize(3);
        assertThat(bits("local[2]")).isEqualTo(one);
        // More tasks at once than cores, so that they end in any order.
        assertThat(bits("local[8]")).isEqualTo(one);
    }

    @Test
    void anotherSeedGivesOthers() throws IOException {
        Map<String, String> zero = bits("local[2]");
        Map<String, String> one = bits("local[2]", "seed", "1");

        assertThat(one.get("metrics.csv")).isNotEqualTo(zero.get("metrics.csv"));
        assertThat(one.get("ensemble.csv")).isNotEqualTo(zero.get("ensemble.csv"));
        // These are named by their content.
        assertThat(one.keySet())
                .filteredOn(name -> name.endsWith(".npz"))
                .hasSize(5)
                .doesNotContainAnyElementsOf(zero.keySet());
    }
}

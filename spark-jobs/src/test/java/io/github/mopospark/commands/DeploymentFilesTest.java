package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.Build;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of {@code deploy} fit the program and one another. */
class DeploymentFilesTest {
    private static final Path DEPLOY = Build.root().resolve("deploy");
    private static final String NEEDS =
            "memory: needs 631 MiB of heap and 425 MiB beside it on the driver, 654 MiB of heap an executor";

    private record Outcome(int exitCode, String printed) {}

    private static Outcome run(String script, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.command().add(0, DEPLOY.resolve(script).toString());
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), printed);
    }

    private static String text(String file) throws IOException {
        return Files.readString(DEPLOY.resolve(file));
    }

    @Test
    void theImageIsOfTheSparkThatTheProgramIsBuiltFor() throws IOException {
        String spark = package$.MODULE$.SPARK_VERSION();
        assertThat(text("docker/Dockerfile"))
                .contains("FROM apache/spark:" + spark + "-scala2.12-java17-ubuntu\n")
                .doesNotContain("ADD ")
                .endsWith("USER 185\n");
        assertThat(text("kubernetes/scheduled-sweep.yaml")).contains("sparkVersion: " + spark + "\n");
    }

    @Test
    void whatTheImageCopiesIsThereAndGoesToTheBuilder() throws IOException {
        String ignored = Files.readString(Build.root().resolve(".dockerignore"));
        List<MatchResult> copies = Pattern.compile("COPY --chmod=\\d+ (.*) \\S+\\n")
                .matcher(text("docker/Dockerfile"))
                .results()
                .toList();
        assertThat(copies)
                .hasSameSizeAs(text("docker/Dockerfile")
                        .lines()
                        .filter(line -> line.startsWith("COPY"))
                        .toList());
        for (MatchResult copy : copies) {
            for (String source : copy.group(1).split(" ", -1)) {
                assertThat(ignored).contains("\n!" + source + "\n");
                if (!source.endsWith(".jar")) {
                    assertThat(Build.root().resolve(source)).exists();
                }
            }
        }
    }

    @Test
    void theManifestsMemoryIsWhatPreflightTells() throws Exception {
        Outcome outcome = run("kubernetes/resources", NEEDS);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.printed()).isEqualTo(text("kubernetes/halfcheetah-1m.conf"));
        String manifest = text("kubernetes/scheduled-sweep.yaml");
        assertThat(manifest)
                .contains(NEEDS)
                .containsPattern("driver:\\n(.*\\n)*? {6}memory: 700m\\n {6}memoryOverhead: 800m\\n")
                .containsPattern("executor:\\n(.*\\n)*? {6}memory: 700m\\n {6}memoryOverhead: 400m\\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Two learners share what the JVM and its network take.
                "--trials 2|631 MiB of heap and 425 MiB beside it|654|1200m|1100m|1300m",
                "|1,631 MiB of heap and 425 MiB beside it|1,000|1800m|800m|1100m",
                "|10.5 GiB of heap and 300 MiB beside it|654|11300m|600m|700m",
                // Of an ensemble alone.
                "|450 MiB of heap|450|500m|400m|500m",
            })
    void needsBecomeSettings(
            String options, String driver, String executor, String heap, String beside, String executorHeap)
            throws Exception {
        String line = "memory: needs " + driver + " on the driver, " + executor + " MiB of heap an executor";
        Outcome outcome = options == null
                ? run("kubernetes/resources", line)
                : run("kubernetes/resources", options.split(" ", -1)[0], options.split(" ", -1)[1], line);

        assertThat(outcome.printed())
                .contains("spark.driver.memory=" + heap + "\n", "spark.driver.memoryOverhead=" + beside + "\n")
                .contains("spark.executor.memory=" + executorHeap + "\n", "spark.executor.memoryOverhead=400m\n")
                .doesNotContain("MaxDirectMemorySize");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void buffersLargerThanTheHeapAreAllowedForInTheJvm() throws Exception {
        assertThat(run("kubernetes/resources", NEEDS.replace("425", "2,000")).printed())
                .contains(
                        "spark.driver.extraJavaOptions=--add-modules=jdk.incubator.vector -XX:MaxDirectMemorySize=2000m\n");
    }

    @Test
    void aLineOfOneJvmIsRefused() throws Exception {
        Outcome outcome = run("kubernetes/resources", "memory: needs 945 MiB of heap and 425 MiB beside it");

        assertThat(outcome.printed()).contains("resources: not a line of a driver with executors");
        assertThat(outcome.exitCode()).isEqualTo(2);
    }

    @Test
    void everyDefaultHasItsReason() throws IOException {
        Properties defaults = new Properties();
        try (Reader reader = Files.newBufferedReader(DEPLOY.resolve("spark-defaults.conf"))) {
            defaults.load(reader);
        }
        String lines = text("spark-defaults.conf");
        assertThat(defaults).hasSizeGreaterThan(5);
        for (String key : defaults.stringPropertyNames()) {
            assertThat(lines).containsPattern("\\n#[^\\n]*\\n" + Pattern.quote(key) + " ");
            assertThat(key).startsWith("spark.");
        }
        assertThat(defaults.getProperty("spark.driver.extraJavaOptions"))
                .isEqualTo(defaults.getProperty("spark.executor.extraJavaOptions"))
                .isEqualTo("--add-modules=jdk.incubator.vector");
    }

    @ParameterizedTest
    @CsvSource({
        "standalone/start-cluster, 0, --help, usage: deploy/standalone/start-cluster",
        "standalone/stop-cluster, 0, --help, usage: deploy/standalone/stop-cluster",
        "standalone/start-cluster, 2, --cores, --cores has no value",
        "standalone/start-cluster, 2, a;b, a;b is no name of a host",
        "standalone/stop-cluster, 2, x, wrong arguments",
        "nightly-sweep, 0, --help, usage: deploy/nightly-sweep",
        "kubernetes/resources, 0, --help, usage: deploy/kubernetes/resources",
    })
    void scriptsTellHowTheyAreCalled(String script, int exitCode, String argument, String printed) throws Exception {
        Outcome outcome = run(script, argument);

        assertThat(outcome.printed()).contains(printed);
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
    }
}

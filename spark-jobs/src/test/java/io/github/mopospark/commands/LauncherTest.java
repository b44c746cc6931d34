package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/mopo} in a checkout of its own, with a Maven and a Java that only tell how they were called. */
class LauncherTest {
    private static final Path BIN = Path.of(System.getProperty("basedir", ""), "../bin");

    @TempDir
    private Path folder;

    private Path checkout;
    private Path source;
    private Path target;
    private Path tools;

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void prepareACheckout() throws IOException {
        checkout = folder.resolve("a checkout");
        target = checkout.resolve("spark-jobs/target");
        source = checkout.resolve("spark-jobs/src/main/Source.java");
        tools = Files.createDirectories(folder.resolve("tools"));
        Files.createDirectories(source.getParent());
        Files.createDirectories(checkout.resolve("bin"));
        Files.createFile(source);
        Files.createFile(checkout.resolve("pom.xml"));
        Files.createFile(checkout.resolve("spark-jobs/pom.xml"));
        Files.copy(BIN.resolve("mopo"), checkout.resolve("bin/mopo"));
        install(checkout.resolve("bin/mopo-doctor"), "exit 0");
        install(
                tools.resolve("mvn"),
                "echo maven was called; mkdir -p spark-jobs/target/spark-home/jars; touch spark-jobs/target/mopo-spark.jar");
        install(tools.resolve("java"), "echo java \"$@\"; exit 7");
    }

    private static void install(Path path, String script) throws IOException {
        Files.writeString(path, "#!/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome mopo(String javaOptions) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/bash", checkout.resolve("bin/mopo").toString(), "render", "--task", "two words")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().put("MOPO_JAVA_OPTS", javaOptions);
        int exitCode = builder.start().waitFor();
        return new Outcome(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void buildsFirstAndHandsOverArgumentsFlagsAndTheExitCode() throws Exception {
        Outcome outcome = mopo("-Xmx8g -ea");

        assertThat(outcome.err()).contains("mopo: building", "maven was called");
        assertThat(outcome.out())
                .isEqualTo("java @" + checkout + "/conf/jvm.options -Dlog4j2.configurationFile=" + checkout
                        + "/conf/log4j2.properties -Dmopo.home=" + checkout + " -Dmopo.terminal=false -Xmx8g -ea -cp "
                        + target + "/mopo-spark.jar:"
                        + target + "/spark-home/jars/* io.github.mopospark.commands.Mopo render --task two words\n");
        assertThat(outcome.exitCode()).isEqualTo(7);
    }

    @Test
    void buildsAgainOnlyWhenASourceIsNewer() throws Exception {
        assertThat(mopo("").err()).contains("maven was called");
        assertThat(mopo("").err()).isEmpty();

        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(mopo("").err()).contains("maven was called");
    }

    @Test
    void buildsAgainWhatWasChangedWhileItBuilt() throws Exception {
        install(
                tools.resolve("mvn"),
                "echo maven was called; mkdir -p spark-jobs/target/spark-home/jars; touch spark-jobs/target/mopo-spark.jar; sleep 0.1; touch spark-jobs/src/main/Source.java");
        assertThat(mopo("").err()).contains("maven was called");
        assertThat(mopo("").err()).contains("maven was called");
    }

    @Test
    void leavesTheJarOfAnotherThatRuns() throws Exception {
        assertThat(mopo("").err()).contains("maven was called");
        install(tools.resolve("java"), "touch running; exec sleep 60");
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/bash", checkout.resolve("bin/mopo").toString(), "tasks")
                .directory(folder.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        Process running = builder.start();
        try {
            while (!Files.exists(folder.resolve("running"))) {
                assertThat(running.isAlive()).isTrue();
                Thread.sleep(10);
            }
            install(tools.resolve("java"), "exit 7");
            assertThat(mopo("").exitCode()).isEqualTo(7);
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
            Outcome refused = mopo("");
            assertThat(refused.err()).contains("another mopo runs from it").doesNotContain("maven was called");
            assertThat(refused.exitCode()).isEqualTo(1);
        } finally {
            running.destroyForcibly().waitFor();
        }
        assertThat(mopo("").err()).contains("maven was called");
    }

    @Test
    void twoFirstCallsBuildOnce() throws Exception {
        install(
                tools.resolve("mvn"),
                "echo called >> calls; sleep 0.5; mkdir -p spark-jobs/target/spark-home/jars; touch spark-jobs/target/mopo-spark.jar");
        ProcessBuilder builder =
                new ProcessBuilder("/bin/bash", checkout.resolve("bin/mopo").toString(), "tasks");
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        Process other = builder.start();
        assertThat(mopo("").exitCode()).isEqualTo(7);
        assertThat(other.waitFor()).isEqualTo(7);
        assertThat(checkout.resolve("calls")).hasContent("called");
    }

    @Test
    void doesNotTrustABuildThatWasBrokenOff() throws Exception {
        install(tools.resolve("mvn"), "mkdir -p spark-jobs/target; touch spark-jobs/target/mopo-spark.jar; exit 1");
        assertThat(mopo("").exitCode()).isEqualTo(1);
        assertThat(mopo("").err()).contains("mopo: building");
    }

    @Test
    void saysWhatIsMissingInsteadOfBuilding() throws Exception {
        install(checkout.resolve("bin/mopo-doctor"), "echo \"MISSING g++ $*\"; exit 1");

        Outcome outcome = mopo("");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("MISSING g++ --quiet").doesNotContain("maven was called");
        assertThat(outcome.out()).isEmpty();
    }
}

package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/mopo doctor} on machines that lack one thing or another. */
class DoctorTest {
    private static final Path LAUNCHER = Path.of(System.getProperty("basedir", ""), "../bin/mopo")
            .toAbsolutePath()
            .normalize();
    private static final List<String> BASIC_TOOLS = List.of(
            "awk",
            "bash",
            "cut",
            "dirname",
            "find",
            "getconf",
            "grep",
            "head",
            "paste",
            "readlink",
            "sed",
            "sort",
            "uname");

    @TempDir
    private Path folder;

    private Path tools;
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void prepareAWholeMachine() throws IOException {
        tools = Files.createDirectory(folder.resolve("bin"));
        for (String tool : BASIC_TOOLS) {
            Path original = Stream.of("/usr/bin", "/bin")
                    .map(directory -> Path.of(directory, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            install(tool, "exec " + original + " \"$@\"");
        }
        install("javac", "echo javac 17.0.15 >&2");
        install("mvn", "echo 'Apache Maven 3.8.7'");
        install("g++", "echo 12.2.0");
        install("python3", "if [[ $1 == -c ]]; then echo 3.11.2; else echo 'pip 23.0.1 from here'; fi");
        variables.put("PATH", tools.toString());
        variables.put("MOPO_CACHE", folder.resolve("cache").toString());
    }

    private void install(String tool, String script) throws IOException {
        Path path = tools.resolve(tool);
        Files.writeString(path, "#!/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String doctor(int exitCode) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/bash", LAUNCHER.toString(), "doctor").redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
        return output;
    }

    @Test
    void printsWhatItFinds() throws Exception {
        assertThat(doctor(0))
                .containsPattern("ok +Platform +Linux x86_64")
                .containsPattern("ok +JDK +17\\.0\\.15 ")
                .containsPattern("ok +Maven +3\\.8\\.7")
                .containsPattern("ok +C\\+\\+ compiler +g\\+\\+ 12\\.2\\.0")
                .containsPattern("ok +Python +3\\.11\\.2, pip 23\\.0\\.1")
                .containsPattern("ok +MuJoCo +3\\.3\\.7: pip will fetch it")
                .containsPattern("- +BLAS .*; 1 thread\\(s\\) a task \\(OMP_NUM_THREADS\\)")
                .containsPattern("ok +CPU +\\d+ cores, .*: .*sse4_2")
                .containsPattern("ok +Memory +[\\d.]+ GiB, [\\d.]+ GiB of it available")
                .containsPattern("- +Spark home +SPARK_HOME is not set")
                .doesNotContain("MISSING", "printf");
    }

    @Test
    void namesEveryThingThatIsMissingWithItsHint() throws Exception {
        for (String tool : List.of("javac", "mvn", "g++", "python3")) {
            Files.delete(tools.resolve(tool));
        }
        assertThat(doctor(1))
                .containsPattern("MISSING +JDK +no javac on PATH\n +-> install a JDK 17")
                .containsPattern("MISSING +Maven +no mvn on PATH\n +-> install Maven 3.8")
                .containsPattern("MISSING +C\\+\\+ compiler +no g\\+\\+ on PATH\n +-> .*apt-get install g\\+\\+")
                .containsPattern("MISSING +Python +no python3 on PATH, .*\n +-> .*python3-pip.*MUJOCO_HOME");
    }

    @Test
    void saysWhatIsTooOld() throws Exception {
        install("javac", "echo javac 11.0.2 >&2");
        install("mvn", "echo 'Apache Maven 3.6.3'");
        assertThat(doctor(1))
                .containsPattern("MISSING +JDK +11\\.0\\.2 is too old")
                .containsPattern("MISSING +Maven +3\\.6\\.3 is too old");
    }

    @Test
    void looksForTheJdkInJavaHome() throws Exception {
        variables.put("JAVA_HOME", "/nowhere");
        assertThat(doctor(1)).containsPattern("MISSING +JDK +no javac in JAVA_HOME=/nowhere\n");
    }

    @Test
    void wantsPipWhereMuJoCoMustBeFetched() throws Exception {
        install("python3", "exit 1");
        assertThat(doctor(1)).containsPattern("MISSING +pip +python3 has no pip, and MUJOCO_HOME is not set");

        Path cached = folder.resolve("cache/mujoco-3.3.7-linux-x86_64/lib/libmujoco.so.3.3.7");
        Files.createDirectories(cached.getParent());
        Files.createFile(cached);
        assertThat(doctor(1)).as("a library without headers").contains("MISSING");
        Path header = folder.resolve("cache/mujoco-3.3.7-linux-x86_64/include/mujoco/mujoco.h");
        Files.createDirectories(header.getParent());
        Files.writeString(header, "#define mjVERSION_HEADER 337\n");
        assertThat(doctor(0)).containsPattern("ok +MuJoCo +3\\.3\\.7 \\(" + folder);
    }

    @Test
    void looksIntoMujocoHome() throws Exception {
        Path home = folder.resolve("mujoco");
        variables.put("MUJOCO_HOME", home.toString());
        assertThat(doctor(1)).containsPattern("MISSING +MuJoCo +MUJOCO_HOME=.* holds no MuJoCo, not a whole 3.3.7");

        Files.createDirectories(home.resolve("include/mujoco"));
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("include/mujoco/mujoco.h"), "#define mjVERSION_HEADER 337\n");
        Files.createFile(home.resolve("lib/libmujoco.so.3.3.7"));
        assertThat(doctor(0)).containsPattern("ok +MuJoCo +3\\.3\\.7 \\(MUJOCO_HOME=");
    }

    @Test
    void reportsTheSparkHome() throws Exception {
        Files.writeString(folder.resolve("RELEASE"), "Spark 3.5.7 built for Hadoop 3.3.4\n");
        variables.put("SPARK_HOME", folder.toString());
        assertThat(doctor(0)).containsPattern("ok +Spark home +.*: Spark 3\\.5\\.7 built");
    }
}

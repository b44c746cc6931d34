package io.github.mopospark.environments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.environments.mujoco.MuJoCoModel;
import io.github.mopospark.tasks.Task;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as an executor gets it: no build tree, no environment variables, an empty working directory. */
class JarAloneIT {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final String LIBRARY = "libmujoco.so.3.3.7";

    @TempDir
    private Path folder;

    private Path workingDirectory;
    private Path cache;

    @BeforeEach
    void prepare() throws IOException, URISyntaxException {
        workingDirectory = Files.createDirectory(folder.resolve("empty"));
        cache = folder.resolve("cache");
        Path probe = folder.resolve("probe").resolve(classFile(JarProbe.class));
        Files.createDirectories(probe.getParent());
        Files.copy(codeSource(JarProbe.class).resolve(classFile(JarProbe.class)), probe);
    }

    private static String classFile(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static Path codeSource(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private Outcome runProbe(Path... firstOnTheClasspath) throws IOException, URISyntaxException, InterruptedException {
        Path jar = codeSource(Environments.class);
        assertThat(jar).as("the tested classes come from the jar").hasExtension("jar");
        List<String> classpath = new ArrayList<>();
        for (Path path : firstOnTheClasspath) {
            classpath.add(path.toString());
        }
        classpath.add(jar.toString());
        classpath.add(codeSource(Task.class).toString());
        classpath.add(codeSource(Loader.class).toString());
        classpath.add(folder.resolve("probe").toString());
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + workingDirectory,
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        "-cp",
                        String.join(":", classpath),
                        JarProbe.class.getName())
                .directory(workingDirectory.toFile());
        builder.environment().clear();
        return Outcome.of(builder);
    }

    @Test
    void runsWithoutTheBuildsMuJoCo() throws Exception {
        Path built = MODULE.resolve("target/mujoco");
        Path moved = Files.createTempDirectory(MODULE.resolve("target"), "moved-away")
                .resolve("mujoco");
        Files.move(built, moved);
        Outcome outcome;
        try {
            outcome = runProbe();
        } finally {
            Files.move(moved, built);
        }

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        List<String> mapped = outcome.output()
                .lines()
                .filter(line -> line.startsWith("mapped "))
                .map(line -> line.substring("mapped ".length()))
                .toList();
        assertThat(mapped)
                .hasSize(2)
                .allSatisfy(path -> assertThat(path).startsWith(cache.toString()))
                .anySatisfy(path -> assertThat(path).endsWith(LIBRARY))
                .anySatisfy(path -> assertThat(path).endsWith("libjniMuJoCo.so"));
        assertThat(workingDirectory).isEmptyDirectory();
    }

    @Test
    void namesNoFolderOfTheBuildAndNoCompilersRuntime() throws Exception {
        Path library = folder.resolve("libjniMuJoCo.so");
        String resource = "linux-x86_64/libjniMuJoCo.so";
        try (var stream = MuJoCoModel.class.getResourceAsStream(resource)) {
            Files.copy(stream, library);
        }
        String dynamic = output("readelf", "--dynamic", library.toString());

        assertThat(dynamic.lines().filter(line -> line.contains("PATH")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("RUNPATH").containsPattern("\\[\\$ORIGIN/?]"));
        assertThat(dynamic).contains(LIBRARY).doesNotContain("libstdc++").doesNotContain("libgcc");
    }

    @Test
    void refusesAMuJoCoOfAnotherVersionInItsPlace() throws Exception {
        Path source = folder.resolve("other.cpp");
        Files.writeString(
                source,
                """
                extern "C" {
                int mj_version() { return 338; }
                void (*mju_user_error)(const char*) = nullptr;
                void (*mju_user_warning)(const char*) = nullptr;
                }
                """);
        Path natives =
                folder.resolve("other").resolve(classFile(MuJoCoModel.class)).resolveSibling("linux-x86_64");
        Files.createDirectories(natives);
        output(
                "g++",
                "-shared",
                "-fPIC",
                "-Wl,-soname," + LIBRARY,
                source.toString(),
                "-o",
                natives.resolve(LIBRARY).toString());

        Outcome outcome = runProbe(folder.resolve("other"));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("the MuJoCo library that was loaded is version 338, but the binding was built for 337");
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Outcome outcome = Outcome.of(new ProcessBuilder(command));
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }
}

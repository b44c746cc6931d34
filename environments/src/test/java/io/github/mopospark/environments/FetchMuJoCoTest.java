package io.github.mopospark.environments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that brings MuJoCo to the build, on machines that lack one thing or another. */
class FetchMuJoCoTest {
    private static final Path SCRIPT = Path.of(System.getProperty("basedir", ""), "src/main/scripts/fetch-mujoco.sh")
            .toAbsolutePath();
    private static final List<String> TOOLS =
            List.of("cmp", "cp", "cut", "ln", "mkdir", "mktemp", "mv", "rm", "sed", "sha256sum", "touch", "uname");
    private static final String LIBRARY = "libmujoco.so.3.3.7";

    @TempDir
    private Path folder;

    private Path tools;
    private Path cache;
    private Path target;

    @BeforeEach
    void prepareAMachineWithOnlyBasicTools() throws IOException {
        tools = Files.createDirectory(folder.resolve("bin"));
        cache = folder.resolve("cache");
        target = folder.resolve("target");
        for (String tool : TOOLS) {
            Path original = Stream.of("/usr/bin", "/bin")
                    .map(directory -> Path.of(directory, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            install(tool, "exec " + original + " \"$@\"");
        }
    }

    private void install(String tool, String script) throws IOException {
        Path path = tools.resolve(tool);
        Files.writeString(path, "#!/bin/bash\n" + script);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome fetch(Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", SCRIPT.toString(), "3.3.7", target.toString());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("MOPO_CACHE", cache.toString());
        builder.environment().putAll(variables);
        return Outcome.of(builder);
    }

    private void fails(Outcome outcome, String... messages) {
        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
        assertThat(outcome.output()).contains(messages);
        assertThat(target).doesNotExist();
    }

    /** A release laid out as MUJOCO_HOME wants it, with a library that is none. */
    private Path release(String headerVersion) throws IOException {
        Path home = folder.resolve("release of MuJoCo");
        Files.createDirectories(home.resolve("include/mujoco"));
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("include/mujoco/mujoco.h"), "#define mjVERSION_HEADER " + headerVersion + "\n");
        Files.writeString(home.resolve("lib/" + LIBRARY), "not a library");
        return home;
    }

    @Test
    void saysThatTheCompilerIsMissing() throws Exception {
        fails(fetch(Map.of()), "g++ was not found", "apt-get install g++");
    }

    @Test
    void saysThatPythonIsMissing() throws Exception {
        install("g++", "");
        fails(fetch(Map.of()), "python3 was not found", "apt-get install python3-pip", "set MUJOCO_HOME");
    }

    @Test
    void saysThatPipIsMissing() throws Exception {
        install("g++", "");
        install("python3", "exit 1");
        fails(fetch(Map.of()), "python3 has no pip", "apt-get install python3-pip", "set MUJOCO_HOME");
    }

    @Test
    void saysThatTheDownloadFailed() throws Exception {
        install("g++", "");
        install("python3", "[[ $3 == --version ]] && exit 0; echo 'Temporary failure in name resolution'; exit 1");
        fails(
                fetch(Map.of()),
                "Temporary failure in name resolution",
                "pip could not download mujoco==3.3.7",
                "Check the network",
                "set MUJOCO_HOME");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void refusesALibraryWithAnotherChecksum() throws Exception {
        install("g++", "");
        // pip --version; pip download ... --dest DIR NAME; zipfile -e WHEEL DIR
        install(
                "python3",
                """
                case "$*" in
                *--version) ;;
                *download*) for last; do dest=$previous; previous=$last; done
                  mkdir -p "$dest"; touch "$dest/mujoco-3.3.7.whl" ;;
                *zipfile*) mkdir -p "$5/mujoco/include/mujoco"; echo tampered > "$5/mujoco/libmujoco.so.3.3.7" ;;
                esac
                """);
        fails(
                fetch(Map.of()),
                "is not the one this build was checked with",
                "SHA-256 expected 23841520ecf60ad648405674a757f260949f7cf6b44deb284398b9851b3f061d",
                "SHA-256 found    ");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void fetchesADamagedCacheAgain() throws Exception {
        install("g++", "");
        install("python3", "[[ $3 == --version ]] && exit 0; exit 1");
        Path cached = cache.resolve("mujoco-3.3.7-linux-x86_64/lib").resolve(LIBRARY);
        Path headers = cache.resolve("mujoco-3.3.7-linux-x86_64/include/mujoco");
        Files.createDirectories(cached.getParent());
        Files.writeString(cached, "damaged");

        fails(fetch(Map.of()), "is damaged; fetching it again", "pip could not download");
        assertThat(cache).isEmptyDirectory();

        // Headers without a library.
        Files.createDirectories(headers);
        fails(fetch(Map.of()), "is damaged; fetching it again", "pip could not download");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void takesMujocoHomeWithoutPythonAndNotesAnotherLibrary() throws Exception {
        install("g++", "");
        Path home = release("337");

        Outcome outcome = fetch(Map.of("MUJOCO_HOME", home.toString()));

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains("note:", "is not the library of the Python wheel");
        assertThat(target.resolve("include/mujoco/mujoco.h")).exists();
        assertThat(target.resolve("lib/libmujoco.so")).hasContent("not a library");
        assertThat(target.resolve("lib").resolve(LIBRARY)).hasContent("not a library");
    }

    @Test
    void refusesAMujocoHomeOfAnotherVersion() throws Exception {
        install("g++", "");
        Path home = release("328");

        fails(
                fetch(Map.of("MUJOCO_HOME", home.toString())),
                "MUJOCO_HOME=" + home + " holds MuJoCo 328",
                "this build needs 337",
                "unset it");
    }

    @Test
    void refusesAMujocoHomeThatIsNotWhole() throws Exception {
        install("g++", "");
        Path home = release("337");
        Files.delete(home.resolve("lib").resolve(LIBRARY));
        fails(fetch(Map.of("MUJOCO_HOME", home.toString())), "has no lib/" + LIBRARY);

        fails(
                fetch(Map.of("MUJOCO_HOME", folder.toString())),
                "MUJOCO_HOME=" + folder + " has no include/mujoco/mujoco.h");
    }

    @Test
    void refusesAnotherPlatform() throws Exception {
        install("uname", "echo Darwin arm64");
        fails(fetch(Map.of()), "Linux x86_64 only, but this machine is Darwin arm64");
    }
}

package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/nightly-sweep} in a checkout of its own, with a {@code bin/mopo} that only tells how it was called. */
class NightlySweepTest {
    private static final String HOPPER = "hopper_medium_replay-v2";

    @TempDir
    private Path folder;

    private Path checkout;
    private Path data;
    private Path output;

    private record Outcome(int exitCode, String printed) {}

    @BeforeEach
    void prepareACheckout() throws IOException {
        checkout = folder.resolve("a checkout");
        data = Files.createDirectory(folder.resolve("the data"));
        output = folder.resolve("sweeps");
        Files.createDirectories(checkout.resolve("bin"));
        Files.createDirectories(checkout.resolve("deploy"));
        Files.createDirectories(checkout.resolve("conf/sweep"));
        Files.copy(Build.root().resolve("deploy/nightly-sweep"), checkout.resolve("deploy/nightly-sweep"));
        Files.writeString(checkout.resolve("conf/sweep/nightly.conf"), "axes = []\n");
        Files.createFile(checkout.resolve("conf/hopper-medium-replay.conf"));
        mopoExits("0");
    }

    /** What {@code bin/mopo} exits with; a word of bash. */
    private void mopoExits(String code) throws IOException {
        install(checkout.resolve("bin/mopo"), "echo \"mopo $*\"; name=${5##*/}; exit " + code);
    }

    private static void install(Path path, String script) throws IOException {
        Files.writeString(path, "#!/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path dataset(String name, Duration age) throws IOException {
        Path file = Files.writeString(data.resolve(name + ".hdf5"), "rows");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "/bin/bash",
                checkout.resolve("deploy/nightly-sweep").toString(),
                "--data",
                data.toString(),
                "--output",
                output.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile())
                .start();
    }

    private Outcome sweep(String... more) throws IOException, InterruptedException {
        int exitCode = start(more).waitFor();
        return new Outcome(exitCode, Files.readString(folder.resolve("printed")));
    }

    private String called(String name) {
        return "mopo sweep --config " + output + "/" + name + ".conf --output file:" + output + "/" + name + "\n";
    }

    @Test
    void aNewDatasetIsSweptOnceWithTheConfigurationOfItsName() throws Exception {
        Path file = dataset(HOPPER, Duration.ofHours(1));

        Outcome first = sweep();
        assertThat(first.printed()).contains(called(HOPPER));
        assertThat(first.exitCode()).isZero();
        assertThat(output.resolve(HOPPER + ".conf"))
                .content()
                .contains(
                        "config = \"file:" + checkout + "/conf/hopper-medium-replay.conf\"\n",
                        "settings.data = \"file:" + file + "\"\n",
                        "axes = []\n");

        assertThat(sweep()).isEqualTo(new Outcome(0, ""));
    }

    @Test
    void whatWasBrokenOffOrHadFailedTrialsIsGoneOnWith() throws Exception {
        dataset(HOPPER, Duration.ofHours(1));
        for (int code : List.of(1, 3)) {
            mopoExits(Integer.toString(code));
            Outcome outcome = sweep();
            assertThat(outcome.printed()).contains(called(HOPPER), "the sweep exits with " + code);
            assertThat(outcome.exitCode()).isEqualTo(code);
        }
        mopoExits("0");
        assertThat(sweep().printed()).contains(called(HOPPER));
        assertThat(sweep().printed()).isEmpty();
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersFromBeingSwept() throws Exception {
        for (String name : List.of("hopper-medium-replay-a", "hopper-medium-replay-b", "hopper-medium-replay-c")) {
            dataset(name, Duration.ofHours(1));
        }
        Path config = checkout.resolve("conf/hopper-medium-replay.conf");
        mopoExits("$([[ $name == *-a ]] && echo 3 || { [[ $name == *-b ]] && echo 2 || echo 0; })");

        Outcome outcome = sweep("--config", config.toString());

        assertThat(outcome.printed())
                .contains(
                        called("hopper-medium-replay-a"),
                        called("hopper-medium-replay-b"),
                        called("hopper-medium-replay-c"));
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(output.resolve("hopper-medium-replay-a.done")).doesNotExist();
        assertThat(output.resolve("hopper-medium-replay-b.done")).doesNotExist();
        assertThat(output.resolve("hopper-medium-replay-c.done")).exists();
    }

    @Test
    void aSignalEndsItBeforeTheNextDataset() throws Exception {
        dataset("hopper-medium-replay-v1", Duration.ofHours(1));
        dataset("hopper-medium-replay-v2", Duration.ofHours(1));
        mopoExits("143");

        Outcome outcome = sweep();

        assertThat(outcome.printed())
                .contains(called("hopper-medium-replay-v1"))
                .doesNotContain("hopper-medium-replay-v2");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void aFileThatIsStillWrittenIsLeftForTheNextTime() throws Exception {
        dataset(HOPPER, Duration.ofMinutes(3));

        Outcome outcome = sweep();
        assertThat(outcome.printed()).contains("left for the next time").doesNotContain("mopo sweep");
        assertThat(outcome.exitCode()).isZero();

        assertThat(sweep("--quiet", "2").printed()).contains(called(HOPPER));
    }

    @Test
    void anUnknownNameIsToldAndLeftOutUnlessAConfigurationIsGiven() throws Exception {
        dataset("robot", Duration.ofHours(1));
        dataset("two words", Duration.ofHours(1));

        Outcome outcome = sweep();
        assertThat(outcome.printed())
                .contains(
                        "robot.hdf5: left out, conf/ has no configuration",
                        "two words.hdf5: left out, its name has other characters")
                .doesNotContain("mopo sweep");
        assertThat(outcome.exitCode()).isZero();

        Path config = Files.createFile(folder.resolve("robot.conf"));
        assertThat(sweep("--config", config.toString()).printed()).contains(called("robot"));
        assertThat(output.resolve("robot.conf")).content().contains("config = \"file:" + config + "\"");
    }

    @Test
    void aDatasetThatChangedAfterItsSweepIsNotMixedWithIt() throws Exception {
        Path file = dataset(HOPPER, Duration.ofHours(2));
        sweep();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

        Outcome outcome = sweep();

        assertThat(outcome.printed())
                .contains("has changed since its sweep was begun")
                .doesNotContain("mopo sweep");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void aDatasetThatChangedWhileItsSweepWasNotDoneIsNotMixedWithIt() throws Exception {
        Path file = dataset(HOPPER, Duration.ofHours(2));
        mopoExits("3");
        sweep();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        mopoExits("0");

        Outcome outcome = sweep();

        assertThat(outcome.printed())
                .contains("has changed since its sweep was begun")
                .doesNotContain("mopo sweep");
        assertThat(output.resolve(HOPPER + ".done")).doesNotExist();
    }

    @Test
    void twoDoNotWorkAtOnce() throws Exception {
        dataset(HOPPER, Duration.ofHours(1));
        Path started = folder.resolve("started");
        // The first waits to be told to end.
        install(
                checkout.resolve("bin/mopo"),
                "[[ -e '" + started + "' ]] && exit; touch '" + started + "'; read -r < '" + folder.resolve("end")
                        + "'");
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("end").toString())
                        .start()
                        .waitFor())
                .isZero();
        Process first = start();
        try {
            while (!Files.exists(started)) {
                assertThat(first.isAlive()).isTrue();
                Thread.sleep(5);
            }
            Outcome second = sweep();
            assertThat(second.printed()).contains("another nightly sweep is at work in " + output);
            assertThat(second.exitCode()).isEqualTo(1);
        } finally {
            Files.writeString(folder.resolve("end"), "\n");
            assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(first.exitValue()).isZero();
    }

    @Test
    void anotherCommandTakesThePlaceOfMopo() throws Exception {
        dataset(HOPPER, Duration.ofHours(1));
        Path submit = folder.resolve("submit");
        install(submit, "echo \"submit $*\"");

        Outcome outcome = sweep("--", submit.toString(), "--master", "a master", "x.jar");

        assertThat(outcome.printed()).contains("submit --master a master x.jar sweep --config " + output);
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void wrongArgumentsAreRefused() throws Exception {
        assertThat(sweep("--sweep", "x"))
                .isEqualTo(new Outcome(2, "nightly-sweep: unknown argument --sweep; see --help\n"));
        assertThat(sweep("--axes", "nowhere").exitCode()).isEqualTo(2);
        assertThat(sweep("--quiet", "-1").exitCode()).isEqualTo(2);
        assertThat(output).doesNotExist();
    }
}

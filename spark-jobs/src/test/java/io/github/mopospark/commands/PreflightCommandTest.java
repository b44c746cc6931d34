package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.jobs.D4rlRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be done is told before anything is: exit code 2, one message, nothing written. */
class PreflightCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path data;
    private Path output;

    @BeforeEach
    void makeData() throws IOException {
        data = folder.resolve("hopper.hdf5");
        output = folder.resolve("output");
        D4rlRows.hopper(1, 300, 5).write(data);
    }

    /** Runs with options that replace those of the same name. */
    private int run(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--set", "task=hopper"));
        arguments.addAll(List.of(more));
        List<String> given = List.of(more);
        for (List<String> option : List.of(
                List.of("--data", data.toString()),
                List.of("--output", output.toString()),
                // Were the look before missed, this would tell.
                List.of("--master", "no-master"))) {
            if (!given.contains(option.get(0))) {
                arguments.addAll(option);
            }
        }
        return Mopo.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
    }

    private void refuses(int exitCode, String... message) {
        assertThat(err.toString()).contains(message).doesNotContain("\tat ", "Spark cannot start");
        assertThat(exitCode).isEqualTo(2);
        assertThat(output).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "train-ensemble"})
    void dataThatAreNotThereAreRefused(String command) {
        refuses(
                run(command, "--data", folder + "/none.hdf5"),
                "mopo " + command + ": data: file:" + folder + "/none.hdf5 does not exist");
    }

    @Test
    void dataThatCannotBeReadAreRefused() throws IOException {
        refuses(run("train", "--data", "nowhere://a/b"), "data: nowhere://a/b cannot be read (", "nowhere");
    }

    @Test
    void aFolderWithoutADatasetIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        refuses(run("train", "--data", empty.toString()), "empty: no dataset.json; not a dataset");
    }

    @Test
    void aFileThatIsNoHdf5IsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("x.hdf5"), "some text that is no HDF5 file at all");
        refuses(run("train", "--data", text.toString()), "mopo train: ", "x.hdf5");
    }

    @Test
    void fewerRowsThanABatchAreRefused() {
        refuses(
                run("train", "--set", "ensemble.batch-size=300"),
                "mopo train: data: file:" + data,
                "has 300 rows, but ensemble.batch-size = 300 needs at least 301");
    }

    @Test
    void dataOfAnotherTaskAreRefused() {
        refuses(
                run("train", "--set", "task=halfcheetah"),
                "mopo train: file:" + data
                        + ": holds 11 observed numbers and 3 actions of no known task, but task = halfcheetah has 17 and 6");
    }

    @Test
    void buffersThatDoNotFitAreRefusedWithTheirSize() {
        // 10^6 rounds of 250,000 rows of 27 floats.
        refuses(
                run("train", "--set", "rollout.rounds-kept=1000000"),
                "mopo train: memory: the buffers need ",
                "25,145.7 GiB for 1000000 rounds of 50,000 x 5 transitions",
                "-XX:MaxDirectMemorySize=",
                "rollout.rounds-kept");
    }

    @Test
    void anEnsembleAloneNeedsNoBuffers() {
        assertThat(run("train-ensemble", "--set", "rollout.rounds-kept=1000000"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Spark cannot start with these settings");
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        refuses(
                run("train", "--output", file + "/run"),
                "mopo train: --output: file:" + file + "/run cannot be written to (");
        refuses(run("train", "--output", "nowhere://a/b"), "--output: nowhere://a/b cannot be used (");
        assertThat(file).isEmptyFile();
    }

    @Test
    void anEnsembleThatIsNotThereIsRefused() {
        refuses(run("train", "--ensemble", folder + "/none"), "none/model.json: there is no such file");
        refuses(run("train", "--ensemble", "nowhere://a/b"), "ensemble.trained: nowhere://a/b cannot be read (");
    }

    @Test
    void aConfigurationThatCannotBeReadIsRefused() {
        refuses(run("train", "--config", "nowhere://a/b.conf"), "--config: nowhere://a/b.conf cannot be used (");
    }

    @Test
    void aValueThatBreaksItsRuleIsToldByItsKey() {
        refuses(
                run("train", "--set", "learner.discount=2"),
                "the command line: learner.discount must be in [0, 1], but was 2.0");
    }

    @Test
    void aDryRunTellsWhatIsNeededAndDoesNothing() {
        assertThat(run("train", "--dry-run")).isZero();
        assertThat(out.toString())
                .contains(
                        "memory: needs 450 MiB of heap and ", " beside it on the driver, 450 MiB of heap an executor");
        assertThat(folder.toFile().list()).containsExactly("hopper.hdf5");

        refuses(run("train", "--dry-run", "--set", "rollout.rounds-kept=1000000"), "memory: the buffers need ");
        assertThat(out.toString()).contains("GiB beside it on the driver");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--data", "--output", "--ensemble", "--config"})
    void aPasswordInAUriIsRefusedAndNotPrinted(String option) {
        refuses(run("train", option, "hdfs://user:hunter2@host/x"), "hdfs://(hidden)@host/x has a password in its URI");
        assertThat(out + "" + err).doesNotContain("hunter2");
    }

    @Test
    void whatPassesLeavesNothingBeforeSparkStarts() {
        assertThat(run("train")).isEqualTo(2);
        assertThat(err.toString()).contains("Spark cannot start with these settings");
        assertThat(output).doesNotExist();
        assertThat(folder.toFile().list()).containsExactly("hopper.hdf5");
    }
}

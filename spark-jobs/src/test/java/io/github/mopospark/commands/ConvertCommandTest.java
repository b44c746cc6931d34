package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.jobs.D4rlRows;
import io.github.mopospark.jobs.RemoteLikeFileSystem;
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

class ConvertCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path output;

    @BeforeEach
    void makeFiles() throws IOException {
        output = folder.resolve("output");
        D4rlRows.hopper(1, 12, 5).write(folder.resolve("hopper-a.hdf5"));
        Files.writeString(folder.resolve("hopper-b.hdf5"), "");
    }

    private int convert(String input, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of("convert", "--input", folder + "/" + input));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--master")) {
            arguments.addAll(List.of("--master", "local[2]"));
        }
        if (!arguments.contains("--output")) {
            arguments.addAll(List.of("--output", output.toString()));
        }
        return Mopo.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
    }

    @Test
    void convertsWhatItCanAndTellsWhatItCannot() {
        assertThat(convert("*.hdf5")).isEqualTo(2);
        assertThat(out.toString())
                .contains("file:" + output + "/hopper-a: converted; hopper, 12 rows, 3 episodes, mean return ")
                .doesNotContain("hopper-b");
        assertThat(err.toString())
                .contains("mopo convert: file:" + folder + "/hopper-b.hdf5: the file is empty; fetch it again")
                .contains("mopo convert: 1 of 2 could not be converted")
                .doesNotContain("\tat ");

        assertThat(convert("hopper-a.hdf5")).isZero();
        assertThat(out.toString()).contains("hopper-a: up to date; hopper, 12 rows");

        assertThat(convert("hopper-a.hdf5", "--boundary", "fixed:2")).isEqualTo(2);
        assertThat(err.toString()).contains("made with other options; give --overwrite to replace it");
        int exitCode = convert("hopper-a.hdf5", "--boundary", "fixed:2", "--overwrite");
        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString()).contains("hopper-a: converted; hopper, 12 rows, 7 episodes");
    }

    @Test
    void tellsWrongArgumentsInALineAndWritesNothing() {
        fails(convert("none.hdf5"), "mopo convert: --input " + folder + "/none.hdf5: no such file");
        fails(convert("hopper-a.hdf5", "--task", "hoper"), "mopo convert: unknown task 'hoper'; known are hopper, ");
        fails(convert("hopper-a.hdf5", "--boundary", "fixed:0"), "boundary must be flags, discontinuity, fixed:N");
        fails(convert("hopper-a.hdf5", "--relabel", "hopper"), "relabel must be halfcheetah-jump or ant-angle");
        fails(convert("hopper-a.hdf5", "--max-episodes", "0"), "--max-episodes must be at least 1, but was 0");
        fails(convert("hopper-a.hdf5", "--top-fraction", "1.5"), "--top-fraction must be above 0 and at most 1");
        fails(convert("hopper-a.hdf5", "--sample", "0"), "--sample must be at least 1, but was 0");
        fails(convert("hopper-a.hdf5", "--slices", "-1"), "--slices must not be negative, but was -1");
        fails(convert("hopper-a.hdf5", "--speed-cap", "no"), "--speed-cap");
        fails(convert("hopper-a.hdf5", "--sample", "abc"), "See mopo convert --help.");
        fails(convert("hopper-a.hdf5", "--master", "bogus"), "Spark cannot start with these settings: ");
        fails(
                convert("hopper-a.hdf5", "--output", folder + "/hopper-a.hdf5"),
                "cannot be written to (Parent path is not a directory");
        assertThat(convert("hopper-a.hdf5", "--output", "nowhere://a/b")).isEqualTo(1);
        assertThat(err.toString()).contains("nowhere").doesNotContain("\tat ");
        assertThat(output).doesNotExist();
    }

    @Test
    void convertsWhereTheClustersSerializerIsKryo() {
        String kryo = "spark.serializer=org.apache.spark.serializer.KryoSerializer";
        assertThat(convert("hopper-a.hdf5", "--spark-conf", kryo)).isZero();
        assertThat(out.toString()).contains("hopper-a: converted");
    }

    @Test
    void knowsTheTaskByTheNamesThatD4rlGivesItsFiles() throws IOException {
        D4rlRows.hopper(1, 12, 5).write(folder.resolve("hopper_medium_expert-v2.hdf5"));
        assertThat(convert("hopper_medium_expert-v2.hdf5")).isZero();
        assertThat(out.toString()).contains("converted; hopper, 12 rows");
    }

    @Test
    void tellsAFullDiskInALineAndLeavesNothing() throws IOException {
        Files.createFile(folder.resolve("full"));
        int exitCode = convert(
                "hopper-a.hdf5",
                "--spark-conf",
                "spark.hadoop.fs." + RemoteLikeFileSystem.SCHEME + ".impl=" + RemoteLikeFileSystem.class.getName(),
                "--output",
                RemoteLikeFileSystem.uri(folder));
        assertThat(err.toString())
                .contains("/part-00000-000-", " cannot be written: ", "No space left on device")
                .doesNotContain("\tat ");
        assertThat(exitCode).isEqualTo(1);
        assertThat(folder.resolve("hopper-a")).doesNotExist();
    }

    private void fails(int exitCode, String message) {
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
        assertThat(exitCode).isEqualTo(2);
    }
}

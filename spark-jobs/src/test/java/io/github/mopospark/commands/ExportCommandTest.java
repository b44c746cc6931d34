package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.conversion.hdf5.RecordedRows;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.jobs.Policies;
import io.github.mopospark.policy.OnnxModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    private static final Path SAMPLE = Path.of(System.getProperty("mopo.root"), "data", "hopper-sample.hdf5");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Mopo.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int export(String format, Path dataset, Path output) {
        return run("export", "--format", format, "--input", dataset.toString(), "--output", output.toString());
    }

    @Test
    void givesBackTheSample() throws IOException {
        assertThat(run("convert", "--master", "local[1]", "--input", SAMPLE.toString(), "--output", folder.toString()))
                .as(err.toString())
                .isZero();
        Path dataset = folder.resolve("hopper-sample");
        Path d4rl = folder.resolve("d4rl.hdf5");
        Path minari = folder.resolve("minari.hdf5");

        assertThat(export("d4rl", dataset, d4rl)).as(err.toString()).isZero();
        assertThat(export("minari", dataset, minari)).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains("file:" + d4rl + ": exported; 20,000 rows, 232 episodes, ")
                .contains("file:" + minari + ": exported; 20,000 rows, 232 episodes, ");
        try (TransitionFile original = TransitionFile.open(SAMPLE, "sample");
                TransitionFile exported = TransitionFile.open(d4rl, "exported");
                TransitionFile episodes = TransitionFile.open(minari, "episodes")) {
            RecordedRows wanted = original.read(0, 20_000);
            for (TransitionFile file : new TransitionFile[] {exported, episodes}) {
                RecordedRows rows = file.read(0, 20_000);
                assertThat(rows.observations()).isEqualTo(wanted.observations());
                assertThat(rows.nextObservations()).isEqualTo(wanted.nextObservations());
                assertThat(rows.terminals()).isEqualTo(wanted.terminals());
                assertThat(rows.timeouts()).isEqualTo(wanted.timeouts());
            }
        }
        assertThat(export("d4rl", dataset, d4rl)).isEqualTo(2);
        assertThat(err.toString())
                .contains("mopo export: --output: file:" + d4rl + " is there already; give --overwrite");
    }

    private int exportPolicy(Path policy, Path output, String... more) {
        String[] arguments = {"export", "--format", "onnx", "--policy", policy.toString(), "--output", output.toString()
        };
        return run(Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    void writesAPolicyAsAnOnnxModel() throws IOException {
        Path policy = folder.resolve("policy");
        Path output = folder.resolve("hopper.onnx");
        Policies.save(Policies.random("hopper"), policy);

        assertThat(exportPolicy(policy, output)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("file:" + output + ": exported; hopper, 11 numbers to 3, ");
        byte[] model = OnnxModel.encode(Policies.random("hopper"), Mopo.version());
        assertThat(output).hasBinaryContent(model);

        Policies.save(Policies.random("walker2d"), policy);
        assertThat(exportPolicy(policy, output)).isEqualTo(2);
        assertThat(err.toString())
                .contains("mopo export: --output: file:" + output + " is there already; give --overwrite");
        assertThat(output).hasBinaryContent(model);
        assertThat(exportPolicy(policy, output, "--overwrite")).isZero();
        assertThat(output).hasBinaryContent(OnnxModel.encode(Policies.random("walker2d"), Mopo.version()));
        assertThat(folder.toFile().list())
                .as("nothing else is left")
                .containsExactlyInAnyOrder("policy", "hopper.onnx");
    }

    @Test
    void tellsWhatIsWrongWithAPolicyInALineAndWritesNothing() throws IOException {
        Path policy = folder.resolve("policy");
        Path output = folder.resolve("x.onnx");
        fails(exportPolicy(policy, output), "mopo export: file:" + policy + "/model.json: there is no such file");
        Policies.save(Policies.random("hopper"), policy);
        fails(
                exportPolicy(policy, folder.resolve("no/x.onnx")),
                "--output: the folder " + folder + "/no does not exist");
        fails(
                run("export", "--format", "d4rl", "--policy", policy.toString(), "--output", output.toString()),
                "--format must be onnx or dl4j for --policy");
        fails(export("onnx", policy, output), "--format must be d4rl or minari for --input");
        fails(exportPolicy(policy, output, "--input", "x"), "mutually exclusive");
        fails(exportPolicy(policy, output, "--drop-incomplete"), "--drop-incomplete belongs to --input");
        fails(run("export", "--format", "onnx", "--output", output.toString()), "--policy");
        assertThat(folder.toFile().list()).containsExactly("policy");
    }

    private void fails(int exitCode, String message) {
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
        assertThat(exitCode).isEqualTo(2);
        err.getBuffer().setLength(0);
    }

    @Test
    void tellsWrongArgumentsInALineAndWritesNothing() {
        Path output = folder.resolve("x.hdf5");
        assertThat(export("d4rl", folder.resolve("none"), output)).isEqualTo(2);
        assertThat(export("csv", folder.resolve("none"), output)).isEqualTo(2);
        assertThat(err.toString())
                .contains("mopo export: file:" + folder.resolve("none") + ": no dataset.json")
                .contains("'csv'")
                .doesNotContain("\tat ");
        assertThat(folder).isEmptyDirectory();
    }
}

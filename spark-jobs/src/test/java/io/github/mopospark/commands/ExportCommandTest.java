package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.conversion.hdf5.RecordedRows;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
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

package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.jobs.TinyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {
    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int run(String... arguments) {
        CommandOutcome outcome = CommandOutcome.of(arguments);
        out = outcome.out();
        err = outcome.err();
        return outcome.exitCode();
    }

    private String sweep(String axes) throws IOException {
        StringBuilder text = new StringBuilder("settings {\n");
        TinyRun.settings(TinyRun.SAMPLE, "learner.epochs", "1", "evaluation.every", "1")
                .forEach((key, value) -> text.append(key)
                        .append(" = ")
                        .append(value.startsWith("[") || value.matches("[0-9e-]+") ? value : "\"" + value + "\"")
                        .append('\n'));
        text.append("}\naxes = [").append(axes).append("]\n");
        return Files.writeString(folder.resolve("sweep.conf"), text).toString();
    }

    @Test
    void aTrialThatFailsIsToldByALineAndTheExitCode() throws IOException {
        String file =
                sweep("{ choices = [ { rollout.length = 1, name = short }, { data = none.hdf5, name = nothing } ] }");
        String output = folder.resolve("out").toString();

        assertThat(run("sweep", "--config", file, "--output", output, "--master", "local[2]"))
                .as(err)
                .isEqualTo(3);
        assertThat(out)
                .containsPattern("sweep: 2 trials, \\d+ at a time, in file:" + output)
                .contains("short: epoch 1: score ")
                .containsPattern("\nshort: done, epoch 1: score_mean -?\\d+\\.\\d, mean of the last 1 -?\\d+\\.\\d\n")
                .containsPattern("\nnothing: failed \\(.*none.hdf5 does not exist\\)\n")
                .contains("\n1 of 2 trials are done, 1 failed\n")
                .endsWith("\nreport: file:" + output + "/report.html\n");

        String told = out.substring(out.indexOf("\nshort: done") + 1);
        assertThat(run("sweep", "--status", output)).isZero();
        assertThat(out).isEqualTo(told);

        file = sweep("{ choices = [ { rollout.length = 1, name = short } ] }");
        assertThat(run("sweep", "--config", file, "--output", output, "--master", "local[2]"))
                .as(err)
                .isZero();
        assertThat(out).doesNotContain("short: epoch 1").contains("\n1 of 1 trials are done\n");

        String trial = output + "/trials/short";
        assertThat(run("sweep", "--config", file, "--output", trial, "--master", "local[2]"))
                .isEqualTo(2);
        assertThat(err)
                .isEqualTo(
                        "mopo sweep: --output: file:%s holds a run, whose report would be replaced; give another folder\n"
                                .formatted(trial));
        file = sweep("{ choices = [ { rollout.length = 2, name = short } ] }");
        assertThat(run("sweep", "--config", file, "--output", output, "--master", "local[2]"))
                .isEqualTo(2);
        assertThat(err)
                .contains(
                        "trials/short was begun with other settings: rollout.length = 1, not 2; give another --output");
    }

    @Test
    void wrongArgumentsAreToldInALine() throws IOException {
        assertThat(run("sweep", "--output", "x")).isEqualTo(2);
        assertThat(err).isEqualTo("mopo sweep: give --config and --output, or --status\n");
        assertThat(run("sweep", "--config", sweep("{ key = seed, values = [1] }"), "--output", "/proc/none/x"))
                .isEqualTo(2);
        assertThat(err).contains("--output: /proc/none/x cannot be used");
        assertThat(run("sweep", "--status", folder.toString())).isEqualTo(2);
        assertThat(err).contains("--status: file:" + folder + " holds no sweep");
        assertThat(run("sweep", "--config", sweep("{ key = rollout.lenght, values = [1] }"), "--output", "x"))
                .isEqualTo(2);
        assertThat(err).contains("trial lenght=1: ", "did you mean rollout.length?");
    }
}

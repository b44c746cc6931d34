package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.jobs.D4rlRows;
import io.github.mopospark.jobs.TinyRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
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

    private Path output() {
        return folder.resolve("run");
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        if (!all.contains("--master")) {
            all.addAll(List.of("--master", "local[2]"));
        }
        return all.toArray(String[]::new);
    }

    private int train(Map<String, String> settings, String... more) {
        return run(with(TinyRun.command("train", settings, output()), more));
    }

    private void assertOneLine(int exitCode, int expected, String... parts) {
        // A conversion that ended well before shows how far it was.
        String told = err.replaceAll("write \\[[^\\n]*\\n", "");
        assertThat(told).contains(parts).matches("mopo train(-ensemble)?: [^\\n]*\\n");
        assertThat(exitCode).isEqualTo(expected);
    }

    private void refuses(Map<String, String> settings, String... parts) {
        assertOneLine(train(settings), 2, parts);
        if (Files.exists(output())) {
            assertThat(output()).as("nothing is left").isEmptyDirectory();
        }
    }

    @Test
    void trainsAndScoresGoesOnAndRefusesAnotherRun() throws IOException {
        Map<String, String> settings = TinyRun.settings(TinyRun.SAMPLE);
        assertThat(train(settings)).as(err).isZero();
        assertThat(out)
                .contains("dataset: file:" + output() + "/dataset, 20,000 rows; kernels: cpu")
                .containsPattern("ensemble: trained in .*, holdout error 0\\.\\d+ \\(members \\[\\d, \\d]\\)")
                .containsPattern("epoch 2: score -?\\d+\\.\\d \\+- ")
                .containsPattern("epoch 4: score -?\\d+\\.\\d \\+- ")
                .containsPattern(
                        "score_mean: last -?\\d+\\.\\d, mean of the last 2 -?\\d+\\.\\d, best -?\\d+\\.\\d \\(")
                .contains("ensemble: file:" + output() + "/ensemble\n")
                .contains("metrics: file:" + output() + "/metrics.csv\n")
                .contains("policy: file:" + output() + "/policy\n")
                .contains("report: file:" + output() + "/report.html\n")
                .doesNotContain("epoch 1:", "epoch 3:");
        assertThat(output().resolve("report.html")).content().contains("train --output " + output());
        Map<String, String> before = TinyRun.bits(output());

        assertOneLine(train(settings), 2, "--output: file:" + output() + " holds a run; go on with it by --resume");
        settings.put("rollout.length", "3");
        settings.put("learner.epochs", "5");
        assertOneLine(train(settings, "--resume"), 2, "was begun with other settings: rollout.length = 2, not 3;");
        assertOneLine(
                run(with(TinyRun.command("train", Map.of("rollout.lenght", "3"), output()), "--resume")),
                2,
                "rollout.lenght is not a key; did you mean rollout.length?");
        assertThat(TinyRun.bits(output())).isEqualTo(before);

        assertThat(run(with(TinyRun.command("train", Map.of(), output()), "--resume")))
                .as(err)
                .isZero();
        assertThat(out).contains("policy: its 4 epochs are done");
        assertThat(TinyRun.bits(output())).isEqualTo(before);

        assertThat(run(with(TinyRun.command("train", Map.of("learner.epochs", "5"), output()), "--resume")))
                .as(err)
                .isZero();
        assertThat(out)
                .contains("policy: goes on after epoch 4", "epoch 5: score")
                .doesNotContain("trained in");
    }

    @Test
    void aSecretOfSparksSettingsIsWrittenNowhere() throws IOException {
        assertThat(train(
                        TinyRun.settings(TinyRun.SAMPLE, "learner.epochs", "1"),
                        "--spark-conf",
                        "spark.hadoop.fs.s3a.secret.key=hunter2"))
                .as(err)
                .isZero();

        assertThat(output().resolve("report.html")).content().contains("spark.hadoop.fs.s3a.secret.key=(hidden)");
        for (Path file : FileTree.filesBelow(output())) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .as(file.toString())
                    .doesNotContain("hunter2");
        }
        assertThat(out + err).doesNotContain("hunter2");
    }

    @Test
    void theEnsembleAloneIsTakenByTheSameRunAndByOthers() throws IOException {
        Map<String, String> settings = TinyRun.settings(TinyRun.SAMPLE);
        Path other = folder.resolve("other");
        assertThat(run(with(TinyRun.command("train-ensemble", settings, other))))
                .as(err)
                .isZero();
        assertThat(out).contains("ensemble: file:" + other + "/ensemble\n").doesNotContain("epoch 2: score");
        assertThat(other.resolve("policy")).doesNotExist();

        assertThat(train(settings, "--ensemble", other.resolve("ensemble").toString()))
                .as(err)
                .isZero();
        assertThat(run(with(TinyRun.command("train", settings, other), "--resume")))
                .as(err)
                .isZero();

        Map<String, String> trainedItself = TinyRun.bits(other);
        Map<String, String> took = TinyRun.bits(output());
        // These tell where the ensemble comes from.
        List.of("ensemble.csv", "config.conf").forEach(file -> {
            trainedItself.remove(file);
            took.remove(file);
        });
        assertThat(took).isEqualTo(trainedItself);
    }

    @Test
    void aGivenEnsembleIsTakenAlsoByARunThatWasKilledBeforeItHadIt() throws IOException {
        Path other = folder.resolve("other");
        assertThat(run(with(TinyRun.command("train-ensemble", TinyRun.settings(TinyRun.SAMPLE), other))))
                .as(err)
                .isZero();
        assertThat(train(
                        TinyRun.settings(TinyRun.SAMPLE),
                        "--ensemble",
                        other.resolve("ensemble").toString()))
                .as(err)
                .isZero();
        Map<String, String> expected = TinyRun.bits(output());
        Path killed = Files.createDirectory(folder.resolve("killed"));
        Files.copy(output().resolve("config.conf"), killed.resolve("config.conf"));

        assertThat(run(with(TinyRun.command("train", Map.of(), killed), "--resume")))
                .as(err)
                .isZero();
        assertThat(out).doesNotContain("trained in");
        assertThat(TinyRun.bits(killed)).isEqualTo(expected);
    }

    @Test
    void otherDataAreRefusedAndTheRunStaysAsItWas() throws IOException {
        assertThat(run(with(TinyRun.command("train-ensemble", TinyRun.settings(TinyRun.SAMPLE), output()))))
                .as(err)
                .isZero();
        Map<String, String> before = TinyRun.bits(output());
        Path other = folder.resolve("other");
        assertThat(run(
                        "convert",
                        "--input",
                        TinyRun.SAMPLE.toString(),
                        "--output",
                        other.toString(),
                        "--sample",
                        "9000"))
                .as(err)
                .isZero();

        int exitCode = run(with(
                TinyRun.command("train", Map.of(), output()),
                "--resume",
                "--data",
                other.resolve("hopper-sample").toString()));

        assertOneLine(exitCode, 2, "data: has other rows than the run in file:" + output() + " was begun with");
        assertThat(TinyRun.bits(output())).isEqualTo(before);
    }

    @Test
    void aRunThatHasConvertedItsFileGoesOnWithoutIt() throws IOException {
        Path file = Files.copy(TinyRun.SAMPLE, folder.resolve("moved.hdf5"));
        assertThat(run(with(TinyRun.command("train-ensemble", TinyRun.settings(file), output()))))
                .as(err)
                .isZero();
        Files.delete(file);

        assertThat(run(with(TinyRun.command("train", Map.of(), output()), "--resume")))
                .as(err)
                .isZero();
        assertThat(out).contains("epoch 4: score");
    }

    @Test
    void wrongDataAreToldInALine() throws IOException {
        refuses(TinyRun.settings(folder.resolve("x.hdf5")), folder.resolve("x.hdf5") + " does not exist");
        refuses(TinyRun.settings(TinyRun.SAMPLE, "task", "walker2d"), "hopper-sample.hdf5", "walker2d");
        refuses(TinyRun.settings(Path.of("")), "data is not set: give an HDF5 file or the folder of a dataset");
        Path noDataset = Files.createDirectory(folder.resolve("none"));
        refuses(TinyRun.settings(noDataset), noDataset + ": no dataset.json; not a dataset");
        refuses(TinyRun.settings(TinyRun.SAMPLE, "data", "nosuch://host/x"), "data: nosuch://host/x cannot be read");
    }

    @Test
    void anEnsembleOfOtherDataIsToldInALine() throws IOException {
        Path other = folder.resolve("other");
        Path rows = D4rlRows.hopper(1, 2_000, 100).write(folder.resolve("hopper-x.hdf5"));
        assertThat(run(with(TinyRun.command("train-ensemble", TinyRun.settings(rows), other))))
                .as(err)
                .isZero();
        String ensemble = other.resolve("ensemble").toString();
        assertOneLine(
                train(TinyRun.settings(TinyRun.SAMPLE), "--ensemble", ensemble),
                2,
                ensemble + ": was trained on another dataset than file:" + output() + "/dataset");
        assertOneLine(
                train(TinyRun.settings(TinyRun.SAMPLE), "--ensemble", folder.toString()),
                2,
                folder + "/model.json: there is no such file; not a saved ensemble");
        assertThat(output()).isEmptyDirectory();
    }

    @Test
    void wrongSettingsAreToldInALine() throws IOException {
        refuses(Map.of(), "--config is missing: give a file, such as conf/demo.conf");
        refuses(TinyRun.settings(TinyRun.SAMPLE, "ensemble.elites", "4"), "ensemble", "elites", "3", "4");
        assertOneLine(train(Map.of(), "--config", folder + "/x.conf"), 2, "x.conf: there is no such file");
        assertOneLine(train(Map.of(), "--resume"), 2, "--config is missing");
        assertOneLine(
                train(TinyRun.settings(TinyRun.SAMPLE), "--master", "nonsense"), 2, "Spark cannot start", "nonsense");
        Files.createDirectory(output());
        Path own = Files.writeString(output().resolve("notes.txt"), "mine");
        for (String[] more : new String[][] {{}, {"--resume"}}) {
            assertOneLine(train(TinyRun.settings(TinyRun.SAMPLE), more), 2, " is not empty and holds no run; give");
        }
        assertThat(output().toFile().list()).containsExactly("notes.txt");
        assertThat(own).hasContent("mine");
    }

    @Test
    void aMemberThatDivergesIsToldInALine() {
        Map<String, String> settings = TinyRun.settings(TinyRun.SAMPLE, "ensemble.learning-rate", "1e30");
        assertOneLine(train(settings), 1, "member ", " diverged in epoch 1, step ", "lower ensemble.learning-rate");
        assertThat(err)
                .containsPattern("mopo train: member [0-2] diverged in epoch 1, step \\d+: its loss is [^;]*; .*\\n");
    }

    @Test
    void aDamagedCheckpointIsToldInALine() throws IOException {
        assertThat(train(TinyRun.settings(TinyRun.SAMPLE, "learner.epochs", "1")))
                .as(err)
                .isZero();
        Path learner;
        try (Stream<Path> files = Files.list(output().resolve("checkpoints"))) {
            learner = files.filter(file -> file.getFileName().toString().startsWith("learner"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(learner);
        assertOneLine(
                run(with(TinyRun.command("train", Map.of("learner.epochs", "2"), output()), "--resume")),
                2,
                "checkpoints/snapshot.json: it names " + learner.getFileName() + ", but there is no such file");
    }
}

package io.github.mopospark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSinkTest {
    @TempDir
    private Path folder;

    private final Storage storage = new Storage(OnCloseFileSystem.register(new Configuration()));

    private CsvSink sink(RunPosition position) throws IOException {
        return new CsvSink(storage, path(), position);
    }

    private org.apache.hadoop.fs.Path path() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    /** The cells of a line by the names of their columns; empty ones left out. */
    private Map<String, String> cells(String file, int line) throws IOException {
        String[] names = lines(file).get(0).split(",", -1);
        String[] cells = lines(file).get(line).split(",", -1);
        assertThat(cells).hasSameSizeAs(names);
        return Arrays.stream(names)
                .filter(name -> !cells[List.of(names).indexOf(name)].isEmpty())
                .collect(Collectors.toMap(
                        name -> name, name -> cells[List.of(names).indexOf(name)]));
    }

    /** Numbers with many digits, other ones in each epoch. */
    private static EpochMetrics epoch(int epoch) {
        return new EpochMetrics(
                epoch,
                Map.of(
                        Metric.UPDATES,
                        1000.0 * epoch,
                        Metric.TARGET_MEAN,
                        Math.sin(epoch) * 1e8,
                        Metric.TEMPERATURE,
                        Math.exp(-epoch),
                        Metric.SCORE_MEAN,
                        epoch % 2 == 0 ? Math.PI * epoch : Double.NaN));
    }

    private static EpochMetrics seconds(int epoch, double seconds) {
        return new EpochMetrics(epoch, Map.of(Metric.UPDATE_SECONDS, seconds));
    }

    @Test
    void leavesCellsOfWhatWasNotMeasuredEmpty() throws IOException {
        try (CsvSink sink = sink(RunPosition.START)) {
            sink.epochDone(epoch(1));
            sink.epochDone(epoch(2));
        }

        assertThat(cells("metrics.csv", 1))
                .containsOnlyKeys("epoch", "updates", "target_mean", "temperature")
                .containsEntry("epoch", "1")
                .containsEntry("updates", "1000");
        assertThat(cells("metrics.csv", 2)).containsEntry("score_mean", Double.toString(2 * Math.PI));
    }

    @Test
    void keepsSecondsInAFileOfTheirOwn() throws IOException {
        try (CsvSink sink = sink(RunPosition.START)) {
            sink.epochDone(epoch(1));
            sink.epochDone(seconds(1, 0.25));
            sink.epochDone(new EpochMetrics(1, Map.of(Metric.CHECKPOINT_SECONDS, 2.0)));
        }

        assertThat(lines("metrics.csv")).hasSize(2).first().asString().doesNotContain("seconds");
        assertThat(cells("timings.csv", 1))
                .isEqualTo(Map.of("epoch", "1", "update_seconds", "0.25", "checkpoint_seconds", "2"));
    }

    @Test
    void hasTheSameBytesAfterAResumeAsWithoutOne() throws IOException {
        List<MemberEpoch> firstBlock = List.of(
                new MemberEpoch(0, 1, 0.1, 1.0 / 3), new MemberEpoch(1, 1, -0.25, 0.7), new MemberEpoch(0, 2, 3, 4));
        List<MemberEpoch> secondBlock = List.of(new MemberEpoch(0, 3, 5, 6), new MemberEpoch(1, 3, 7, 8));
        try (CsvSink sink = sink(RunPosition.START)) {
            sink.membersTrained(firstBlock);
            sink.membersTrained(secondBlock);
            for (int epoch = 1; epoch <= 12; epoch++) {
                sink.epochDone(epoch(epoch));
                sink.epochDone(seconds(epoch, epoch));
            }
        }
        List<String> metrics = lines("metrics.csv");
        List<String> ensemble = lines("ensemble.csv");

        try (CsvSink sink = sink(RunPosition.START)) {
            sink.membersTrained(firstBlock);
            sink.membersTrained(List.of(new MemberEpoch(1, 3, 99, 99), new MemberEpoch(0, 3, 99, 99)));
        }
        try (CsvSink sink = sink(new RunPosition(2, 0))) {
            assertThat(lines("ensemble.csv")).hasSize(4);
            sink.membersTrained(secondBlock);
            for (int epoch = 1; epoch <= 9; epoch++) {
                sink.epochDone(
                        epoch <= 7
                                ? epoch(epoch)
                                : new EpochMetrics(epoch, epoch(epoch + 50).values()));
                sink.epochDone(seconds(epoch, 7));
            }
        }
        // Killed after epoch 9; the last checkpoint is that of epoch 7.
        try (CsvSink sink = sink(new RunPosition(3, 7))) {
            assertThat(lines("metrics.csv")).hasSize(8);
            assertThat(lines("timings.csv")).hasSize(8);
            for (int epoch = 8; epoch <= 12; epoch++) {
                sink.epochDone(epoch(epoch));
            }
        }

        assertThat(lines("metrics.csv")).isEqualTo(metrics);
        assertThat(lines("ensemble.csv")).isEqualTo(ensemble);
    }

    @Test
    void replacesARowThatComesAgain() throws IOException {
        try (CsvSink sink = sink(RunPosition.START)) {
            sink.epochDone(new EpochMetrics(1, Map.of(Metric.ACTOR_LOSS, 1.0, Metric.TEMPERATURE, 0.5)));
            sink.epochDone(new EpochMetrics(1, Map.of(Metric.ACTOR_LOSS, 2.0)));
            sink.membersTrained(List.of(new MemberEpoch(0, 1, 1, 2), new MemberEpoch(0, 1, 3, 4)));
        }

        assertThat(cells("metrics.csv", 1)).isEqualTo(Map.of("epoch", "1", "actor_loss", "2", "temperature", "0.5"));
        assertThat(lines("ensemble.csv")).containsExactly("member,epoch,loss,holdout_error", "0,1,3,4");
    }

    @Test
    void readsBackTheSameBits() throws IOException {
        List<EpochMetrics> epochs = List.of(
                new EpochMetrics(0, Map.of(Metric.SCORE_MEAN, -0.0)),
                new EpochMetrics(
                        1,
                        Map.of(
                                Metric.SCORE_MEAN,
                                0.1 + 0.2,
                                Metric.RETURN_MEAN,
                                Double.MIN_VALUE,
                                Metric.PENALTY_MAX,
                                Double.POSITIVE_INFINITY,
                                Metric.MODEL_TRANSITIONS,
                                9e15 + 2,
                                Metric.UPDATES,
                                3e6,
                                Metric.ROLLOUT_SECONDS,
                                1e-9)));
        List<MemberEpoch> members =
                List.of(new MemberEpoch(0, 1, Double.NaN, 0.5), new MemberEpoch(12, 3, -1e-7, 1e20));
        try (CsvSink sink = sink(RunPosition.START)) {
            for (EpochMetrics epoch : epochs) {
                sink.epochDone(epoch);
            }
            sink.membersTrained(members);
        }

        assertThat(RunMetrics.read(storage, path())).isEqualTo(new RunMetrics(epochs, members));
        assertThat(cells("metrics.csv", 2)).containsEntry("updates", "3000000");
    }

    @Test
    void startsAnewWhereAnotherRunWas() throws IOException {
        try (CsvSink sink = sink(RunPosition.START)) {
            sink.epochDone(epoch(1));
            sink.membersTrained(List.of(new MemberEpoch(0, 1, 1, 2)));
        }
        Files.writeString(folder.resolve("timings.csv"), "not ours");
        try (CsvSink sink = sink(RunPosition.START)) {
            assertThat(RunMetrics.read(storage, path())).isEqualTo(new RunMetrics(List.of(), List.of()));
            sink.epochDone(epoch(2));
        }

        assertThat(RunMetrics.read(storage, path()).epochs()).containsExactly(epoch(2));
    }

    @Test
    void writesWhereFilesCanNeitherGrowNorBeRenamed() throws IOException {
        try (CsvSink sink = new CsvSink(storage, OnCloseFileSystem.path(folder), RunPosition.START)) {
            sink.epochDone(epoch(1));
            sink.epochDone(epoch(2));
            assertThat(lines("metrics.csv")).hasSize(3);
        }
        try (CsvSink sink = new CsvSink(storage, OnCloseFileSystem.path(folder), new RunPosition(0, 1))) {
            assertThat(lines("metrics.csv")).hasSize(2);
            sink.epochDone(epoch(2));
        }

        assertThat(RunMetrics.read(storage, path()).epochs()).containsExactly(epoch(1), epoch(2));
    }

    @Test
    void goesOnWithAFileOfBeforeAColumnWasMeasured() throws IOException {
        Files.writeString(folder.resolve("metrics.csv"), "epoch,actor_loss,updates\n1,0.5,10\n2,,20\n");
        try (CsvSink sink = sink(new RunPosition(0, 2))) {
            sink.epochDone(epoch(3));
        }

        assertThat(RunMetrics.read(storage, path()).epochs())
                .containsExactly(
                        new EpochMetrics(1, Map.of(Metric.ACTOR_LOSS, 0.5, Metric.UPDATES, 10.0)),
                        new EpochMetrics(2, Map.of(Metric.UPDATES, 20.0)),
                        epoch(3));
        assertThat(lines("metrics.csv").get(0)).contains(Metric.FITTED_Q_VALUE.column());
    }

    @Test
    void refusesAFileThatItDidNotWriteAndLeavesAllFilesAsTheyAre() throws IOException {
        try (CsvSink sink = sink(RunPosition.START)) {
            sink.epochDone(epoch(1));
            sink.epochDone(epoch(2));
        }
        Path ensemble = folder.resolve("ensemble.csv");
        for (String wrong : List.of(
                "member,epoch,loss,other\n0,1,2,3\n",
                "epoch,member,loss,holdout_error\n0,1,2,3\n",
                "member,epoch,loss,loss\n0,1,2,3\n",
                "member,epoch\n0,1\n",
                "member,epoch,loss,holdout_error\n0,1,2\n",
                "member,epoch,loss,holdout_error\n0,one,2,3\n",
                "member,epoch,loss,holdout_error\n0,1,2,3")) {
            Files.writeString(ensemble, wrong);

            assertThatThrownBy(() -> sink(new RunPosition(1, 1)))
                    .as(wrong)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("ensemble.csv, line ");
            assertThat(lines("metrics.csv")).hasSize(3);
            assertThat(ensemble).hasContent(wrong);
        }
    }
}

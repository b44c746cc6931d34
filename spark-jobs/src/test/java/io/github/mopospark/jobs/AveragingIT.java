package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.JavaProcess;
import io.github.mopospark.cluster.StandaloneCluster;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DL4J's parameter averaging by the packaged program, on a standalone cluster of two executors. */
class AveragingIT {
    private static final int COPIES = 20;

    @TempDir
    private Path folder;

    /**
     * The sample twenty times, which is 44 MB of numbers, and a driver that refuses to be sent more than 8 MiB by any job: a
     * collection of rows would fail.
     */
    @Test
    void trainsOnMoreRowsThanTheDriverMayBeSent() throws Exception {
        Path dataset = twentySamples();
        Path run = folder.resolve("run");
        Map<String, String> settings = TinyRun.settings(
                dataset,
                "ensemble.members",
                "1",
                "ensemble.elites",
                "1",
                "ensemble.max-epochs",
                "1",
                "ensemble.trainer",
                "dl4j-spark",
                "ensemble.averaging.frequency",
                "400");
        try (StandaloneCluster cluster = new StandaloneCluster(folder)) {
            JavaProcess.Outcome outcome = cluster.submit(
                    List.of(
                            "spark.driver.maxResultSize=8m",
                            "spark.executor.cores=1",
                            "spark.executorEnv.OMP_NUM_THREADS=1"),
                    TinyRun.command("train-ensemble", settings, run));
            assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        }
        Ensemble ensemble = new EnsembleFolder(
                        new Storage(new Configuration()),
                        new org.apache.hadoop.fs.Path(run.resolve("ensemble").toUri()))
                .read();
        assertThat(Arrays.stream(ensemble.holdoutErrors())).hasSize(1).allMatch(error -> error > 0 && error < 1);
        assertThat(Files.readAllLines(run.resolve("ensemble.csv"))).hasSize(1 + 1);
    }

    private Path twentySamples() throws Exception {
        List<String> command = new ArrayList<>(
                List.of("convert", "--merge", "--output", folder.resolve("data").toString()));
        for (int copy = 0; copy < COPIES; copy++) {
            Path file = folder.resolve("hopper-%02d.hdf5".formatted(copy));
            Files.copy(TinyRun.SAMPLE, file);
            command.addAll(List.of("--input", file.toString()));
        }
        try (JavaProcess process = JavaProcess.mopo(folder, command.toArray(String[]::new))) {
            assertThat(process.outcome().exitCode()).isZero();
        }
        Path dataset = folder.resolve("data");
        assertThat(new DatasetFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(dataset.toUri()))
                        .open()
                        .rows())
                .isEqualTo(400_000);
        return dataset;
    }
}

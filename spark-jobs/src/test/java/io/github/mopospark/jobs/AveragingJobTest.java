package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.ensemble.Ensemble;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ensemble.trainer = dl4j-spark}. */
class AveragingJobTest {
    @TempDir
    private Path folder;

    @Test
    void trainsAsWellAsTheCore() throws IOException {
        RunConfig core = TinyRun.config(TinyRun.SAMPLE);
        RunConfig averaged = TinyRun.config(TinyRun.SAMPLE, "ensemble.trainer", "dl4j-spark");
        try (JavaSparkContext context = TinyRun.spark("local[2]")) {
            Ensemble expected =
                    TinyRun.job(context, core, folder.resolve("core")).trainEnsemble();
            Ensemble trained =
                    TinyRun.job(context, averaged, folder.resolve("averaged")).trainEnsemble();
            System.err.println("DBG " + java.util.Arrays.toString(expected.holdoutErrors()) + " "
                    + java.util.Arrays.toString(trained.holdoutErrors()));
            assertThat(trained.scaler()).usingRecursiveComparison().isEqualTo(expected.scaler());
        }
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.runs.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** {@code ensemble.trainer = dl4j-spark}. */
class AveragingJobTest {
    private static JavaSparkContext context;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startSpark() {
        context = TinyRun.spark("local[2]");
    }

    @AfterAll
    static void stopSpark() {
        context.close();
    }

    private static RunConfig config(String... more) {
        String[] all = Arrays.copyOf(more, more.length + 4);
        all[more.length] = "ensemble.trainer";
        all[more.length + 1] = "dl4j-spark";
        all[more.length + 2] = "ensemble.averaging.frequency";
        all[more.length + 3] = "10";
        return TinyRun.config(TinyRun.SAMPLE, all);
    }

    private Ensemble train(RunConfig config, String run) throws IOException {
        return TinyRun.job(context, config, folder.resolve(run)).trainEnsemble();
    }

    @Test
    void trainsAsWellAsTheCoreOnTheSameScalerAndHoldout() throws IOException {
        String[] longer = {"ensemble.members", "1", "ensemble.elites", "1", "ensemble.max-epochs", "10"};
        Ensemble core = train(TinyRun.config(TinyRun.SAMPLE, longer), "core");
        Ensemble averaged = train(config(longer), "averaged");
        assertThat(averaged.scaler()).usingRecursiveComparison().isEqualTo(core.scaler());
        assertThat(averaged.datasetChecksum()).isEqualTo(core.datasetChecksum());
        assertThat(averaged.holdoutErrors()[0]).isBetween(core.holdoutErrors()[0] / 1.5, core.holdoutErrors()[0] * 1.5);
    }

    @Test
    void goesOnFromItsLastBlockToTheSameBits() throws IOException {
        RunConfig config = config();
        RunFolder run = TinyRun.folder(folder.resolve("run"));
        run.begin(config);
        RunConsole console =
                new RunConsole(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        TrainingDataset dataset = TrainingDataset.of(context, config, run, console.out(), false);
        Broadcast<RunPlan> plan = context.broadcast(new RunPlan(
                "test",
                config.render(),
                dataset.folder().path().toString(),
                new SerializableConfiguration(context.hadoopConfiguration()),
                ""));
        AveragingJob job = new AveragingJob(
                context, config.ensemble(), config.kernels().open(), plan, dataset.manifest(), config.seed());
        List<MemberBytes> saved = new ArrayList<>();
        List<MemberState> whole = job.train(job.start(), TrainingListener.NONE, members -> {
            if (saved.isEmpty()) {
                members.forEach(member -> saved.add(MemberBytes.of(member)));
            }
        });
        AveragingJob again = new AveragingJob(
                context, config.ensemble(), config.kernels().open(), plan, dataset.manifest(), config.seed());
        List<MemberState> start = saved.stream().map(MemberBytes::state).toList();
        assertThat(start).extracting(MemberState::epoch).containsOnly(2);
        List<MemberState> resumed = again.train(start, TrainingListener.NONE, members -> {});
        assertThat(resumed).usingRecursiveComparison().isEqualTo(whole);
    }

    @Test
    void aLossThatIsNotFiniteIsToldInALine() {
        assertThatThrownBy(() -> train(config("ensemble.learning-rate", "1e12"), "diverged"))
                .isInstanceOf(RunException.class)
                .hasMessageMatching(
                        "member 0 diverged in epoch 1, step \\d+: its loss is .*lower ensemble.learning-rate");
    }

    @Test
    void refusesSpectralNorms() throws IOException {
        Preflight preflight = new Preflight(
                context.getConf(),
                config("ensemble.lipschitz.mode", "bound"),
                TinyRun.folder(folder.resolve("bound")),
                false);
        assertThatThrownBy(preflight::require)
                .hasMessageContaining("ensemble.lipschitz.mode must be off for ensemble.trainer = dl4j-spark");
    }

    private static TrainingBlock block(int block, int rows) {
        float[] inputs = new float[2 * rows];
        float[] targets = new float[rows];
        for (int row = 0; row < rows; row++) {
            inputs[2 * row] = row;
            inputs[2 * row + 1] = -row;
            targets[row] = 10 * row;
        }
        return new TrainingBlock(block, rows, inputs, targets);
    }

    @Test
    void aBootstrapIsDrawnOnceAndAsOftenAsPoissonSays() {
        int rows = 20_000;
        int[] drawn = BootstrapBatches.bootstrap(block(3, rows), 7, 1);
        assertThat(BootstrapBatches.bootstrap(block(3, rows), 7, 1)).isEqualTo(drawn);
        assertThat(BootstrapBatches.bootstrap(block(3, rows), 7, 2)).isNotEqualTo(drawn);
        assertThat(BootstrapBatches.bootstrap(block(3, rows), 8, 1)).isNotEqualTo(drawn);
        assertThat(BootstrapBatches.bootstrap(block(4, rows), 7, 1)).isNotEqualTo(drawn);
        int[] times = new int[rows];
        Arrays.stream(drawn).forEach(row -> times[row]++);
        double[] probabilities = {0.3679, 0.3679, 0.1839, 0.0613, 0.0153};
        for (int number = 0; number < probabilities.length; number++) {
            int wanted = number;
            double share = Arrays.stream(times).filter(time -> time == wanted).count() / (double) rows;
            assertThat(share)
                    .as("rows that are there %d times", number)
                    .isBetween(probabilities[number] - 0.015, probabilities[number] + 0.015);
        }
    }

    @Test
    void anEpochTakesEachDrawnRowOnceInAnOrderOfItsOwn() {
        TrainingBlock block = block(0, 100);
        double[] first = inputs(block, 1);
        assertThat(Arrays.stream(first).sorted().toArray())
                .isEqualTo(Arrays.stream(BootstrapBatches.bootstrap(block, 7, 1))
                        .asDoubleStream()
                        .sorted()
                        .toArray());
        assertThat(inputs(block, 1)).isEqualTo(first);
        assertThat(inputs(block, 2)).isNotEqualTo(first);
    }

    /** The first input of each row of each batch of 16, whose other numbers must be its own. */
    private static double[] inputs(TrainingBlock block, int epoch) {
        BootstrapBatches batches = new BootstrapBatches(block, 16, 7, 1, epoch);
        double[] inputs = new double[0];
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            int rows = batch.numExamples();
            assertThat(rows).isBetween(1, 16);
            int from = inputs.length;
            inputs = Arrays.copyOf(inputs, from + rows);
            for (int row = 0; row < rows; row++) {
                inputs[from + row] = batch.getFeatures().getDouble(row, 0);
                assertThat(batch.getFeatures().getDouble(row, 1)).isEqualTo(-inputs[from + row]);
                assertThat(batch.getLabels().getDouble(row, 0)).isEqualTo(10 * inputs[from + row]);
            }
        }
        return inputs;
    }
}

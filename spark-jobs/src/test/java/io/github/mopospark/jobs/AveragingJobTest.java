package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.ensemble.TargetUnits;
import io.github.mopospark.ensemble.training.DynamicsRows;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.runs.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
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

    /** The sample as a dataset of two parts. */
    private Path twoParts() throws IOException {
        Path dataset = folder.resolve("parts");
        ConvertOptions options = new ConvertOptions(
                List.of("file:" + TinyRun.SAMPLE.toAbsolutePath()),
                dataset.toString(),
                "hopper",
                config().conversion(),
                true,
                null,
                null,
                null,
                0,
                3,
                false);
        new ConvertJob(context, options, new PrintWriter(new StringWriter()), false).run();
        return dataset;
    }

    private static Broadcast<RunPlan> plan(RunConfig config, Path dataset) {
        return TinyRun.plan(context, config, dataset.toString());
    }

    private static DatasetFolder folderOf(Path dataset) throws IOException {
        return new DatasetFolder(
                new Storage(context.hadoopConfiguration()), new org.apache.hadoop.fs.Path(dataset.toUri()));
    }

    @Test
    void preparesPartsAsTheCorePreparesAllRows() throws IOException {
        Path dataset = twoParts();
        Manifest manifest = folderOf(dataset).open();
        assertThat(manifest.parts()).hasSize(2);
        for (TargetUnits units : TargetUnits.values()) {
            EnsembleConfig config = config().ensemble().config().withTargetUnits(units);
            Transitions rows = folderOf(dataset).read();
            Preparation expected = Preparation.of(rows, config, 5);
            DistributedPreparation prepared =
                    DistributedPreparation.of(context, plan(config(), dataset), manifest, config, 5);
            assertThat(prepared.learned()).isEqualTo(expected.trainingRows().length);
            assertClose(prepared.scaling().inputs(), expected.inputs());
            assertClose(prepared.scaling().targets(), expected.targets());
            Transitions holdout = prepared.holdout();
            assertThat(holdout.rows()).isEqualTo(expected.holdoutRows().length);
            float[] ours = new float[24];
            float[] theirs = new float[24];
            for (int i = 0; i < holdout.rows(); i++) {
                DynamicsRows.readInput(holdout, i, ours, 0);
                DynamicsRows.readInput(rows, expected.holdoutRows()[i], theirs, 0);
                assertThat(ours).isEqualTo(theirs);
                DynamicsRows.readTarget(holdout, i, ours, 0);
                DynamicsRows.readTarget(rows, expected.holdoutRows()[i], theirs, 0);
                assertThat(ours).isEqualTo(theirs);
            }
        }
    }

    private static void assertClose(Scaler scaler, Scaler expected) {
        assertThat(scaler.mean()).containsExactly(expected.mean(), within(1e-6f));
        assertThat(scaler.std()).containsExactly(expected.std(), within(1e-6f));
    }

    @Test
    void everyLearnedRowIsInOneBlock() throws IOException {
        Path dataset = twoParts();
        Manifest manifest = folderOf(dataset).open();
        EnsembleConfig config = config().ensemble().config();
        Broadcast<RunPlan> plan = plan(config(), dataset);
        DistributedPreparation prepared = DistributedPreparation.of(context, plan, manifest, config, 5);
        ShuffledBlocks blocks =
                ShuffledBlocks.of(context, DatasetPart.of(plan, manifest), context.broadcast(prepared.scaling()), 4);
        List<String> found = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            List<TrainingBlock> only = blocks.only(List.of(number)).collect();
            assertThat(only).hasSize(1);
            TrainingBlock block = only.get(0);
            assertThat(block.block()).isEqualTo(number);
            assertThat(block.rows()).isBetween(4_000, 5_500);
            for (int row = 0; row < block.rows(); row++) {
                found.add(Arrays.toString(Arrays.copyOfRange(block.inputs(), 14 * row, 14 * row + 14))
                        + Arrays.toString(Arrays.copyOfRange(block.targets(), 12 * row, 12 * row + 12)));
            }
        }
        Transitions rows = folderOf(dataset).read();
        List<String> expected = new ArrayList<>();
        for (int row : Preparation.of(rows, config, 5).trainingRows()) {
            float[] input = new float[14];
            float[] target = new float[12];
            DynamicsRows.readInput(rows, row, input, 0);
            prepared.scaling().inputs().standardise(input, 1);
            DynamicsRows.readTarget(rows, row, target, 0);
            expected.add(Arrays.toString(input) + Arrays.toString(target));
        }
        // Not in order: that is what blocks are for.
        assertThat(found.subList(0, 1_000)).isNotEqualTo(expected.subList(0, 1_000));
        Collections.sort(found);
        Collections.sort(expected);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void theDriverReadsNoRows() throws IOException {
        TasksOnlyFileSystem.register(context.hadoopConfiguration());
        Map<String, String> settings = TinyRun.settings(twoParts(), "ensemble.members", "1", "ensemble.elites", "1");
        settings.put("ensemble.max-epochs", "1");
        settings.put("data", TasksOnlyFileSystem.uri(folder.resolve("parts")));
        ConfigReader reader = new ConfigReader(new Storage(context.hadoopConfiguration()));
        RunConfig core = reader.read(settings);
        assertThatThrownBy(() -> trainWithItsFileSystems(core, "core")).hasMessageContaining("the driver opens ");
        settings.put("ensemble.trainer", "dl4j-spark");
        assertThat(trainWithItsFileSystems(reader.read(settings), "averaged").members())
                .hasSize(1);
    }

    private Ensemble trainWithItsFileSystems(RunConfig config, String run) throws IOException {
        RunFolder runFolder = new RunFolder(
                new Storage(context.hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(folder.resolve(run).toUri()));
        return new TrainJob(context, config, runFolder, TinyRun.console(), "mopo train-ensemble").trainEnsemble();
    }

    private Ensemble train(RunConfig config, String run) throws IOException {
        return TinyRun.job(context, config, folder.resolve(run)).trainEnsemble();
    }

    @Test
    void trainsAsWellAsTheCoreOnTheSameScalerAndHoldout() throws IOException {
        String[] longer = {"ensemble.members", "1", "ensemble.elites", "1", "ensemble.max-epochs", "10"};
        Ensemble core = train(TinyRun.config(TinyRun.SAMPLE, longer), "core");
        String[] averagedLonger = Arrays.copyOf(longer, longer.length + 2);
        averagedLonger[longer.length] = "ensemble.trainer";
        averagedLonger[longer.length + 1] = "dl4j-spark";
        // Blocks of 74 batches: a worker that left some of them would be far behind.
        Ensemble averaged = train(TinyRun.config(TinyRun.SAMPLE, averagedLonger), "averaged");
        assertThat(averaged.scaler()).usingRecursiveComparison().isEqualTo(core.scaler());
        assertThat(averaged.datasetChecksum()).isEqualTo(core.datasetChecksum());
        assertThat(averaged.holdoutErrors()[0]).isBetween(core.holdoutErrors()[0] / 1.5, core.holdoutErrors()[0] * 1.5);
    }

    @Test
    void goesOnFromItsLastBlockToTheSameBits() throws IOException {
        RunConfig config = config();
        RunFolder run = TinyRun.folder(folder.resolve("run"));
        run.begin(config);
        TrainingDataset dataset =
                TrainingDataset.of(context, config, run, TinyRun.console().out(), false);
        Broadcast<RunPlan> plan =
                plan(config, Path.of(dataset.folder().path().toUri().getPath()));
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

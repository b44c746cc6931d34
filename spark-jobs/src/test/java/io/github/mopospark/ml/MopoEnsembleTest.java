package io.github.mopospark.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.jobs.ConvertJob;
import io.github.mopospark.jobs.ConvertOptions;
import io.github.mopospark.jobs.RunException;
import io.github.mopospark.jobs.TinyRun;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MopoEnsembleTest {
    private final Transitions rows = HopperRows.made(400);

    private SparkSession session;
    private Dataset<Row> frame;
    private byte[] expected;

    @BeforeAll
    void trainByTheCore() {
        session = HopperRows.session();
        frame = HopperRows.frame(session, rows, 3);
        expected = EnsembleFolder.toBytes(trained(rows, HopperRows.CONFIG, 5));
    }

    @AfterAll
    void stopSpark() {
        session.stop();
    }

    /** What the core makes of rows, without Spark. */
    private static Ensemble trained(Transitions rows, EnsembleConfig config, long seed) {
        Kernels kernels = KernelChoice.AUTO.open();
        var preparation = io.github.mopospark.ensemble.training.Preparation.of(rows, config, seed);
        EnsembleTraining training = new EnsembleTraining(kernels, config, preparation, rows);
        return EnsembleTraining.ensemble(
                training.train(training.start(), 1, 1, TrainingListener.NONE, members -> {}),
                config,
                preparation.inputs(),
                Tasks.named("hopper"),
                TransitionColumns.checksum(rows));
    }

    private static byte[] fitted(MopoEnsemble estimator, Dataset<Row> dataset) {
        return EnsembleFolder.toBytes(estimator.fit(dataset).ensemble());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void trainsTheEnsembleOfTheCoreToTheBit(int partitions) {
        assertThat(fitted(HopperRows.estimator(), HopperRows.frame(session, rows, partitions)))
                .isEqualTo(expected);
    }

    @Test
    void learnsAConvertedDatasetInTheOrderOfItsSteps(@TempDir Path folder) throws IOException {
        JavaSparkContext context = new JavaSparkContext(session.sparkContext());
        ConvertOptions options = new ConvertOptions(
                List.of(TinyRun.SAMPLE.toString()),
                folder.toString(),
                null,
                Preparation.defaults(),
                false,
                null,
                null,
                null,
                0,
                2,
                false);
        new ConvertJob(context, options, new PrintWriter(Writer.nullWriter()), false).run();
        DatasetFolder dataset = new DatasetFolder(
                new Storage(context.hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(folder.resolve("hopper-sample").toString()));

        Dataset<Row> table = session.read().parquet(dataset.path() + "/parts-*").orderBy("episode", "step");

        byte[] core = EnsembleFolder.toBytes(trained(dataset.read(), HopperRows.CONFIG, 5));
        assertThat(fitted(HopperRows.estimator(), table)).isEqualTo(core);
    }

    @Test
    void takesDoublesAndVectorsUnderOtherNames() {
        Column vector = functions.array_to_vector(col("observation").cast("array<double>"));
        Dataset<Row> others = frame.select(
                vector.as("the state.now"),
                col("action").cast("array<double>").as("a`b"),
                col("reward").cast("double").as("r"),
                col("next_observation").cast("array<double>").as("then"));

        byte[] ensemble = fitted(
                HopperRows.estimator()
                        .setObservationCol("the state.now")
                        .setActionCol("a`b")
                        .setRewardCol("r")
                        .setNextObservationCol("then"),
                others);

        assertThat(ensemble).isEqualTo(expected);
    }

    @Test
    void aVectorOfANextObservationMayBeNull() {
        Dataset<Row> others = frame.withColumn(
                "next_observation",
                when(col("next_observation").isNotNull(), functions.array_to_vector(col("next_observation"))));

        assertThat(fitted(HopperRows.estimator(), others)).isEqualTo(expected);
    }

    @Test
    void defaultsAreThePapers() {
        EnsembleConfig paper = EnsembleConfig.paper();
        MopoEnsemble estimator = new MopoEnsemble();

        assertThat(estimator.getMembers()).isEqualTo(paper.members());
        assertThat(estimator.getElites()).isEqualTo(paper.elites());
        assertThat(estimator.getHiddenSizes()).containsExactly(200, 200, 200, 200);
        assertThat(estimator.getWeightDecay()).containsExactly(2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4);
        assertThat(estimator.getLearningRate()).isEqualTo(paper.learningRate());
        assertThat(estimator.getBoundCoefficient()).isEqualTo(paper.boundCoefficient());
        assertThat(estimator.getBatchSize()).isEqualTo(paper.batchSize());
        assertThat(estimator.getMaxEpochs()).isEqualTo(paper.maxEpochs());
        assertThat(estimator.getEarlyStopping()).isEqualTo("ensemble");
        assertThat(estimator.getSeed()).isZero();
        assertThat(estimator.getPenalty()).isEqualTo("max-aleatoric");
        assertThat(estimator.getKernels()).isEqualTo("auto");
        assertThat(estimator.isDefined(estimator.task())).isFalse();
    }

    @Test
    void everyParameterReachesTheTraining() {
        Ensemble ensemble = new MopoEnsemble()
                .setTask("Hopper-v4")
                .setMembers(2)
                .setElites(1)
                .setHiddenSizes(List.of(8))
                .setWeightDecay(List.of(0, 1e-3))
                .setLearningRate(2e-3)
                .setBoundCoefficient(0.02)
                .setBatchSize(100)
                .setMaxEpochs(2)
                .setEarlyStopping("member")
                .setSeed(3)
                .fit(frame)
                .ensemble();

        EnsembleConfig config = EnsembleConfig.paper()
                .withMembers(2, 1)
                .withLayers(List.of(8), List.of(0.0, 1e-3))
                .withLearningRate(2e-3)
                .withBoundCoefficient(0.02)
                .withBatchSize(100)
                .withEpochs(2, io.github.mopospark.ensemble.EarlyStopping.MEMBER);
        assertThat(EnsembleFolder.toBytes(ensemble)).isEqualTo(EnsembleFolder.toBytes(trained(rows, config, 3)));
    }

    @Test
    void aParameterMapCountsForOneFitAlone() {
        MopoEnsemble estimator = HopperRows.estimator().setSeed(1);

        MopoEnsembleModel model =
                estimator.fit(frame, new ParamMap().put(estimator.seed().w(5)).put(estimator.penaltyCol(), "u"));

        assertThat(EnsembleFolder.toBytes(model.ensemble())).isEqualTo(expected);
        assertThat(model.getPenaltyCol()).isEqualTo("u");
        assertThat(model.uid()).isEqualTo(estimator.uid());
        assertThat(estimator.getSeed()).isEqualTo(1);
        assertThat(estimator.getPenaltyCol()).isEqualTo("penalty");
    }

    @Test
    void arraysThatAreGivenOrTakenAreCopies() {
        int[] sizes = {16, 16};
        MopoEnsemble estimator = new MopoEnsemble().setHiddenSizes(sizes);
        sizes[0] = 1;
        estimator.getHiddenSizes()[1] = 1;

        assertThat(estimator.getHiddenSizes()).containsExactly(16, 16);
    }

    @Test
    void isReadAsItWasSaved(@TempDir Path folder) throws IOException {
        String path = folder.resolve("estimator").toString();
        MopoEnsemble estimator = HopperRows.estimator().setPenalty("ensemble-std");
        estimator.save(path);

        MopoEnsemble read = MopoEnsemble.load(path);

        assertThat(read.uid()).isEqualTo(estimator.uid());
        assertThat(explained(read)).isEqualTo(explained(estimator)).contains("hopper", "ensemble-std");
        assertThat(fitted(read, frame)).isEqualTo(expected);
    }

    /** Without the identities of arrays; what they hold decides what is fitted. */
    private static String explained(MopoEnsemble estimator) {
        return estimator.explainParams().replaceAll("\\[[ID]@\\p{XDigit}+", "array");
    }

    @Test
    void explainsEveryParameter() {
        assertThat(new MopoEnsemble().explainParams().lines().map(line -> line.split(":", 2)[0]))
                .containsExactly(
                        "actionCol",
                        "batchSize",
                        "boundCoefficient",
                        "earlyStopping",
                        "elites",
                        "hiddenSizes",
                        "kernels",
                        "learningRate",
                        "maxEpochs",
                        "members",
                        "nextObservationCol",
                        "observationCol",
                        "penalty",
                        "penaltyCol",
                        "predictedNextObservationCol",
                        "predictedRewardCol",
                        "rewardCol",
                        "seed",
                        "task",
                        "weightDecay");
    }

    @Test
    void tellsTheSchemaOfItsModel() {
        StructType schema = HopperRows.estimator().transformSchema(frame.schema());

        assertThat(schema.catalogString())
                .isEqualTo("struct<episode:bigint,observation:array<float>,action:array<float>,reward:float,"
                        + "next_observation:array<float>,terminal:boolean,predicted_next_observation:array<float>,"
                        + "predicted_reward:float,penalty:float>");
    }

    @Test
    void refusesToFitWithoutATask() {
        MopoEnsemble estimator = new MopoEnsemble();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(frame))
                .withMessageContainingAll(estimator.uid(), "task must be set", "hopper, halfcheetah");
    }

    @Test
    void refusesAColumnThatIsNotThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        HopperRows.estimator().setNextObservationCol("next").fit(frame))
                .withMessageContainingAll("there is no column next", "nextObservationCol", "next_observation");
    }

    @Test
    void refusesAColumnOfAnotherType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HopperRows.estimator().fit(frame.withColumn("action", array(lit("left")))))
                .withMessageContainingAll("column action", "actionCol", "array<float>", "is array<string>");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> HopperRows.estimator().setRewardCol("terminal").fit(frame))
                .withMessageContainingAll("column terminal", "rewardCol", "a number", "is boolean");
    }

    @Test
    void refusesAColumnThatItsModelWouldAddTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HopperRows.estimator().setPenaltyCol("reward").fit(frame))
                .withMessageContainingAll("already is a column reward", "penaltyCol");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HopperRows.estimator()
                        .setPredictedRewardCol("u")
                        .setPenaltyCol("u")
                        .fit(frame))
                .withMessageContainingAll("already is a column u", "penaltyCol");
    }

    @Test
    void refusesParametersThatDoNotFitOneAnother() {
        MopoEnsemble estimator = HopperRows.estimator().setElites(4);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(frame))
                .withMessageContainingAll(estimator.uid(), "elites must be from 1 to members = 3, but was 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HopperRows.estimator().setHiddenSizes(16).fit(frame))
                .withMessageContaining("weight-decay must have a number for each of 1 hidden layers");
    }

    @Test
    void refusesAValueWhenItIsSet() {
        MopoEnsemble estimator = new MopoEnsemble();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.setMembers(0))
                .withMessageContainingAll(estimator.uid(), "members", "0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.setTask("hoper"))
                .withMessageContainingAll("unknown task 'hoper'", "hopper");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.setPenalty("max"))
                .withMessageContainingAll("penalty", "max-aleatoric", "'max'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.setPenalty("true-error"))
                .withMessageContainingAll("true-error", "simulator");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.setEarlyStopping("never"))
                .withMessageContainingAll("none, member, ensemble", "'never'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.setKernels("gpu"))
                .withMessageContainingAll("cpu-plain", "'gpu'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            observation | observation must have 11 numbers, as an observation of hopper, but has 10
            action | action must have 3 numbers, as an action of hopper, but has 2
            next_observation | next_observation must have 11 numbers, as an observation of hopper, but has 10
            """)
    void refusesARowThatIsShorter(String column, String message) {
        int size = column.equals("action") ? 3 : 11;
        assertRefused(changed(column, slice(col(column), 1, size - 1)), message);
    }

    /** The DataFrame with another value in the 6th row of the third partition of 134, 133 and 133 rows. */
    private Dataset<Row> changed(String column, Column value) {
        long third = 2L << 33;
        return frame.withColumn(
                column,
                when(monotonically_increasing_id().equalTo(third + 5), value).otherwise(col(column)));
    }

    private void assertRefused(Dataset<Row> wrong, String message) {
        assertThatThrownBy(() -> HopperRows.estimator().fit(wrong))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("row 5 of partition 2: " + message);
    }

    @Test
    void refusesARowWithAWrongNumber() {
        assertRefused(changed("reward", lit(Float.NaN)), "number 0 of reward is NaN as a float, but must be finite");
        // Too large for a float.
        Column large = transform(col("action"), number -> number.plus(lit(1e300)));
        assertRefused(changed("action", large), "number 0 of action is Infinity as a float, but must be finite");
        assertRefused(
                changed("next_observation", transform(col("next_observation"), number -> lit(Float.NaN))),
                "number 0 of next_observation is NaN");
        assertRefused(
                changed("observation", transform(col("observation"), number -> lit(null)
                        .cast("float"))),
                "number 0 of observation is null");
    }

    @Test
    void refusesARowWithoutAnAction() {
        assertRefused(changed("action", lit(null)), "action is null");
        assertRefused(changed("reward", lit(null)), "reward is null");
        assertRefused(
                changed("observation", lit(null).cast(DataTypes.createArrayType(DataTypes.FloatType))),
                "observation is null");
    }

    @Test
    void refusesFewerRowsThanABatch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HopperRows.estimator().fit(frame.limit(50)))
                .withMessageContaining("must be a batch of 64");
    }

    @Test
    void aTrainingThatDivergesIsToldInALine() {
        assertThatThrownBy(() -> HopperRows.estimator().setLearningRate(1e30).fit(frame))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("member");
    }
}

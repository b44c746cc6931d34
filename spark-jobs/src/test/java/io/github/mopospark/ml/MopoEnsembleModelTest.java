package io.github.mopospark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MopoEnsembleModelTest {
    /** More than two batches in one partition, and no multiple of one. */
    private static final int ROWS = 1_203;

    private final Transitions rows = HopperRows.made(ROWS);

    private SparkSession session;
    private Dataset<Row> frame;
    private MopoEnsembleModel model;

    @BeforeAll
    void fit() {
        session = HopperRows.session();
        frame = HopperRows.frame(session, rows, 1);
        model = HopperRows.estimator().fit(frame);
    }

    @AfterAll
    void stopSpark() {
        session.stop();
    }

    /** All rows as text, which has every digit of a float. */
    private static List<String> shown(Dataset<Row> dataset) {
        return dataset.toJSON().collectAsList();
    }

    @ParameterizedTest
    @CsvSource({
        "max-aleatoric, MAX_ALEATORIC",
        "ensemble-disagreement, ENSEMBLE_DISAGREEMENT",
        "ensemble-std, ENSEMBLE_STD",
        "none, NONE"
    })
    void predictsWhatTheNetworksPredictOfAllRowsAtOnce(String name, Penalty penalty) {
        var predictor = new EnsembleNetworks(KernelChoice.AUTO.open(), model.ensemble()).predictor(ROWS);
        float[] rewards = new float[ROWS];
        float[] nextObservations = new float[ROWS * 11];
        float[] penalties = new float[ROWS];
        predictor.predict(rows.observations(), rows.actions(), ROWS);
        predictor.expect(rows.observations(), ROWS, rewards, nextObservations);
        predictor.penalise(penalty, ROWS, penalties);

        MopoEnsembleModel other = model.copy(ParamMap.empty()).setPenalty(name);
        List<Row> predicted =
                other.transform(HopperRows.frame(session, rows, 2)).collectAsList();

        assertThat(predicted).hasSize(ROWS);
        for (int row = 0; row < ROWS; row++) {
            List<Float> expected = new ArrayList<>();
            for (int j = 0; j < 11; j++) {
                expected.add(nextObservations[row * 11 + j]);
            }
            Row found = predicted.get(row);
            assertThat(found.<Float>getList(6)).isEqualTo(expected);
            assertThat(found.getFloat(7)).isEqualTo(rewards[row]);
            assertThat(found.getFloat(8)).isEqualTo(penalties[row]);
        }
    }

    @Test
    void predictsWhatWasLearned() {
        MopoEnsembleModel learned =
                HopperRows.estimator().setLearningRate(1e-2).setMaxEpochs(20).fit(frame);

        Row errors = learned.transform(frame)
                .selectExpr("sqrt(avg(pow(predicted_reward - reward, 2)))", "stddev(reward)")
                .first();

        assertThat(errors.getDouble(0)).isLessThan(0.3 * errors.getDouble(1));
    }

    @Test
    void keepsOtherColumnsTheirOrderAndMetadata() {
        Metadata metadata = new MetadataBuilder().putString("unit", "m/s").build();
        Dataset<Row> input = HopperRows.frame(session, rows, 2)
                .withColumn("vector", functions.array_to_vector(col("observation")))
                .withColumn("nothing", lit(null).cast("string"))
                .withMetadata("reward", metadata);

        Dataset<Row> predicted = model.transform(input);

        assertThat(predicted.schema()).isEqualTo(model.transformSchema(input.schema()));
        assertThat(predicted.columns())
                .startsWith(input.columns())
                .endsWith("nothing", "predicted_next_observation", "predicted_reward", "penalty");
        assertThat(predicted.schema().apply("reward").metadata()).isEqualTo(metadata);
        assertThat(shown(predicted.drop("predicted_next_observation", "predicted_reward", "penalty")))
                .isEqualTo(shown(input));
    }

    @Test
    void needsObservationsAndActionsAlone() {
        Dataset<Row> named =
                frame.select(col("action").as("a"), col("observation").as("o"));

        Dataset<Row> predicted = model.copy(ParamMap.empty())
                .setObservationCol("o")
                .setActionCol("a")
                .setPredictedNextObservationCol("next")
                .setPredictedRewardCol("r")
                .setPenaltyCol("u")
                .transform(named);

        assertThat(predicted.columns()).containsExactly("a", "o", "next", "r", "u");
        assertThat(shown(predicted.select("r")))
                .isEqualTo(shown(
                        model.transform(frame).select(col("predicted_reward").as("r"))));
    }

    @Test
    void takesVectorsAndDoubles() {
        Dataset<Row> others = frame.withColumn("observation", functions.array_to_vector(col("observation")))
                .withColumn("action", col("action").cast("array<double>"));

        assertThat(shown(model.transform(others).select("predicted_next_observation", "penalty")))
                .isEqualTo(shown(model.transform(frame).select("predicted_next_observation", "penalty")));
    }

    @Test
    void refusesARowWithoutAnActionWhenItIsReached() {
        Dataset<Row> wrong =
                frame.withColumn("action", when(col("episode").equalTo(2), null).otherwise(col("action")));

        Dataset<Row> predicted = model.transform(wrong);

        assertThatThrownBy(predicted::collectAsList)
                .isInstanceOf(SparkException.class)
                .hasStackTraceContaining("row 200 of partition 0: action is null; leave such rows out");
    }

    @Test
    void refusesARowWhoseObservationIsShorter() {
        Dataset<Row> wrong = frame.withColumn("observation", slice(col("observation"), 1, 10));

        assertThatThrownBy(() -> model.transform(wrong).collectAsList())
                .hasStackTraceContaining("observation must have 11 numbers, as an observation of hopper, but has 10");
    }

    @Test
    void refusesAColumnThatIsNotThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.transform(frame.drop("action")))
                .withMessageContainingAll(model.uid(), "there is no column action", "actionCol");
    }

    @Test
    void hasItsEstimatorAndWhatWasMeasured() {
        assertThat(model.hasParent()).isTrue();
        assertThat(model.copy(ParamMap.empty()).parent()).isSameAs(model.parent());
        assertThat(model.holdoutErrors())
                .hasSize(3)
                .containsExactly(model.ensemble().holdoutErrors());
        assertThat(model.elites()).hasSize(2).containsExactly(model.ensemble().elites());
    }

    @Test
    void isReadAsItWasSaved(@TempDir Path folder) throws IOException {
        String path = folder.resolve("model").toString();
        MopoEnsembleModel saved =
                model.copy(ParamMap.empty()).setPenalty("ensemble-std").setPenaltyCol("u");
        saved.save(path);

        MopoEnsembleModel read = MopoEnsembleModel.load(path);

        assertThat(read.uid()).isEqualTo(saved.uid());
        assertThat(read.explainParams()).isEqualTo(saved.explainParams());
        assertThat(shown(read.transform(frame))).isEqualTo(shown(saved.transform(frame)));
    }

    @Test
    void isNotWrittenOverUnlessAsked(@TempDir Path folder) throws IOException {
        String path = folder.resolve("model").toString();
        model.save(path);

        assertThatThrownBy(() -> model.save(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("overwrite");
        model.write().overwrite().save(path);

        assertThat(MopoEnsembleModel.load(path).uid()).isEqualTo(model.uid());
    }

    @Test
    void isSavedAsTheEnsembleThatARunReads(@TempDir Path folder) throws IOException {
        model.save(folder.resolve("model").toString());

        EnsembleFolder ensemble = new EnsembleFolder(
                new Storage(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve("model/ensemble").toString()));
        assertThat(EnsembleFolder.toBytes(ensemble.read())).isEqualTo(EnsembleFolder.toBytes(model.ensemble()));
        assertThat(ensemble.read().datasetChecksum()).startsWith("rows-");
    }

    @Test
    void isMadeOfTheFolderOfAnEnsemble(@TempDir Path folder) throws IOException {
        model.save(folder.resolve("model").toString());

        MopoEnsembleModel made =
                MopoEnsembleModel.ofFolder(folder.resolve("model/ensemble").toString());

        assertThat(made.uid()).startsWith("MopoEnsemble_").isNotEqualTo(model.uid());
        assertThat(shown(made.transform(frame))).isEqualTo(shown(model.transform(frame)));
        assertThatThrownBy(() -> MopoEnsembleModel.ofFolder(folder.toString()))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("not a saved ensemble");
    }

    @Test
    void aModelWithoutItsEnsembleIsNotRead(@TempDir Path folder) throws IOException {
        model.save(folder.resolve("model").toString());
        Files.delete(folder.resolve("model/ensemble/model.json"));

        assertThatThrownBy(() -> MopoEnsembleModel.load(folder.resolve("model").toString()))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("model.json");
    }

    @Test
    void isAStageOfAPipeline(@TempDir Path folder) throws IOException {
        SQLTransformer cut = new SQLTransformer().setStatement("SELECT *, observation AS o FROM __THIS__");
        Pipeline pipeline = new Pipeline()
                .setStages(new PipelineStage[] {cut, HopperRows.estimator().setObservationCol("o")});
        String unfitted = folder.resolve("pipeline").toString();
        String fitted = folder.resolve("fitted").toString();

        pipeline.save(unfitted);
        PipelineModel trained = Pipeline.load(unfitted).fit(frame);
        trained.save(fitted);
        PipelineModel read = PipelineModel.load(fitted);

        assertThat(shown(read.transform(frame))).isEqualTo(shown(trained.transform(frame)));
        assertThat(shown(read.transform(frame).drop("o"))).isEqualTo(shown(model.transform(frame)));
    }

    @Test
    void isChosenByCrossValidation() throws IOException {
        MopoEnsemble estimator = HopperRows.estimator();
        CrossValidator validator = new CrossValidator()
                .setEstimator(estimator)
                .setEstimatorParamMaps(new ParamGridBuilder()
                        .addGrid(estimator.learningRate(), new double[] {1e-7, 1e-2})
                        .build())
                .setEvaluator(new RegressionEvaluator().setLabelCol("reward").setPredictionCol("predicted_reward"))
                .setNumFolds(2)
                .setParallelism(2)
                .setSeed(1);

        CrossValidatorModel chosen = validator.fit(frame);

        assertThat(chosen.avgMetrics()[1]).isLessThan(chosen.avgMetrics()[0]);
        assertThat(((MopoEnsembleModel) chosen.bestModel()).ensemble().config().learningRate())
                .isEqualTo(1e-2);
    }
}

package io.github.mopospark.ml;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.jobs.SharedEnsemble;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.tasks.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A trained ensemble that predicts the rows of a DataFrame: their next observation, reward and penalty.
 *
 * <p>It is saved as MLlib's metadata, which have the parameters, and beside them the folder {@code ensemble} as {@link EnsembleFolder}
 * writes it. A run can take that folder if the ensemble was trained by {@code mopo train-ensemble}; one that was fitted to a
 * DataFrame is refused by a run, which has no way to tell that its dataset has the same rows.
 */
public final class MopoEnsembleModel extends Model<MopoEnsembleModel>
        implements MopoEnsembleParams<MopoEnsembleModel>, MLWritable {
    private static final long serialVersionUID = 1;

    /** In the folder of a saved model. */
    private static final String ENSEMBLE = "ensemble";

    private final String uid;
    private final byte[] ensemble;
    private final PredictionParams prediction;

    /**
     * A model.
     *
     * @param uid tells it from others, for MLlib
     * @param ensemble as {@link EnsembleFolder#toBytes} gives it, not copied
     */
    MopoEnsembleModel(String uid, byte[] ensemble) {
        this.uid = uid;
        this.ensemble = ensemble;
        prediction = PredictionParams.of(this);
        prediction.setDefaults(this);
    }

    /**
     * The model of an ensemble in a folder, such as {@code mopo train-ensemble} leaves in its run's. There must be a session of
     * Spark.
     *
     * @param path the folder that has {@code model.json}, on any file system of Hadoop
     * @return a model with the default parameters
     * @throws io.github.mopospark.networks.saving.SavedDataException if there is no ensemble in it, or it is damaged
     */
    public static MopoEnsembleModel ofFolder(String path) {
        return new MopoEnsembleModel(
                Identifiable$.MODULE$.randomUID("MopoEnsemble"),
                read(SparkSession.active().sparkContext(), new Path(path)));
    }

    private static byte[] read(SparkContext context, Path path) {
        try {
            return EnsembleFolder.toBytes(folder(context, path).read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EnsembleFolder folder(SparkContext context, Path path) throws IOException {
        return new EnsembleFolder(new Storage(context.hadoopConfiguration()), path);
    }

    /**
     * Reads a model that was saved.
     *
     * @return a reader
     */
    public static MLReader<MopoEnsembleModel> read() {
        return new Reader();
    }

    /**
     * Reads a model that was saved.
     *
     * @param path where
     * @return the model
     */
    public static MopoEnsembleModel load(String path) {
        return read().load(path);
    }

    private static final class Reader extends MLReader<MopoEnsembleModel> {
        @Override
        public MopoEnsembleModel load(String path) {
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader.loadMetadata(path, sc(), MopoEnsembleModel.class.getName());
            MopoEnsembleModel model =
                    new MopoEnsembleModel(metadata.uid(), MopoEnsembleModel.read(sc(), new Path(path, ENSEMBLE)));
            metadata.getAndSetParams(model, Option.empty());
            return model;
        }
    }

    @Override
    public MLWriter write() {
        return new Writer(this);
    }

    private static final class Writer extends MLWriter {
        private final MopoEnsembleModel model;

        Writer(MopoEnsembleModel model) {
            this.model = model;
        }

        /** The metadata come last, so that what was not written to its end cannot be loaded. */
        @Override
        public void saveImpl(String path) {
            try {
                folder(sc(), new Path(path, ENSEMBLE)).write(model.ensemble());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            new DefaultParamsWriter(model).session(sparkSession()).saveImpl(path);
        }
    }

    /**
     * What predicts.
     *
     * @return the ensemble, read anew by every call
     */
    public Ensemble ensemble() {
        return EnsembleFolder.ofBytes(ensemble);
    }

    /**
     * How well members predict rows that they have not learned.
     *
     * @return each member's mean squared error on the holdout, in raw units
     */
    public double[] holdoutErrors() {
        return ensemble().holdoutErrors();
    }

    /**
     * Which members predict.
     *
     * @return their numbers, the best first
     */
    public int[] elites() {
        return ensemble().elites();
    }

    /**
     * Adds predicted next observations, rewards and penalties at the end of each row, in batches, when the rows are asked for. A
     * row whose observation or action is null or has the wrong size is an error then, as for most of MLlib's transformers; NaN
     * predicts NaN.
     *
     * @param dataset a DataFrame with observations and actions
     * @return its columns and three more
     * @throws IllegalArgumentException if a column is missing or of another type
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema(), true);
        Task task = ensemble().task();
        Broadcast<SharedEnsemble> sent = JavaSparkContext.fromSparkContext(
                        dataset.sparkSession().sparkContext())
                .broadcast(new SharedEnsemble(ensemble, KernelChoice.parse(getKernels())));
        PredictionTask prediction = new PredictionTask(
                sent,
                new NumbersColumn(
                        getObservationCol(),
                        schema.fieldIndex(getObservationCol()),
                        task.observationSize(),
                        "an observation of " + task.name()),
                new NumbersColumn(
                        getActionCol(),
                        schema.fieldIndex(getActionCol()),
                        task.actionSize(),
                        "an action of " + task.name()),
                PredictionParams.penalty(getPenalty()));
        // An encoder drops the metadata of columns.
        return dataset.toDF().mapPartitions(prediction, Encoders.row(schema)).to(schema);
    }

    /**
     * Checks columns.
     *
     * @param schema a DataFrame's
     * @return the schema that {@link #transform} gives
     * @throws IllegalArgumentException if something does not fit; the message names it, what it is and what it must be
     */
    @Override
    public StructType transformSchema(StructType schema) {
        return prediction.transform(this, schema);
    }

    @Override
    public MopoEnsembleModel copy(ParamMap extra) {
        return copyValues(new MopoEnsembleModel(uid, ensemble), extra).setParent(parent());
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public MopoEnsembleModel self() {
        return this;
    }

    @Override
    public PredictionParams prediction() {
        return prediction;
    }
}

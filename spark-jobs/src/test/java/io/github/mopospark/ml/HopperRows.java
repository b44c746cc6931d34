package io.github.mopospark.ml;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.EnsembleConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Made-up rows of hopper's sizes as arrays and as a DataFrame, and an ensemble that learns them in a second. */
final class HopperRows {
    static final EnsembleConfig CONFIG = EnsembleConfig.paper()
            .withMembers(3, 2)
            .withLayers(List.of(16, 16), List.of(1e-5, 2e-5, 3e-5))
            .withBatchSize(64)
            .withEpochs(3, EarlyStopping.NONE);

    private static final StructType SCHEMA = new StructType()
            .add("episode", DataTypes.LongType, false)
            .add("observation", DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add("action", DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add("reward", DataTypes.FloatType, false)
            .add("next_observation", DataTypes.createArrayType(DataTypes.FloatType, false), true)
            .add("terminal", DataTypes.BooleanType, false);

    private HopperRows() {}

    static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    /** An estimator of {@link #CONFIG} with seed 5. */
    static MopoEnsemble estimator() {
        return new MopoEnsemble()
                .setTask("hopper")
                .setMembers(3)
                .setElites(2)
                .setHiddenSizes(16, 16)
                .setWeightDecay(1e-5, 2e-5, 3e-5)
                .setBatchSize(64)
                .setMaxEpochs(3)
                .setEarlyStopping("none")
                .setSeed(5);
    }

    /** Rows of smooth dynamics; every 97th has no next observation. */
    static Transitions made(int count) {
        Transitions rows = Transitions.allocate(count, 11, 3);
        Random random = new Random(1);
        for (int row = 0; row < count; row++) {
            float force = 0;
            for (int j = 0; j < 3; j++) {
                rows.actions()[row * 3 + j] = 2 * random.nextFloat() - 1;
                force += rows.actions()[row * 3 + j];
            }
            rows.hasNextObservation()[row] = row % 97 != 96;
            for (int j = 0; j < 11; j++) {
                float number = (float) random.nextGaussian();
                rows.observations()[row * 11 + j] = number;
                if (rows.hasNextObservation()[row]) {
                    rows.nextObservations()[row * 11 + j] = 0.9f * number + 0.1f * force;
                }
            }
            rows.rewards()[row] = force + rows.observations()[row * 11];
        }
        return rows;
    }

    /** The same rows as a DataFrame. */
    static Dataset<Row> frame(SparkSession session, Transitions rows, int partitions) {
        List<Row> all = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            all.add(RowFactory.create(
                    row / 100L,
                    list(rows.observations(), row, 11),
                    list(rows.actions(), row, 3),
                    rows.rewards()[row],
                    rows.hasNextObservation()[row] ? list(rows.nextObservations(), row, 11) : null,
                    row % 100 == 99));
        }
        JavaSparkContext context = new JavaSparkContext(session.sparkContext());
        return session.createDataFrame(context.parallelize(all, partitions), SCHEMA);
    }

    private static float[] list(float[] numbers, int row, int width) {
        return Arrays.copyOfRange(numbers, row * width, (row + 1) * width);
    }
}

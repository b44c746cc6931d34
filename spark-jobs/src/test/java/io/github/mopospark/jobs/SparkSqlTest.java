package io.github.mopospark.jobs;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.preparation.Preparation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.mutable.WrappedArray;

/** A dataset as Spark SQL and MLlib see it: the same rows and the same statistics, by code that is not this project's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SparkSqlTest {
    private static final Path SAMPLE = Path.of(System.getProperty("mopo.root"), "data", "hopper-sample.hdf5");

    private SparkSession session;
    private DatasetFolder dataset;
    private Manifest manifest;
    private Dataset<Row> table;

    @BeforeAll
    void convertTheSample(@TempDir Path folder) throws IOException {
        session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
        ConvertOptions options = new ConvertOptions(
                List.of(SAMPLE.toString()),
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
        JavaSparkContext context = new JavaSparkContext(session.sparkContext());
        new ConvertJob(context, options, new PrintWriter(Writer.nullWriter()), false).run();
        dataset = new DatasetFolder(
                new Storage(context.hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(folder.resolve("hopper-sample").toString()));
        manifest = dataset.open();
        table = session.read().parquet(dataset.path() + "/parts-*");
    }

    @AfterAll
    void stopSpark() {
        session.stop();
    }

    @Test
    void readsTheSchemaOfTheDesign() {
        assertThat(table.schema().catalogString())
                .isEqualTo("struct<episode:bigint,step:int,observation:array<float>,action:array<float>,reward:float,"
                        + "next_observation:array<float>,terminal:boolean,timeout:boolean>");
    }

    @Test
    void readsTheRowsToTheBit() throws IOException {
        Transitions rows = dataset.read();
        List<Row> read = table.orderBy("episode", "step").collectAsList();
        assertThat(read).hasSize(rows.rows());
        for (int i = 0; i < rows.rows(); i++) {
            assertThat(read.get(i))
                    .isEqualTo(RowFactory.create(
                            rows.episodes()[i],
                            rows.steps()[i],
                            list(rows.observations(), i, 11),
                            list(rows.actions(), i, 3),
                            rows.rewards()[i],
                            list(rows.nextObservations(), i, 11),
                            rows.terminals()[i],
                            rows.timeouts()[i]));
        }
    }

    /** As Spark has a list: a sequence of Scala's. */
    private static Object list(float[] values, int row, int width) {
        Object[] found = new Object[width];
        for (int i = 0; i < width; i++) {
            found[i] = values[row * width + i];
        }
        return WrappedArray.make(found);
    }

    @Test
    void agreesWithMllibsSummarizer() {
        assertSummarized("observation", manifest.statistics().observation());
        assertSummarized("action", manifest.statistics().action());
        assertSummarized("next_observation", manifest.statistics().nextObservation());
    }

    private void assertSummarized(String column, Manifest.Column expected) {
        Row summary = table.select(functions.array_to_vector(col(column)).as("vector"))
                .agg(Summarizer.metrics("count", "mean", "std", "min", "max")
                        .summary(col("vector"))
                        .as("summary"))
                .first()
                .getStruct(0);
        assertThat(expected.count()).isEqualTo(summary.getLong(0));
        assertThat(expected.mean()).containsExactly(((Vector) summary.get(1)).toArray(), within(1e-9));
        assertThat(expected.std()).containsExactly(((Vector) summary.get(2)).toArray(), within(1e-9));
        assertThat(expected.min()).containsExactly(((Vector) summary.get(3)).toArray());
        assertThat(expected.max()).containsExactly(((Vector) summary.get(4)).toArray());
    }
}

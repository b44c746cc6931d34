package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.jobs.ConvertJob;
import io.github.mopospark.jobs.ConvertOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Converts a file once for each line on stdin and answers with the seconds it took. Spark is started before the first; the JVM
 * warms up with the first runs.
 */
public final class Conversion {
    private Conversion() {}

    /**
     * Runs until stdin ends.
     *
     * @param arguments the file, the folder that takes the dataset, and how many cores Spark gets
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        SparkConf conf = new SparkConf()
                .setAppName("conversion")
                .setMaster("local[" + arguments[2] + "]")
                .set("spark.ui.enabled", "false");
        ConvertOptions options = new ConvertOptions(
                List.of(arguments[0]), arguments[1], null, Preparation.defaults(), false, null, null, null, 0, 0, true);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            System.out.println("ready");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long started = System.nanoTime();
                List<ConvertJob.Result> results = new ConvertJob(context, options, nowhere, false).run();
                double seconds = (System.nanoTime() - started) / 1e9;
                if (!(results.get(0) instanceof ConvertJob.Converted)) {
                    throw new IllegalStateException(results.toString());
                }
                System.out.println(seconds);
            }
        }
    }
}

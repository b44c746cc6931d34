package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads a dataset into packed arrays once for each line on stdin and answers with the seconds it took. */
public final class PackedReading {
    private PackedReading() {}

    /**
     * Runs until stdin ends.
     *
     * @param arguments the dataset's folder
     * @throws IOException if it cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        DatasetFolder dataset = new DatasetFolder(new Storage(new Configuration()), new Path(arguments[0]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            long started = System.nanoTime();
            Transitions rows = dataset.read();
            double seconds = (System.nanoTime() - started) / 1e9;
            if (rows.rows() == 0) {
                throw new IllegalStateException("no rows");
            }
            System.out.println(seconds);
        }
    }
}

package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.training.DynamicsRows;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Whether the variances of a trained ensemble tell rows of its dataset apart: of each output the least and the greatest
 * variance that the first member predicts, beside its squared error. Of penalties a run tells that by itself.
 */
public final class ModelVariances {
    private static final int ROWS = 1_000;

    private ModelVariances() {}

    /**
     * Prints a line an output.
     *
     * @param arguments the folder of a run, with ensemble and dataset
     * @throws IOException if they cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Storage storage = new Storage(new Configuration());
        Ensemble ensemble = new EnsembleFolder(storage, new Path(arguments[0], "ensemble")).read();
        Transitions rows = new DatasetFolder(storage, new Path(arguments[0], "dataset")).read();
        int observationSize = rows.observationSize();
        int actionSize = rows.actionSize();
        int size = ensemble.layout().size();
        float[] observations = new float[ROWS * observationSize];
        float[] actions = new float[ROWS * actionSize];
        float[] targets = new float[ROWS * size];
        float[] input = new float[observationSize + actionSize];
        for (int i = 0; i < ROWS; i++) {
            // From all over the dataset.
            int row = (int) ((long) i * rows.rows() / ROWS);
            DynamicsRows.readInput(rows, row, input, 0);
            System.arraycopy(input, 0, observations, i * observationSize, observationSize);
            System.arraycopy(input, observationSize, actions, i * actionSize, actionSize);
            DynamicsRows.readTarget(rows, row, targets, i * size);
        }
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(CpuKernels.fastest(), ensemble).predictor(ROWS);
        predictor.predict(observations, actions, ROWS);
        float[] means = predictor.means(0);
        float[] variances = predictor.variances(0);
        for (int j = 0; j < size; j++) {
            double least = Double.POSITIVE_INFINITY;
            double greatest = 0;
            double squares = 0;
            for (int i = j; i < ROWS * size; i += size) {
                least = Math.min(least, variances[i]);
                greatest = Math.max(greatest, variances[i]);
                squares += Math.pow((double) targets[i] - means[i], 2);
            }
            System.out.printf(Locale.ROOT, "| %d | %.3g | %.3g | %.3g |%n", j, least, greatest, squares / ROWS);
        }
    }
}

package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.dl4j.MemberGraph;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How far a trained ensemble's members and their networks of DL4J are apart on the first rows of their dataset, and how far each
 * is from the same network in double precision.
 */
public final class Dl4jDifference {
    private static final int ROWS = 1_000;

    private Dl4jDifference() {}

    /**
     * Prints the largest differences, a line each member.
     *
     * @param arguments the folder of a run, with ensemble and dataset
     * @throws IOException if they cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Storage storage = new Storage(new Configuration());
        Ensemble ensemble = new EnsembleFolder(storage, new Path(arguments[0], "ensemble")).read();
        DatasetFolder dataset = new DatasetFolder(storage, new Path(arguments[0], "dataset"));
        Transitions rows = dataset.read(dataset.open(), 0, ROWS);
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(CpuKernels.fastest(), ensemble).predictor(ROWS);
        predictor.predict(rows.observations(), rows.actions(), ROWS);
        INDArray inputs = Nd4j.hstack(
                Nd4j.create(rows.observations(), new long[] {ROWS, rows.observationSize()}),
                Nd4j.create(rows.actions(), new long[] {ROWS, rows.actionSize()}));
        for (int member = 0; member < ensemble.members().size(); member++) {
            ComputationGraph graph = MemberGraph.of(ensemble, member);
            INDArray[] exact = graph.convertDataType(DataType.DOUBLE).output(inputs.castTo(DataType.DOUBLE));
            INDArray[] theirs = graph.output(inputs);
            double[] logVariances = new double[predictor.variances(member).length];
            double[] means = new double[logVariances.length];
            for (int i = 0; i < means.length; i++) {
                means[i] = predictor.means(member)[i];
                logVariances[i] = Math.log(predictor.variances(member)[i]);
            }
            System.out.printf(
                    Locale.ROOT,
                    "member %d: means %s; log-variances %s%n",
                    member,
                    differences(means, numbers(theirs[0]), numbers(exact[0])),
                    differences(logVariances, numbers(theirs[1]), numbers(exact[1])));
        }
    }

    private static double[] numbers(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static String differences(double[] ours, double[] theirs, double[] exact) {
        return String.format(
                Locale.ROOT,
                "apart %.1e, from double precision ours %.1e and DL4J's %.1e",
                largest(ours, theirs),
                largest(ours, exact),
                largest(theirs, exact));
    }

    private static double largest(double[] left, double[] right) {
        double largest = 0;
        for (int i = 0; i < left.length; i++) {
            largest = Math.max(largest, Math.abs(left[i] - right[i]));
        }
        return largest;
    }
}

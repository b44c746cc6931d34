package io.github.mopospark.metrics;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is measured in CSV files in the run's folder: {@code metrics.csv}, a row an epoch of the policy;
 * {@code ensemble.csv}, a row a member and epoch; and {@code timings.csv}, the seconds of an epoch. The seconds lie apart so
 * that the other two are the same bytes for the same seed, however often the run was resumed.
 *
 * <p>Files are replaced as a whole, on any Hadoop file system.
 */
public final class CsvSink implements MetricSink {
    /** The file of what was measured in epochs of the policy. */
    public static final String METRICS = "metrics.csv";
    /** The file of the wall-clock seconds of epochs of the policy. */
    public static final String TIMINGS = "timings.csv";
    /** The file of what was measured in epochs of members. */
    public static final String ENSEMBLE = "ensemble.csv";

    private static final Logger LOG = LoggerFactory.getLogger(CsvSink.class);

    private static final List<Metric> MEASURED =
            Arrays.stream(Metric.values()).filter(metric -> !metric.isTime()).toList();
    private static final List<Metric> TIMES =
            Arrays.stream(Metric.values()).filter(Metric::isTime).toList();

    private final CsvFile metrics;
    private final CsvFile timings;
    private final CsvFile ensemble;

    /**
     * The files of a run. At its start those that are there are deleted; else they are cut back to the checkpoint.
     *
     * @param storage reads and writes them
     * @param run the run's folder
     * @param position how far the run is
     * @throws DatasetException if a file that is there was not written by such a sink
     * @throws IOException if they cannot be read or written
     */
    public CsvSink(Storage storage, Path run, RunPosition position) throws IOException {
        metrics = metrics(storage, run);
        timings = timings(storage, run);
        ensemble = ensemble(storage, run);
        if (position.equals(RunPosition.START)) {
            for (CsvFile file : List.of(metrics, timings, ensemble)) {
                file.delete();
            }
            return;
        }
        // All are read before one is changed.
        for (CsvFile file : List.of(metrics, timings, ensemble)) {
            file.read();
        }
        cutBack(metrics, key -> key.get(0) <= position.policyEpoch());
        cutBack(timings, key -> key.get(0) <= position.policyEpoch());
        cutBack(ensemble, key -> key.get(1) <= position.ensembleEpoch());
        warnOfMissing(position.policyEpoch());
    }

    static CsvFile metrics(Storage storage, Path run) {
        return epochs(storage, new Path(run, METRICS), MEASURED);
    }

    static CsvFile timings(Storage storage, Path run) {
        return epochs(storage, new Path(run, TIMINGS), TIMES);
    }

    private static CsvFile epochs(Storage storage, Path path, List<Metric> columns) {
        return new CsvFile(
                Objects.requireNonNull(storage, "storage"),
                path,
                List.of("epoch"),
                columns.stream().map(Metric::column).toList());
    }

    static CsvFile ensemble(Storage storage, Path run) {
        return new CsvFile(
                storage, new Path(run, ENSEMBLE), List.of("member", "epoch"), List.of("loss", "holdout_error"));
    }

    /** Adds what a row of one of the files says. */
    static void addTo(Map<Metric, Double> values, double[] row, boolean times) {
        List<Metric> columns = times ? TIMES : MEASURED;
        for (int i = 0; i < row.length; i++) {
            values.put(columns.get(i), row[i]);
        }
    }

    private static void cutBack(CsvFile file, Predicate<List<Integer>> kept) throws IOException {
        int rows = file.rows().size();
        file.keep(kept);
        if (file.rows().size() < rows) {
            file.write();
        }
    }

    private void warnOfMissing(int epochs) {
        long there =
                metrics.rows().keySet().stream().filter(key -> key.get(0) >= 1).count();
        if (there < epochs) {
            LOG.warn(
                    "{} has {} of the {} epochs that the checkpoint has; the others are lost",
                    metrics.path(),
                    there,
                    epochs);
        }
    }

    @Override
    public void epochDone(EpochMetrics epoch) throws IOException {
        put(metrics, MEASURED, epoch);
        put(timings, TIMES, epoch);
    }

    private static void put(CsvFile file, List<Metric> columns, EpochMetrics epoch) throws IOException {
        if (columns.stream().anyMatch(epoch::has)) {
            file.put(
                    List.of(epoch.epoch()),
                    columns.stream().mapToDouble(epoch::get).toArray());
            file.write();
        }
    }

    @Override
    public void membersTrained(List<MemberEpoch> epochs) throws IOException {
        for (MemberEpoch epoch : epochs) {
            ensemble.put(List.of(epoch.member(), epoch.epoch()), new double[] {epoch.loss(), epoch.holdoutError()});
        }
        if (!epochs.isEmpty()) {
            ensemble.write();
        }
    }

    @Override
    public void close() {
        // Every row was written when it came.
    }
}

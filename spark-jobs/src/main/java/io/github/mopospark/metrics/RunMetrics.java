package io.github.mopospark.metrics;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * All that was measured in a run.
 *
 * @param epochs of the policy, in order
 * @param members of the ensemble, by member and then by epoch
 */
public record RunMetrics(List<EpochMetrics> epochs, List<MemberEpoch> members) {
    /** Copies the lists. */
    public RunMetrics {
        epochs = List.copyOf(epochs);
        members = List.copyOf(members);
    }

    /**
     * Reads the files that {@link CsvSink} wrote.
     *
     * @param storage reads them
     * @param run the run's folder
     * @return what is in the files; nothing of those that are not there
     * @throws DatasetException if a file was not written by such a sink
     * @throws IOException if a file cannot be read
     */
    public static RunMetrics read(Storage storage, Path run) throws IOException {
        CsvFile metrics = CsvSink.metrics(storage, run);
        CsvFile timings = CsvSink.timings(storage, run);
        CsvFile ensemble = CsvSink.ensemble(storage, run);
        for (CsvFile file : List.of(metrics, timings, ensemble)) {
            file.read();
        }
        Map<Integer, Map<Metric, Double>> values = new TreeMap<>();
        metrics.rows().forEach((key, row) -> CsvSink.addTo(of(values, key), row, false));
        timings.rows().forEach((key, row) -> CsvSink.addTo(of(values, key), row, true));
        List<EpochMetrics> epochs = new ArrayList<>();
        values.forEach((epoch, measured) -> epochs.add(new EpochMetrics(epoch, measured)));
        List<MemberEpoch> members = new ArrayList<>();
        ensemble.rows().forEach((key, row) -> members.add(new MemberEpoch(key.get(0), key.get(1), row[0], row[1])));
        return new RunMetrics(epochs, members);
    }

    private static Map<Metric, Double> of(Map<Integer, Map<Metric, Double>> values, List<Integer> key) {
        return values.computeIfAbsent(key.get(0), epoch -> new EnumMap<>(Metric.class));
    }
}

package io.github.mopospark.reports;

import io.github.mopospark.metrics.RecordedPenalties;
import io.github.mopospark.metrics.RunMetrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the report of a run is made from.
 *
 * @param task its name
 * @param run where the run's folder lies
 * @param dataset what was learned from
 * @param metrics what was measured so far
 * @param elites the members that the rollouts are made with
 * @param penalties the ensemble's on recorded rows, if they were looked at
 * @param phases wall-clock seconds of what comes before the epochs, such as the conversion and the ensemble's training, in
 *     order
 * @param retries what was tried again or given up and how that ended, a sentence each
 * @param configuration the resolved configuration, a text of lines
 * @param versions of programs and libraries by their names, in order
 * @param command what starts the same run
 */
public record TrainingSummary(
        String task,
        String run,
        Dataset dataset,
        RunMetrics metrics,
        List<Integer> elites,
        Optional<RecordedPenalties> penalties,
        Map<String, Double> phases,
        List<String> retries,
        String configuration,
        Map<String, String> versions,
        String command) {
    /**
     * What was learned from.
     *
     * @param name its name
     * @param path where it lies
     * @param rows its rows
     * @param sources the files it was made of, each with the SHA-256 of its bytes
     */
    public record Dataset(String name, String path, long rows, List<String> sources) {
        /** Checks that nothing is missing. */
        public Dataset {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(path, "path");
            sources = List.copyOf(sources);
        }
    }

    /** Checks that nothing is missing, and copies what can change. */
    public TrainingSummary {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(dataset, "dataset");
        Objects.requireNonNull(metrics, "metrics");
        elites = List.copyOf(elites);
        Objects.requireNonNull(penalties, "penalties");
        phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
        retries = List.copyOf(retries);
        Objects.requireNonNull(configuration, "configuration");
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        Objects.requireNonNull(command, "command");
    }
}

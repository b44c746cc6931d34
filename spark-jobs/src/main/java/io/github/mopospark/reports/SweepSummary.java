package io.github.mopospark.reports;

import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.runs.SweepJournal.Entry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the report of a sweep is made from.
 *
 * @param sweep where the sweep's folder lies
 * @param trials in the sweep's order
 * @param command what starts the same sweep
 */
public record SweepSummary(String sweep, List<Trial> trials, String command) {
    /** Checks that nothing is missing. */
    public SweepSummary {
        Objects.requireNonNull(sweep, "sweep");
        trials = List.copyOf(trials);
        Objects.requireNonNull(command, "command");
    }

    /**
     * A trial and how far it is.
     *
     * @param entry its name, what has become of it, and why if it failed
     * @param task the task's name
     * @param dataset the name of what it learns from, such as {@code hopper-medium-replay}
     * @param length h, steps of a rollout
     * @param penaltyCoefficient lambda
     * @param seed the run's
     * @param otherSettings the keys besides these in which the sweep's trials differ, with the trial's values
     * @param epochs how many it is to do
     * @param metrics what was measured so far
     * @param report the run's report, relative to the sweep's folder
     */
    public record Trial(
            Entry entry,
            String task,
            String dataset,
            int length,
            double penaltyCoefficient,
            long seed,
            Map<String, String> otherSettings,
            int epochs,
            RunMetrics metrics,
            String report) {
        /** Checks that nothing is missing, and copies what can change. */
        public Trial {
            Objects.requireNonNull(entry, "entry");
            Objects.requireNonNull(task, "task");
            Objects.requireNonNull(dataset, "dataset");
            otherSettings = Collections.unmodifiableMap(new LinkedHashMap<>(otherSettings));
            Objects.requireNonNull(metrics, "metrics");
            Objects.requireNonNull(report, "report");
        }
    }
}

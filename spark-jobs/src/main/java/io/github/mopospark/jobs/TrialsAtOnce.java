package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many trials of a sweep can learn at the same time. */
final class TrialsAtOnce {
    /** A learner keeps two cores of the driver busy. */
    private static final int CORES_OF_A_LEARNER = 2;

    private static final Logger LOG = LoggerFactory.getLogger(TrialsAtOnce.class);

    private TrialsAtOnce() {}

    /**
     * As many as the driver has cores for, and all JVMs have memory for whichever trials they are. One where that cannot be told,
     * since the sizes of an HDF5 file that is not on this machine are known only when it has been converted.
     */
    static int most(SparkConf conf, Storage storage, List<Trial> trials) {
        Map<RunConfig, DataShape> sizes = new LinkedHashMap<>();
        Map<String, Optional<DataShape>> shapes = new LinkedHashMap<>();
        for (Trial trial : trials) {
            String data = trial.config().data();
            try {
                if (!shapes.containsKey(data)) {
                    shapes.put(data, DataShape.at(storage, data));
                }
                if (shapes.get(data).isEmpty()) {
                    return 1;
                }
                sizes.put(trial.config(), shapes.get(data).get());
            } catch (IOException | IllegalArgumentException e) {
                // What it lacks is told when its turn comes.
                LOG.debug("{} cannot be looked at", data, e);
            }
        }
        MemoryLimits limits = MemoryLimits.of(conf);
        int processors = Runtime.getRuntime().availableProcessors();
        int cores =
                limits.master().isLocal() ? Math.min(processors, limits.master().slots()) : processors;
        return most(Math.min(trials.size(), cores / CORES_OF_A_LEARNER), limits, sizes);
    }

    /** At most so many as there are cores for; at least one, which then says itself what it lacks. */
    static int most(int cores, MemoryLimits limits, Map<RunConfig, DataShape> sizes) {
        int most = Math.max(1, cores);
        while (most > 1 && !fit(most, limits, sizes)) {
            most--;
        }
        return most;
    }

    private static boolean fit(int runs, MemoryLimits limits, Map<RunConfig, DataShape> sizes) {
        int slots = limits.master().slots();
        return sizes.entrySet().stream().allMatch(trial -> limits.shortages(
                        MemoryNeeds.of(
                                trial.getKey(), trial.getValue(), EnumSet.allOf(MemoryNeeds.Step.class), slots, runs),
                        trial.getKey())
                .isEmpty());
    }
}

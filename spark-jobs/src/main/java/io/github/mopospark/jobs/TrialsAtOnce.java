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

/** How many trials of a sweep can learn at the same time. */
final class TrialsAtOnce {
    /** A learner keeps two cores of the driver busy. */
    private static final int CORES_OF_A_LEARNER = 2;

    private TrialsAtOnce() {}

    /** As many as the driver has cores for, and all JVMs have memory for whichever trials they are. */
    static int most(SparkConf conf, Storage storage, List<Trial> trials) {
        int cores = Runtime.getRuntime().availableProcessors();
        return most(Math.min(trials.size(), cores / CORES_OF_A_LEARNER), MemoryLimits.of(conf), sizes(storage, trials));
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

    /** Of those trials whose data can be looked at now; what another lacks is told when its turn comes. */
    private static Map<RunConfig, DataShape> sizes(Storage storage, List<Trial> trials) {
        Map<String, Optional<DataShape>> shapes = new LinkedHashMap<>();
        Map<RunConfig, DataShape> sizes = new LinkedHashMap<>();
        for (Trial trial : trials) {
            shapes.computeIfAbsent(trial.config().data(), data -> shape(storage, data))
                    .ifPresent(shape -> sizes.put(trial.config(), shape));
        }
        return sizes;
    }

    private static Optional<DataShape> shape(Storage storage, String data) {
        try {
            return DataShape.at(storage, data);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

package io.github.mopospark.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;

/** How many threads ND4J's BLAS takes for itself in each task: no more than Spark counts for one. */
final class OmpThreads {
    static final String VARIABLE = "OMP_NUM_THREADS";
    static final String OF_EXECUTORS = "spark.executorEnv." + VARIABLE;

    private OmpThreads() {}

    /**
     * Compares.
     *
     * @param ofDriver the driver's variable; null where it is not set
     * @param conf Spark's settings
     * @return what is wrong, and what to set; empty if nothing
     */
    static List<String> problems(String ofDriver, SparkConf conf) {
        int cores = conf.getInt("spark.task.cpus", 1);
        List<String> found = new ArrayList<>();
        problem(VARIABLE, ofDriver, "export " + VARIABLE + "=1 before the driver starts, as bin/mopo does", cores)
                .ifPresent(found::add);
        if (!SparkMaster.of(conf).isLocal()) {
            problem(OF_EXECUTORS, conf.get(OF_EXECUTORS, null), "set " + OF_EXECUTORS + "=1", cores)
                    .ifPresent(found::add);
        }
        return found;
    }

    private static Optional<String> problem(String name, String value, String advice, int cores) {
        if (value == null || value.isBlank()) {
            return Optional.of(
                    "%s is not set, so that ND4J would take all cores for each task; %s".formatted(name, advice));
        }
        // OpenMP takes a list, of which the first counts.
        String first = value.strip().split(",", -1)[0].strip();
        if (!first.matches("[1-9][0-9]{0,4}")) {
            return Optional.of("%s must be a number of at least 1, but was %s; %s".formatted(name, value, advice));
        }
        if (Integer.parseInt(first) > cores) {
            return Optional.of(
                    "%s = %s is more than spark.task.cpus = %d, so that tasks would take each other's cores; %s, or more spark.task.cpus"
                            .formatted(name, value, cores, advice));
        }
        return Optional.empty();
    }
}

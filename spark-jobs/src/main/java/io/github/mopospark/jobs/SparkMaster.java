package io.github.mopospark.jobs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * Where tasks run.
 *
 * @param isLocal whether that is this JVM
 * @param slots tasks that an executor runs at once
 */
record SparkMaster(boolean isLocal, int slots) {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[([0-9]+|\\*)(?:\\s*,\\s*[0-9]+)?])?");

    /** An executor of a standalone cluster has all cores of its machine unless they are limited. */
    private static final int CORES_OF_A_MACHINE = 16;

    static SparkMaster of(SparkConf conf) {
        String master = conf.get("spark.master", "local[*]");
        int cores = conf.getInt("spark.task.cpus", 1);
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return new SparkMaster(true, Math.max(1, localCores(local.group(1)) / cores));
        }
        int all = master.equals("yarn") || master.startsWith("k8s")
                ? 1
                : conf.getInt("spark.cores.max", CORES_OF_A_MACHINE);
        return new SparkMaster(false, Math.max(1, conf.getInt("spark.executor.cores", all) / cores));
    }

    private static int localCores(String given) {
        if (given == null) {
            return 1;
        }
        return given.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(given);
    }
}

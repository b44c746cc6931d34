package io.github.mopospark.jobs;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.github.mopospark.configuration.CheckpointRounds;
import io.github.mopospark.configuration.RunConfig;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * How many bytes the JVMs of a run may take.
 *
 * @param master where tasks run
 * @param heap of this JVM, the driver
 * @param direct of this JVM beside its heap
 * @param machine all memory of this machine, or of the container
 * @param executorHeap of an executor
 * @param results of a job's tasks, which the driver takes; 0 for any
 * @param overhead of the driver's container beside the heap; 0 where it has none of its own
 * @param underSubmit whether spark-submit started this JVM, and sets its memory
 */
record MemoryLimits(
        SparkMaster master,
        long heap,
        long direct,
        long machine,
        long executorHeap,
        long results,
        long overhead,
        boolean underSubmit) {
    /** A JVM's own: code, threads, the collector's tables, and the simulator. */
    private static final long NATIVE = 300L << 20;

    /** What an array of bytes, and so a file of a checkpoint, can hold. */
    private static final long LARGEST_FILE = Integer.MAX_VALUE - 1024L;

    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;
    /** Spark's, as a share of the heap and in MiB. */
    private static final double USUAL_OVERHEAD = 0.1;

    private static final long LEAST_OVERHEAD = 384;
    private static final long MANY = 10;
    private static final long STEP = 100;

    /** Those of this JVM, and of the executors that a configuration asks for. */
    static MemoryLimits of(SparkConf conf) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new MemoryLimits(
                SparkMaster.of(conf),
                Runtime.getRuntime().maxMemory(),
                maxDirect(),
                system.getTotalMemorySize(),
                conf.getSizeAsMb("spark.executor.memory", "1g") * MEBIBYTE,
                conf.getSizeAsBytes("spark.driver.maxResultSize", "1g"),
                overhead(conf),
                Boolean.getBoolean("SPARK_SUBMIT") || conf.contains("spark.submit.deployMode"));
    }

    /** A cluster manager that starts the driver in a container kills it when it takes more. */
    private static long overhead(SparkConf conf) {
        String master = conf.get("spark.master", "");
        boolean isContainer = master.equals("yarn") || master.startsWith("k8s");
        if (!isContainer || !conf.get("spark.submit.deployMode", "client").equals("cluster")) {
            return 0;
        }
        long heap = conf.getSizeAsMb("spark.driver.memory", "1g");
        long usual = Math.max((long) (USUAL_OVERHEAD * heap), LEAST_OVERHEAD);
        return conf.getSizeAsMb("spark.driver.memoryOverhead", usual + "m") * MEBIBYTE;
    }

    private static long maxDirect() {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long set = Long.parseLong(hotSpot.getVMOption("MaxDirectMemorySize").getValue());
        // As the JDK does where the flag is not set.
        return set > 0 ? set : Runtime.getRuntime().maxMemory();
    }

    /** What a run needs of these JVMs, in a line. */
    String line(MemoryNeeds needs) {
        String beside = needs.modelBuffer() == 0 ? "" : " and %s beside it".formatted(text(needs.direct()));
        return master.isLocal()
                ? "memory: needs %s of heap%s".formatted(text(needs.sharedHeap()), beside)
                : "memory: needs %s of heap%s on the driver, %s of heap an executor"
                        .formatted(text(needs.driverHeap()), beside, text(needs.executorHeap()));
    }

    /**
     * Compares.
     *
     * @param needs what a run needs
     * @param config the run's
     * @return what is too little, and what to set; empty if nothing
     */
    List<String> shortages(MemoryNeeds needs, RunConfig config) {
        List<String> found = new ArrayList<>();
        long needed = master.isLocal() ? needs.sharedHeap() : needs.driverHeap();
        if (needed > heap) {
            found.add(
                    "memory: the run needs %s of heap in this JVM, which may take %s; give it %s, or take fewer rows (mopo convert --sample)"
                            .formatted(
                                    text(needed),
                                    text(heap),
                                    underSubmit
                                            ? "--driver-memory " + flag(needed)
                                            : "MOPO_JAVA_OPTS=-Xmx" + flag(needed)));
        }
        long buffers = needs.modelBuffer() == 0 ? 0 : needs.direct();
        if (buffers > direct) {
            found.add(tooLittleBeside(needs, config));
        }
        long beside = buffers + NATIVE;
        if (overhead > 0 && buffers > 0 && beside > overhead) {
            found.add(
                    "memory: the driver needs %s beside its heap, but its container has %s there; set spark.driver.memoryOverhead=%s"
                            .formatted(text(beside), text(overhead), flag(beside)));
        }
        long all = needed + beside;
        if (all > machine) {
            found.add(
                    "memory: the run needs %s in this JVM, but the machine has %s; take a larger one, or set rollout.rounds-kept or rollout.starts lower"
                            .formatted(text(all), text(machine)));
        }
        if (!master.isLocal() && needs.executorHeap() > executorHeap) {
            found.add(
                    "memory: an executor needs %s of heap, but spark.executor.memory is %s; set spark.executor.memory=%s"
                            .formatted(text(needs.executorHeap()), text(executorHeap), flag(needs.executorHeap())));
        }
        if (results > 0 && needs.round() > results) {
            found.add(
                    "memory: the driver is sent %s in a round of rollouts, but spark.driver.maxResultSize is %s; set spark.driver.maxResultSize=%s, or rollout.starts lower"
                            .formatted(text(needs.round()), text(results), flag(needs.round())));
        }
        if (config.checkpoint().rounds() == CheckpointRounds.SAVE && needs.round() > LARGEST_FILE) {
            found.add(
                    "memory: a round of rollouts of %s cannot be saved as one file; set checkpoint.rounds = policies, or rollout.starts lower"
                            .formatted(text(needs.round())));
        }
        return found;
    }

    private String tooLittleBeside(MemoryNeeds needs, RunConfig config) {
        String flag = "-XX:MaxDirectMemorySize=" + flag(needs.direct());
        return "memory: the buffers need %s beside the heap (%s for the rows of the dataset, %s for %d rounds of %,d x %d transitions), but this JVM may take %s there; give it %s, or set rollout.rounds-kept or rollout.starts lower"
                .formatted(
                        text(needs.direct()),
                        text(needs.datasetBuffer()),
                        text(needs.modelBuffer()),
                        needs.modelBuffer() / needs.round(),
                        config.rollout().starts(),
                        config.rollout().config().length(),
                        text(direct),
                        underSubmit
                                ? flag + " among spark.driver.extraJavaOptions, beside what is there"
                                : "MOPO_JAVA_OPTS=" + flag);
    }

    /** For people: MiB, which flags are in too, or GiB where there are many. */
    private static String text(long bytes) {
        return bytes < MANY * GIBIBYTE
                ? String.format(Locale.ROOT, "%,d MiB", (bytes + MEBIBYTE - 1) / MEBIBYTE)
                : String.format(Locale.ROOT, "%,.1f GiB", (double) bytes / GIBIBYTE);
    }

    /** For flags: hundreds of MiB, rounded up. */
    private static String flag(long bytes) {
        long step = STEP * MEBIBYTE;
        return "%dm".formatted((bytes + step - 1) / step * STEP);
    }
}

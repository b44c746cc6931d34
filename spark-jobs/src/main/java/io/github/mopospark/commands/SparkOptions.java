package io.github.mopospark.commands;

import io.github.mopospark.configuration.Secrets;
import io.github.mopospark.jobs.SparkVersions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.serializer.JavaSerializer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a command starts Spark. Under spark-submit Spark's own options say it, and these need not be given. */
final class SparkOptions {
    private static final String VECTOR_API = "jdk.incubator.vector";
    /** What no shell changes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

    private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master; under spark-submit its own, else local[*].")
    private String master;

    @Option(
            names = "--spark-conf",
            paramLabel = "KEY=VALUE",
            description = "A setting of Spark, as spark.executor.memory=2g. Can be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** Hadoop's settings as Spark will have them, before it starts. */
    Configuration hadoop() {
        SparkConf conf = new SparkConf();
        settings.forEach(conf::set);
        return SparkHadoopUtil.get().newConfiguration(conf);
    }

    /** Hadoop's settings where Spark is not started: those that spark-submit was given too. */
    static Configuration submittedHadoop() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    /** The command as it was given, for a shell, but for secrets; of spark-submit's own options the master alone. */
    static String commandLine(CommandSpec spec) {
        String program = "bin/mopo ";
        if (isSubmitted()) {
            program = "spark-submit --master %s --class %s mopo-spark.jar "
                    .formatted(quoted(new SparkConf().get("spark.master", "local[*]")), Mopo.class.getName());
        }
        return spec.commandLine().getParseResult().originalArgs().stream()
                .map(Secrets::hide)
                .map(SparkOptions::quoted)
                .collect(Collectors.joining(" ", program, ""));
    }

    private static boolean isSubmitted() {
        return Boolean.getBoolean("SPARK_SUBMIT");
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    JavaSparkContext start(String name) {
        return start(conf(name));
    }

    /**
     * How Spark will be started.
     *
     * @param name what Spark calls it
     * @throws IllegalArgumentException if this is another Spark than one that this program runs on
     */
    SparkConf conf(String name) {
        SparkVersions.require();
        SparkConf conf = new SparkConf().setAppName(name);
        settings.forEach(conf::set);
        if (master != null) {
            conf.setMaster(master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        // What tasks take and answer are records, which Kryo 4 cannot make.
        conf.set("spark.serializer", JavaSerializer.class.getName());
        // A task is one thread, whatever ND4J's BLAS would take.
        conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
        if (ModuleLayer.boot().findModule(VECTOR_API).isPresent()) {
            // Executors compute as the driver does.
            String flag = "--add-modules=" + VECTOR_API;
            String options = conf.get(EXECUTOR_OPTIONS, "");
            if (!options.contains(VECTOR_API)) {
                conf.set(EXECUTOR_OPTIONS, (flag + " " + options).strip());
            }
        }
        // The page would be gone before anybody could look; --spark-conf spark.ui.enabled=true brings it.
        if (conf.get("spark.master").startsWith("local")) {
            conf.setIfMissing("spark.ui.enabled", "false");
            // The only executor is this JVM: it is not lost because the machine slept, or the process was stopped, for
            // a while.
            conf.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", "365d");
        } else if (!isSubmitted() && !conf.contains("spark.submit.deployMode")) {
            // Executors have no classes but Spark's; spark-submit brings them the jar, bin/mopo does it here.
            conf.setIfMissing("spark.jars", String.join(",", JavaSparkContext.jarOfClass(SparkOptions.class)));
        }
        return conf;
    }

    JavaSparkContext start(SparkConf conf) {
        try {
            return new JavaSparkContext(conf);
        } catch (Exception e) {
            // Whatever it is called, it comes from these settings: a master that is none, too little memory.
            throw new IllegalArgumentException("Spark cannot start with these settings: " + e.getMessage(), e);
        }
    }
}

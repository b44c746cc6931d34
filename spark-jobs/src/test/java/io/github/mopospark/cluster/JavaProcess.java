package io.github.mopospark.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM of its own. What it prints goes to files, and it ends with the test at the latest. */
public final class JavaProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long POLL_MILLISECONDS = 5;

    /** Flags for short runs: what starts fast is fast. */
    static final List<String> SHORT_RUN = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    private final String name;
    private final Process process;
    private final Path out;
    private final Path err;
    private final Thread ender = new Thread(this::kill);

    /** How a process ended, and what it printed. */
    public record Outcome(int exitCode, String out, String err) {}

    private JavaProcess(String name, Process process, Path out, Path err) {
        this.name = name;
        this.process = process;
        this.out = out;
        this.err = err;
        Runtime.getRuntime().addShutdownHook(ender);
    }

    /**
     * Starts a JVM with the flags that {@code bin/mopo} gives.
     *
     * @param folder takes the files of its output, and is its working directory
     * @param name what those files are called
     * @param flags more flags of the JVM, the class path among them, then the main class and its arguments
     */
    static JavaProcess start(Path folder, String name, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Build.root().resolve("conf/jvm.options"));
        command.addAll(SHORT_RUN);
        command.addAll(flags);
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        prepare(builder.environment(), folder);
        return new JavaProcess(name, builder.start(), out, err);
    }

    /** Sets what Spark's processes take from their environment. */
    static void prepare(Map<String, String> environment, Path folder) {
        // Spark's launcher derives these in its own shell scripts, which are not in Maven's artifacts.
        environment.put("SPARK_HOME", Build.sparkHome().toString());
        environment.put("SPARK_SCALA_VERSION", "2.12");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put("SPARK_LOCAL_DIRS", folder.toString());
        environment.put("OMP_NUM_THREADS", "1");
        // A configuration of this machine's Spark or Hadoop is none of the test's.
        environment.keySet().removeAll(List.of("SPARK_CONF_DIR", "HADOOP_CONF_DIR", "SPARK_WORKER_DIR"));
    }

    /**
     * Starts the program as {@code bin/mopo} does.
     *
     * @param folder takes its output, and is its working directory
     * @param arguments the subcommand and its options
     * @return the running process
     * @throws IOException if it cannot be started
     */
    public static JavaProcess mopo(Path folder, String... arguments) throws IOException {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx1g",
                "-Dlog4j2.configurationFile=" + Build.root().resolve("conf/log4j2.properties"),
                "-cp",
                Build.jar() + File.pathSeparator + Build.sparkClassPath(),
                "io.github.mopospark.commands.Mopo"));
        flags.addAll(List.of(arguments));
        return start(folder, "mopo", flags);
    }

    /**
     * Whether it has not ended.
     *
     * @return true as long as it runs
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * What it has printed so far.
     *
     * @return to stdout, then to stderr
     */
    public String printed() {
        try {
            return Files.readString(out) + Files.readString(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A thing to wait for. */
    @FunctionalInterface
    public interface Condition {
        /**
         * Looks.
         *
         * @return whether it has come
         * @throws IOException if that cannot be told
         */
        boolean holds() throws IOException;
    }

    /**
     * Waits until something holds, as long as the process runs.
     *
     * @param what it is, for the message
     * @param condition whether it holds
     * @return false if the process ended before
     * @throws IOException if that cannot be told
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (!isAlive()) {
                return condition.holds();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(name + ": waited too long until " + what + "\n" + printed());
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
        return true;
    }

    /**
     * Waits for its end.
     *
     * @return how it ended
     * @throws IOException if its output cannot be read
     * @throws InterruptedException if the thread is interrupted
     */
    public Outcome outcome() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " does not end\n" + printed());
        }
        close();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Kills it and all that it started, and waits until they are gone. */
    public void kill() {
        kill(process);
    }

    /** Kills a process and all that it started, and waits until they are gone. */
    static void kill(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(ender);
    }
}

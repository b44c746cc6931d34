package io.github.mopospark.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spark's own Master and two Workers of one core each, as processes on 127.0.0.1, started and ended by {@code deploy/standalone}'s
 * scripts.
 */
public final class StandaloneCluster implements AutoCloseable {
    private static final List<String> HOSTS = List.of("127.0.0.1", "127.0.0.1");
    private static final Pattern EXECUTOR = Pattern.compile("--executor-id (\\d+) .*--app-id (\\S+)");
    private static final Pattern TASK =
            Pattern.compile("(Running|Finished) task (\\d+)\\.\\d+ in stage \\S+ \\((TID \\d+)\\)");

    private final Path folder;
    private final Deque<JavaProcess> drivers = new ArrayDeque<>();
    private final List<ProcessHandle> workers = new ArrayList<>();
    private final String master;
    /** The cluster ends with the test at the latest. */
    private final Thread ender = new Thread(this::stop);

    /**
     * Starts the cluster and waits until both workers are there.
     *
     * @param folder takes the logs, the work folders and Spark's local folders of all its processes
     * @throws IOException if a process cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    public StandaloneCluster(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(ender);
        try {
            // Port 0 lets the system choose a free one.
            List<String> arguments = new ArrayList<>(
                    List.of("--cores", "1", "--memory", "1g", "--port", "0", "--web-port", "0", "--wait", "180"));
            arguments.addAll(HOSTS);
            this.master = script("start-cluster", arguments);
            for (int i = 0; i < HOSTS.size(); i++) {
                workers.add(daemon("worker-" + i));
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Runs a script of {@code deploy/standalone}; answers what it prints. */
    private String script(String name, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Build.root().resolve("deploy/standalone/" + name).toString(), "--folder", folder.toString()));
        command.addAll(arguments);
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        JavaProcess.prepare(builder.environment(), folder);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
        builder.environment().put("SPARK_DAEMON_JAVA_OPTS", String.join(" ", JavaProcess.SHORT_RUN));
        int exitCode = builder.start().waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException(
                    "%s exits with %d%n%s%s".formatted(name, exitCode, Files.readString(out), Files.readString(err)));
        }
        return Files.readString(out).strip();
    }

    private ProcessHandle daemon(String name) throws IOException {
        long id = Long.parseLong(Files.readString(folder.resolve(name + ".pid")).strip());
        return ProcessHandle.of(id).orElseThrow(() -> new IllegalStateException(name + " has ended"));
    }

    /**
     * Where drivers find the cluster.
     *
     * @return the master's URL
     */
    public String master() {
        return master;
    }

    /**
     * Starts the program on the cluster through Spark's own SparkSubmit.
     *
     * @param settings Spark's, each {@code KEY=VALUE}
     * @param arguments the subcommand and its options
     * @return the driver, which runs
     * @throws IOException if it cannot be started
     */
    public JavaProcess start(List<String> settings, String... arguments) throws IOException {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx768m", "-cp", Build.sparkClassPath(), "org.apache.spark.deploy.SparkSubmit", "--master", master));
        List<String> all = new ArrayList<>(settings);
        all.add("spark.executor.memory=768m");
        all.add("spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        all.add("spark.ui.enabled=false");
        for (String setting : all) {
            flags.addAll(List.of("--conf", setting));
        }
        flags.addAll(List.of(
                "--class", "io.github.mopospark.commands.Mopo", Build.jar().toString()));
        flags.addAll(List.of(arguments));
        JavaProcess driver = JavaProcess.start(folder, "driver-" + drivers.size(), flags);
        drivers.push(driver);
        return driver;
    }

    /**
     * Runs the program on the cluster.
     *
     * @param settings Spark's, each {@code KEY=VALUE}
     * @param arguments the subcommand and its options
     * @return how it ended
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    public JavaProcess.Outcome submit(List<String> settings, String... arguments)
            throws IOException, InterruptedException {
        return start(settings, arguments).outcome();
    }

    /**
     * The executors that run now.
     *
     * @return those whose command line can be seen
     */
    public List<Executor> executors() {
        List<Executor> executors = new ArrayList<>();
        for (int worker = 0; worker < workers.size(); worker++) {
            Path work = folder.resolve("work-" + worker);
            workers.get(worker).children().forEach(process -> {
                Matcher id = EXECUTOR.matcher(process.info().commandLine().orElse(""));
                if (id.find()) {
                    executors.add(
                            new Executor(process, work.resolve(id.group(2)).resolve(id.group(1))));
                }
            });
        }
        return executors;
    }

    /**
     * An executor.
     *
     * @param process its JVM
     * @param folder takes its log
     */
    public record Executor(ProcessHandle process, Path folder) {
        /**
         * Its number in its application.
         *
         * @return what Spark's messages call it
         */
        public String id() {
            return folder.getFileName().toString();
        }

        /**
         * Whether it runs a task, as far as its log tells.
         *
         * @param least the least number that the task has in its stage
         * @return true if it has begun one that it has not ended
         * @throws IOException if its log cannot be read
         */
        public boolean runsTask(int least) throws IOException {
            Set<String> running = new HashSet<>();
            Path log = folder.resolve("stderr");
            if (!Files.exists(log)) {
                return false;
            }
            TASK.matcher(Files.readString(log)).results().forEach(line -> {
                if (!line.group(1).equals("Running")) {
                    running.remove(line.group(3));
                } else if (Integer.parseInt(line.group(2)) >= least) {
                    running.add(line.group(3));
                }
            });
            return !running.isEmpty();
        }
    }

    /**
     * Every file below the cluster's folder: logs, work folders and local folders.
     *
     * @return their paths
     * @throws IOException if they cannot be listed
     */
    public List<Path> files() throws IOException {
        return FileTree.filesBelow(folder);
    }

    private void stop() {
        try {
            script("stop-cluster", List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        drivers.forEach(JavaProcess::close);
        stop();
        Runtime.getRuntime().removeShutdownHook(ender);
    }
}

package io.github.mopospark.cluster;

import java.io.IOException;
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

/** Spark's own Master and two Workers of one core each, as processes on 127.0.0.1. */
public final class StandaloneCluster implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final Pattern STARTED = Pattern.compile("Starting Spark master at (spark://127\\.0\\.0\\.1:\\d+)");
    private static final Pattern EXECUTOR = Pattern.compile("--executor-id (\\d+) .*--app-id (\\S+)");
    private static final Pattern TASK =
            Pattern.compile("(Running|Finished) task (\\d+)\\.\\d+ in stage \\S+ \\((TID \\d+)\\)");
    private static final Pattern REGISTERED = Pattern.compile("Registering worker ");

    private final Path folder;
    private final Deque<JavaProcess> processes = new ArrayDeque<>();
    private final List<JavaProcess> workers = new ArrayList<>();
    private final String master;

    /**
     * Starts the cluster and waits until both workers are there.
     *
     * @param folder takes the logs, the work folders and Spark's local folders of all its processes
     * @throws IOException if a process cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    public StandaloneCluster(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        try {
            // Port 0 lets the system choose a free one; the log tells which.
            JavaProcess first = daemon("master", "org.apache.spark.deploy.master.Master", "--port", "0");
            this.master = awaitMaster(first);
            for (int i = 0; i < WORKERS; i++) {
                workers.add(daemon(
                        "worker-" + i,
                        "org.apache.spark.deploy.worker.Worker",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--work-dir",
                        folder.resolve("work-" + i).toString(),
                        master));
            }
            boolean complete = first.await(
                    "the workers registered",
                    () -> REGISTERED.matcher(first.printed()).results().count() == WORKERS);
            if (!complete) {
                throw new IllegalStateException("the master ended\n" + first.printed());
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private JavaProcess daemon(String name, String mainClass, String... arguments) throws IOException {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx256m",
                "-Dspark.master.rest.enabled=false",
                "-cp",
                Build.sparkClassPath(),
                mainClass,
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0"));
        flags.addAll(List.of(arguments));
        JavaProcess process = JavaProcess.start(folder, name, flags);
        processes.push(process);
        return process;
    }

    private static String awaitMaster(JavaProcess process) throws IOException, InterruptedException {
        process.await(
                "the master listens", () -> STARTED.matcher(process.printed()).find());
        Matcher started = STARTED.matcher(process.printed());
        if (!started.find()) {
            throw new IllegalStateException("the master ended\n" + process.printed());
        }
        return started.group(1);
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
        JavaProcess driver = JavaProcess.start(folder, "driver-" + processes.size(), flags);
        processes.push(driver);
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

    @Override
    public void close() {
        processes.forEach(JavaProcess::close);
    }
}

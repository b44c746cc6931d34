package io.github.mopospark.cluster;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A real MLflow tracking server on the loopback address, with a database and artifacts in a folder. Its Python packages are
 * installed once, apart from all others, where the build keeps what it fetches.
 */
public final class MlflowServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long POLL_MILLISECONDS = 100;

    private final Path log;
    private final int port;
    private final Process process;
    private final Thread ender = new Thread(this::kill);

    /**
     * Installs it if need be, starts it, and waits until it answers.
     *
     * @param folder takes its data and what it prints
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    public MlflowServer(Path folder) throws IOException, InterruptedException {
        log = folder.resolve("mlflow.log");
        String packages = install();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<String> command = List.of(
                "python3",
                "-m",
                "mlflow",
                "server",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--workers",
                "1",
                "--backend-store-uri",
                "sqlite:///" + folder.resolve("mlflow.db"),
                "--artifacts-destination",
                folder.resolve("artifacts").toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Settings of this machine's MLflow are none of the test's.
        builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
        builder.environment().put("PYTHONPATH", packages);
        builder.environment().put("PYTHONNOUSERSITE", "1");
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(ender);
        try {
            awaitHealth();
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private String install() throws IOException, InterruptedException {
        Path script = Build.root().resolve("spark-jobs/src/test/python/install-mlflow.sh");
        Process installer = new ProcessBuilder("/bin/bash", script.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        String printed = new String(installer.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (installer.waitFor() != 0) {
            throw new IllegalStateException("the MLflow server could not be installed\n" + Files.readString(log));
        }
        return printed;
    }

    private void awaitHealth() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isHealthy()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("the MLflow server does not start\n" + Files.readString(log));
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }

    private boolean isHealthy() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(uri() + "/health").toURL().openConnection();
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Its address.
     *
     * @return with scheme and port
     */
    public String uri() {
        return "http://127.0.0.1:" + port;
    }

    private void kill() {
        JavaProcess.kill(process);
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(ender);
    }
}

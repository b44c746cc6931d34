package io.github.mopospark.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.mlflow.tracking.creds.MlflowHostCreds;

/**
 * Sends files to a tracking server, which keeps them with a run. MLflow's own client for Java would start MLflow's command in
 * Python for that, which a machine that trains need not have; so this speaks HTTP to the server, as the client does for all else.
 */
final class MlflowArtifacts {
    private static final String PROXIED = "mlflow-artifacts";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_ANSWER = 500;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final MlflowHostCreds server;
    private final String folder;

    /**
     * The files of a run.
     *
     * @param server its address and who is asking
     * @param location where the server says that the run's files lie
     * @throws IOException if that is not the server itself
     */
    MlflowArtifacts(MlflowHostCreds server, String location) throws IOException {
        this.server = server;
        URI uri = URI.create(location);
        if (!PROXIED.equals(uri.getScheme()) || uri.getAuthority() != null) {
            throw new IOException(
                    "it has the run's files kept in %s, where this program cannot put them; start it with --serve-artifacts and --artifacts-destination"
                            .formatted(location));
        }
        folder = uri.getPath();
    }

    /** Sends a file; one of the same name is replaced. */
    void put(String name, byte[] content) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(name))
                .timeout(PATIENCE)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
        authorization(server).ifPresent(value -> request.header("Authorization", value));
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            String body = answer.body();
            throw new IOException("it did not take the file %s: %d %s"
                    .formatted(name, answer.statusCode(), body.substring(0, Math.min(body.length(), LONGEST_ANSWER))));
        }
    }

    private URI address(String name) throws IOException {
        try {
            String path = new URI(null, null, folder + "/" + name, null).getRawPath();
            return URI.create(server.getHost() + "/api/2.0/mlflow-artifacts/artifacts" + path);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** What the client sends, too. */
    static Optional<String> authorization(MlflowHostCreds creds) {
        if (creds.getUsername() != null && creds.getPassword() != null) {
            byte[] user = (creds.getUsername() + ":" + creds.getPassword()).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(user));
        }
        return Optional.ofNullable(creds.getToken()).map(token -> "Bearer " + token);
    }
}

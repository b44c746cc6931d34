package io.github.mopospark.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of an MLflow tracking server as a run needs, on the loopback address; can refuse, and can hang. */
final class FakeMlflow implements AutoCloseable {
    private static final String API = "/api/2.0/mlflow/";
    private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";

    /** What was told of a run. */
    static final class ToldRun {
        final Map<String, String> parameters = new TreeMap<>();
        final Map<String, String> tags = new TreeMap<>();
        /** As {@code key@step=value}. */
        final List<String> metrics = new ArrayList<>();

        String name;
        String status = "RUNNING";
    }

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private CountDownLatch gate = new CountDownLatch(0);

    final Map<String, ToldRun> runs = new TreeMap<>();
    final Map<String, String> experiments = new TreeMap<>();
    final Map<String, String> files = new TreeMap<>();
    /** Method and path of every request. */
    final List<String> requests = new ArrayList<>();
    /** The values of the header of all requests. */
    final List<String> authorizations = new ArrayList<>();
    /** How many metrics, and how many parameters, each batch held. */
    final List<Integer> metricBatches = new ArrayList<>();

    final List<Integer> parameterBatches = new ArrayList<>();
    String artifactRoot = "mlflow-artifacts:/1";
    /** The next requests that contain the text are answered so. */
    private String refused = "";

    private int refusal;
    private int refusals;
    /** Whether another makes each experiment just before it is made. */
    boolean experimentsAreMadeMeanwhile;

    FakeMlflow() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers requests for paths that contain a text with an error, so many times. */
    synchronized void refuse(String path, int status, int times) {
        refused = path;
        refusal = status;
        refusals = times;
    }

    /** Does not answer until {@link #goOn}. */
    synchronized void hang() {
        gate = new CountDownLatch(1);
    }

    synchronized void goOn() {
        gate.countDown();
    }

    synchronized long requestsOf(String path) {
        return requests.stream().filter(request -> request.contains(path)).count();
    }

    /** The only run. */
    synchronized ToldRun run() {
        if (runs.size() != 1) {
            throw new AssertionError("there are " + runs.size() + " runs");
        }
        return runs.values().iterator().next();
    }

    private synchronized CountDownLatch gate() {
        return gate;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            gate().await();
            Answer answer = answer(exchange, body);
            byte[] bytes = answer.text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Answer(int status, String text) {}

    private synchronized Answer answer(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        if (refusals > 0 && path.contains(refused)) {
            refusals--;
            return new Answer(refusal, "{\"message\": \"refused by the test\"}");
        }
        if (path.startsWith(ARTIFACTS)) {
            files.put(path.substring(ARTIFACTS.length()), new String(body, StandardCharsets.UTF_8));
            return new Answer(200, "{}");
        }
        JsonNode request = body.length == 0 ? json.createObjectNode() : json.readTree(body);
        return call(
                path.substring(API.length()),
                String.valueOf(exchange.getRequestURI().getQuery()),
                request);
    }

    private Answer call(String method, String query, JsonNode request) {
        return switch (method) {
            case "experiments/get-by-name" -> findExperiment(query.replaceFirst(".*experiment_name=", ""));
            case "experiments/create" -> makeExperiment(request.get("name").asText());
            case "runs/create" -> new Answer(200, create(request).toString());
            case "runs/get" -> {
                String id = query.replaceFirst(".*run_id=([^&]*).*", "$1");
                yield runs.containsKey(id) ? new Answer(200, describe(id).toString()) : new Answer(404, "{}");
            }
            case "runs/update" -> {
                runs.get(request.get("run_id").asText()).status =
                        request.get("status").asText();
                yield new Answer(200, "{}");
            }
            case "runs/log-batch" -> {
                log(runs.get(request.get("run_id").asText()), request);
                yield new Answer(200, "{}");
            }
            default -> new Answer(404, "{}");
        };
    }

    private Answer findExperiment(String name) {
        if (experiments.containsKey(name)) {
            ObjectNode found = json.createObjectNode();
            found.putObject("experiment").put("experiment_id", experiments.get(name));
            return new Answer(200, found.toString());
        }
        return new Answer(404, "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\"}");
    }

    private Answer makeExperiment(String name) {
        if (experimentsAreMadeMeanwhile) {
            experiments.put(name, "1");
        }
        return experiments.putIfAbsent(name, "1") == null
                ? new Answer(200, "{\"experiment_id\": \"1\"}")
                : new Answer(400, "{\"error_code\": \"RESOURCE_ALREADY_EXISTS\"}");
    }

    private ObjectNode create(JsonNode request) {
        String id = "run" + (runs.size() + 1);
        ToldRun run = new ToldRun();
        run.name = request.get("run_name").asText();
        request.path("tags")
                .forEach(tag ->
                        run.tags.put(tag.get("key").asText(), tag.get("value").asText()));
        runs.put(id, run);
        return describe(id);
    }

    private ObjectNode describe(String id) {
        ObjectNode answer = json.createObjectNode();
        ObjectNode run = answer.putObject("run");
        run.putObject("info")
                .put("run_id", id)
                .put("lifecycle_stage", "active")
                .put("artifact_uri", artifactRoot + "/" + id + "/artifacts");
        ArrayNode parameters = run.putObject("data").putArray("params");
        runs.get(id)
                .parameters
                .forEach((key, value) -> parameters.addObject().put("key", key).put("value", value));
        return answer;
    }

    private void log(ToldRun run, JsonNode request) {
        if (request.path("params").size() > 0) {
            parameterBatches.add(request.get("params").size());
        }
        if (request.path("metrics").size() > 0) {
            metricBatches.add(request.get("metrics").size());
        }
        request.path("params")
                .forEach(parameter -> run.parameters.put(
                        parameter.get("key").asText(), parameter.get("value").asText()));
        request.path("metrics")
                .forEach(metric -> run.metrics.add("%s@%s=%s"
                        .formatted(
                                metric.get("key").asText(),
                                metric.get("step").asText(),
                                metric.get("value").asText())));
    }

    @Override
    public void close() {
        goOn();
        server.stop(0);
        threads.shutdownNow();
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mopospark.cluster.MlflowServer;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.MlflowSink;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A run is told to a real MLflow server, which is asked over HTTP what it knows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MlflowIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private Path folder;
    private MlflowServer server;
    private JavaSparkContext context;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        server = new MlflowServer(Files.createDirectory(folder.resolve("server")));
        context = TinyRun.spark("local[2]");
    }

    @AfterAll
    void stop() {
        context.close();
        server.close();
    }

    private static RunConfig config(String uri, String... more) {
        List<String> settings = new ArrayList<>(List.of("tracking.mlflow.uri", uri));
        settings.addAll(Arrays.asList(more));
        return TinyRun.config(TinyRun.SAMPLE, settings.toArray(String[]::new));
    }

    private byte[] get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.uri() + path)).build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private JsonNode ask(String method) throws Exception {
        return json.readTree(get("/api/2.0/mlflow/" + method));
    }

    private static String id(Path run) throws IOException {
        return Files.readString(run.resolve("mlflow.txt")).strip();
    }

    private JsonNode run(String id) throws Exception {
        return ask("runs/get?run_id=" + id).get("run");
    }

    private static Map<String, String> pairs(JsonNode list) {
        Map<String, String> pairs = new TreeMap<>();
        list.forEach(
                pair -> pairs.put(pair.get("key").asText(), pair.get("value").asText()));
        return pairs;
    }

    private static Map<String, String> parameters(RunConfig config) {
        Map<String, String> parameters = new TreeMap<>();
        config.settings().forEach((key, value) -> parameters.put(key, value.toString()));
        return parameters;
    }

    /** The values of a metric by their steps. */
    private Map<Integer, Double> history(String id, String key) throws Exception {
        Map<Integer, Double> values = new TreeMap<>();
        ask("metrics/get-history?max_results=1000&run_id=%s&metric_key=%s"
                        .formatted(id, URLEncoder.encode(key, StandardCharsets.UTF_8)))
                .path("metrics")
                .forEach(metric -> values.put(
                        metric.get("step").asInt(), metric.get("value").asDouble()));
        return values;
    }

    /** A column of the run's own record, by the epochs. */
    private static Map<Integer, Double> column(Path run, Metric metric) throws IOException {
        List<String> rows = Files.readAllLines(run.resolve("metrics.csv"));
        int column = List.of(rows.get(0).split(",")).indexOf(metric.column());
        Map<Integer, Double> values = new TreeMap<>();
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",", -1);
            if (!cells[column].isEmpty()) {
                values.put(Integer.parseInt(cells[0]), Double.parseDouble(cells[column]));
            }
        }
        return values;
    }

    private List<String> artifacts(String id, String path) throws Exception {
        List<String> names = new ArrayList<>();
        ask("artifacts/list?run_id=%s&path=%s".formatted(id, path))
                .path("files")
                .forEach(file -> names.add(file.get("path").asText()));
        return names;
    }

    private void assertHasArtifacts(String id, Path run) throws Exception {
        assertThat(artifacts(id, ""))
                .containsExactlyInAnyOrder("config.conf", "ensemble.csv", "metrics.csv", "policy", "report.html");
        List<String> policy = new ArrayList<>();
        for (String name : run.resolve("policy").toFile().list()) {
            policy.add("policy/" + name);
        }
        assertThat(artifacts(id, "policy")).contains("policy/model.json").containsAll(policy);
        for (String name : List.of("report.html", "metrics.csv", "config.conf", "policy/model.json")) {
            assertThat(get("/get-artifact?path=%s&run_id=%s".formatted(name, id)))
                    .as(name)
                    .isEqualTo(Files.readAllBytes(run.resolve(name)));
        }
    }

    private void assertIsFinished(JsonNode told) {
        assertThat(told.at("/info/status").asText()).isEqualTo("FINISHED");
        assertThat(told.at("/info/end_time").asLong())
                .isGreaterThanOrEqualTo(told.at("/info/start_time").asLong());
    }

    @Test
    void aRunIsToldAndSoIsWhatComesAfterItsResumption() throws Exception {
        Path run = folder.resolve("a run");
        RunConfig two = config(server.uri(), "learner.epochs", "2");
        TinyRun.job(context, two, run).train();

        String id = id(run);
        JsonNode told = run(id);
        assertIsFinished(told);
        assertThat(told.at("/info/run_name").asText()).isEqualTo("a run");
        assertThat(ask("experiments/get-by-name?experiment_name=mopo-spark")
                        .at("/experiment/experiment_id")
                        .asText())
                .isEqualTo(told.at("/info/experiment_id").asText());
        assertThat(pairs(told.at("/data/params"))).isEqualTo(parameters(two));
        assertThat(pairs(told.at("/data/tags")))
                .containsEntry("task", "hopper")
                .containsEntry("dataset", "hopper-sample")
                .containsKey("version");
        assertThat(history(id, "evaluation/return_mean")).containsOnlyKeys(2);
        assertThat(history(id, "ensemble/member-2/holdout_error")).containsOnlyKeys(1, 2, 3);
        assertHasArtifacts(id, run);

        TinyRun.job(context, config(server.uri()), run).train();

        assertThat(id(run)).isEqualTo(id);
        assertIsFinished(run(id));
        for (Metric metric : List.of(Metric.ACTOR_LOSS, Metric.RETURN_MEAN, Metric.PENALTY_MEAN)) {
            assertThat(history(id, metric.tag())).as("%s", metric).isNotEmpty().isEqualTo(column(run, metric));
        }
        assertThat(history(id, "updates/actor_loss")).containsOnlyKeys(1, 2, 3, 4);
        assertThat(pairs(run(id).at("/data/params"))).isEqualTo(parameters(two));
        assertHasArtifacts(id, run);
    }

    @Test
    void aRunThatFailedIsMarkedAndInfiniteValuesAreTaken() throws Exception {
        Path run = Files.createDirectory(folder.resolve("failed"));
        try (MlflowSink sink =
                new MlflowSink(config(server.uri()), TinyRun.folder(run), Map.of("task", "hopper"), Map.of())) {
            sink.epochDone(new EpochMetrics(
                    1, Map.of(Metric.ACTOR_LOSS, Double.POSITIVE_INFINITY, Metric.TARGET_MEAN, -1e300)));
        }

        JsonNode told = run(id(run));
        assertThat(told.at("/info/status").asText()).isEqualTo("FAILED");
        // Its databases cannot keep infinity.
        assertThat(history(id(run), "updates/actor_loss")).containsEntry(1, Double.MAX_VALUE);
        assertThat(history(id(run), "updates/target_mean")).containsEntry(1, -1e300);
    }

    /** Kills a server when the second epoch of the policy is told, and the server knows the run. */
    private static final class KillingWriter extends Writer {
        private static final int MOST_POLLS = 600;

        private final StringBuilder printed = new StringBuilder();
        private final MlflowServer server;
        private final Path known;
        private boolean isKilled;

        KillingWriter(MlflowServer server, Path known) {
            this.server = server;
            this.known = known;
        }

        @Override
        public void write(char[] characters, int from, int count) {
            printed.append(characters, from, count);
            if (!isKilled && printed.toString().contains("epoch 2: ")) {
                awaitKnown();
                server.close();
                isKilled = true;
            }
        }

        private void awaitKnown() {
            try {
                for (int poll = 0; poll < MOST_POLLS && !Files.exists(known); poll++) {
                    Thread.sleep(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void aServerThatIsKilledDoesNotChangeTheRun() throws Exception {
        Path expected = folder.resolve("untold");
        TinyRun.job(context, TinyRun.config(TinyRun.SAMPLE), expected).train();
        Path run = folder.resolve("told to a server that is killed");
        MlflowServer killed = new MlflowServer(Files.createDirectory(folder.resolve("killed server")));
        KillingWriter out = new KillingWriter(killed, run.resolve("mlflow.txt"));
        RunConsole console = new RunConsole(new PrintWriter(out), new PrintWriter(new StringWriter()), false);
        try {
            new TrainJob(context, config(killed.uri()), TinyRun.folder(run), console, "mopo train").train();
            assertThat(out.isKilled).isTrue();
        } finally {
            if (!out.isKilled) {
                killed.close();
            }
        }

        Map<String, String> bits = TinyRun.bits(run);
        assertThat(bits).containsKey("mlflow.txt");
        bits.remove("mlflow.txt");
        Map<String, String> others = TinyRun.bits(expected);
        // It names the server.
        assertThat(bits.remove("config.conf")).isNotEqualTo(others.remove("config.conf"));
        assertThat(bits).isEqualTo(others);
    }
}

package io.github.mopospark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.runs.RunFolder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;

class MlflowSinkTest {
    private static final MlflowSink.Patience PATIENT =
            new MlflowSink.Patience(Collections.nCopies(5, Duration.ofMillis(20)), Duration.ofMinutes(1));
    private static final MlflowSink.Patience IMPATIENT = new MlflowSink.Patience(List.of(), Duration.ofMillis(200));
    private static final Map<String, String> TAGS = Map.of("task", "hopper", "dataset", "sample");

    private final Storage storage = new Storage(new Configuration());
    private FakeMlflow server;
    private Path run;

    @BeforeEach
    void startServer(@TempDir Path folder) throws IOException {
        server = new FakeMlflow();
        run = Files.createDirectory(folder.resolve("my run"));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private RunFolder folder() throws IOException {
        return new RunFolder(storage, new org.apache.hadoop.fs.Path(run.toString()));
    }

    private static RunConfig config(String uri, String... more) {
        Map<String, String> settings = new TreeMap<>(
                Map.of("task", "hopper", "tracking.mlflow.uri", uri, "tracking.mlflow.experiment", "tests"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return new ConfigReader(new Storage(new Configuration())).read(settings);
    }

    private MlflowSink sink(MlflowSink.Patience patience, String... more) throws IOException {
        return new MlflowSink(config(server.uri(), more), folder(), TAGS, Map.of(), patience);
    }

    private static EpochMetrics epoch(int epoch) {
        return new EpochMetrics(epoch, Map.of(Metric.ACTOR_LOSS, epoch / 2.0, Metric.HOLDOUT_ERROR, 0.25));
    }

    @Test
    void tellsParametersMetricsTagsFilesAndTheEnd() throws IOException {
        Files.writeString(run.resolve("config.conf"), "seed = 0");
        Files.writeString(run.resolve("metrics.csv"), "epoch");
        Files.writeString(run.resolve("timings.csv"), "epoch");
        Files.createDirectory(run.resolve("policy"));
        Files.writeString(run.resolve("policy/model.json"), "{}");
        try (MlflowSink sink = sink(PATIENT)) {
            sink.membersTrained(List.of(
                    new MemberEpoch(0, 1, Double.NaN, 0.5), new MemberEpoch(12, 1, -2, Double.POSITIVE_INFINITY)));
            sink.epochDone(epoch(1));
            sink.epochDone(new EpochMetrics(1, Map.of(Metric.CHECKPOINT_SECONDS, 3.0)));
            sink.runDone();
        }

        FakeMlflow.ToldRun told = server.run();
        assertThat(server.experiments).containsOnlyKeys("tests");
        assertThat(told.name).isEqualTo("my run");
        assertThat(told.tags).isEqualTo(TAGS);
        Map<String, String> settings = new TreeMap<>();
        config(server.uri()).settings().forEach((key, value) -> settings.put(key, value.toString()));
        assertThat(told.parameters).isEqualTo(settings);
        assertThat(told.metrics)
                .containsExactlyInAnyOrder(
                        "ensemble/member-0/holdout_error@1=0.5",
                        "ensemble/member-12/loss@1=-2.0",
                        "ensemble/member-12/holdout_error@1=Infinity",
                        "updates/actor_loss@1=0.5",
                        "ensemble/holdout_error@1=0.25",
                        "seconds/checkpoint_seconds@1=3.0");
        assertThat(server.files)
                .containsOnlyKeys(
                        "1/run1/artifacts/config.conf",
                        "1/run1/artifacts/metrics.csv",
                        "1/run1/artifacts/policy/model.json")
                .containsEntry("1/run1/artifacts/config.conf", "seed = 0");
        assertThat(told.status).isEqualTo("FINISHED");
        assertThat(run.resolve("mlflow.txt")).hasContent("run1");
    }

    @Test
    void aRunThatEndsWithoutBeingDoneHasFailed() throws IOException {
        Files.writeString(run.resolve("config.conf"), "seed = 0");
        try (MlflowSink sink = sink(PATIENT)) {
            sink.epochDone(epoch(1));
        }

        assertThat(server.run().status).isEqualTo("FAILED");
        assertThat(server.run().metrics).hasSize(2);
        assertThat(server.files).hasSize(1);
    }

    @Test
    void whatComesWhileTheServerIsBusyGoesInBatchesOfItsLimit() throws IOException {
        server.hang();
        try (MlflowSink sink = sink(PATIENT)) {
            for (int epoch = 1; epoch <= 1_250; epoch++) {
                sink.epochDone(epoch(epoch));
            }
            server.goOn();
            sink.runDone();
        }

        assertThat(server.metricBatches).containsExactly(1_000, 1_000, 500);
        assertThat(server.run().metrics).doesNotHaveDuplicates().hasSize(2_500);
    }

    @Test
    void parametersGoInBatchesOfItsLimitAndLongOnesAreCut() throws IOException {
        Map<String, Object> parameters = new TreeMap<>();
        IntStream.range(0, 250).forEach(i -> parameters.put("p" + i, "x".repeat(499 + i)));
        try (MlflowClient client = new MlflowClient(server.uri())) {
            MlflowRun told = MlflowRun.of(client, "tests", folder(), TAGS);
            told.logParameters(parameters);
            told.logParameters(parameters);
        }

        assertThat(server.parameterBatches).containsExactly(100, 100, 50);
        assertThat(server.run().parameters).hasSize(250);
        assertThat(server.run().parameters.get("p0")).hasSize(499);
        assertThat(server.run().parameters.get("p249")).hasSize(500);
    }

    @Test
    void aRunThatGoesOnIsTheSameOnTheServer() throws IOException {
        try (MlflowSink sink = sink(PATIENT, "learner.epochs", "1")) {
            sink.epochDone(epoch(1));
            sink.runDone();
        }
        assertThat(server.run().status).isEqualTo("FINISHED");

        try (MlflowSink sink = sink(PATIENT, "learner.epochs", "2", "tracking.mlflow.experiment", "other")) {
            sink.epochDone(epoch(2));
        }

        assertThat(server.run().metrics).contains("updates/actor_loss@1=0.5", "updates/actor_loss@2=1.0");
        assertThat(server.run().parameters).containsEntry("learner.epochs", "1");
        assertThat(server.parameterBatches).as("are told once").hasSize(1);
        assertThat(server.run().status).isEqualTo("FAILED");
        // It ran in between.
        assertThat(server.requestsOf("runs/update")).isEqualTo(3);
        assertThat(server.experiments).containsOnlyKeys("tests");
    }

    @Test
    void aRunThatTheServerDoesNotKnowIsANewOne() throws IOException {
        folder().keepMlflowRun("of another server");

        try (MlflowSink sink = sink(PATIENT)) {
            sink.runDone();
        }

        assertThat(server.run().status).isEqualTo("FINISHED");
        assertThat(run.resolve("mlflow.txt")).hasContent("run1");
    }

    @Test
    void anExperimentThatAnotherRunMakesMeanwhileIsTaken() throws IOException {
        server.experimentsAreMadeMeanwhile = true;

        try (MlflowSink sink = sink(PATIENT)) {
            sink.runDone();
        }

        assertThat(server.run().status).isEqualTo("FINISHED");
        assertThat(server.experiments).containsOnlyKeys("tests");
    }

    /** A sink that counts as the run's own record. */
    private static final class Recording implements MetricSink {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void epochDone(EpochMetrics metrics) {
            calls.add("epoch " + metrics.epoch());
        }

        @Override
        public void membersTrained(List<MemberEpoch> epochs) {
            calls.add("members");
        }

        @Override
        public void runDone() {
            calls.add("done");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @Test
    void aServerThatIsNotThereIsOneFailureAndTheRunGoesOn() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String uri = "http://127.0.0.1:" + port;
        Recording record = new Recording();
        MetricSinks sinks =
                new MetricSinks(record, List.of(new MlflowSink(config(uri), folder(), TAGS, Map.of(), IMPATIENT)));
        sinks.epochDone(epoch(1));
        sinks.runDone();
        sinks.close();

        assertThat(record.calls).containsExactly("epoch 1", "done", "close");
        assertThat(sinks.failures()).singleElement().asString().contains("MlflowSink failed", uri, "refused");
        assertThat(run.resolve("mlflow.txt")).doesNotExist();
    }

    @Test
    void aServerThatIsAwayForAWhileMissesNothing() throws IOException {
        // The client itself asks three times.
        server.refuse("log-batch", 503, 9);
        try (MlflowSink sink = sink(PATIENT)) {
            sink.epochDone(epoch(1));
            sink.epochDone(epoch(2));
            sink.runDone();
        }

        assertThat(server.run().metrics).hasSize(4);
        assertThat(server.run().status).isEqualTo("FINISHED");
    }

    @Test
    void whatTheServerRefusesIsNotTriedAgain() throws IOException {
        server.refuse("runs/create", 403, Integer.MAX_VALUE);
        MlflowSink sink = sink(PATIENT);

        assertThatThrownBy(() -> {
                    sink.runDone();
                    sink.close();
                })
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("the MLflow server " + server.uri(), "403", "refused by the test");
        assertThat(server.requestsOf("runs/create")).as("by the client itself").isEqualTo(3);
        sink.close();
    }

    @Test
    void aServerThatHangsIsWaitedForOnceAndForAWhile() throws IOException {
        server.hang();
        MlflowSink sink = sink(IMPATIENT);
        sink.epochDone(epoch(1));
        sink.runDone();

        assertThatThrownBy(sink::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not take the end of the run within");
        sink.close();
    }

    @Test
    void aServerThatLetsTooMuchWaitIsGivenUp() throws IOException {
        server.hang();
        MlflowSink sink = sink(PATIENT);

        assertThatThrownBy(() -> {
                    for (int epoch = 1; epoch <= MlflowSink.MOST_WAITING; epoch++) {
                        sink.epochDone(epoch(epoch));
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("100,000 values wait");
        assertThatThrownBy(sink::close).hasMessageContaining("100,000 values wait");
    }

    @Test
    void aServerThatKeepsFilesElsewhereIsToldTheRest() throws IOException {
        server.artifactRoot = "s3://bucket";
        MlflowSink sink = sink(PATIENT);
        sink.epochDone(epoch(1));
        sink.runDone();

        assertThatThrownBy(sink::close).hasMessageContainingAll("s3://bucket", "--serve-artifacts");
        assertThat(server.run().status).isEqualTo("FINISHED");
        assertThat(server.run().metrics).hasSize(2);
    }

    @Test
    void aFileThatTheServerDoesNotTakeIsNamed() throws IOException {
        Files.writeString(run.resolve("config.conf"), "seed = 0");
        server.refuse("config.conf", 507, 1);
        MlflowSink sink = sink(PATIENT);
        sink.runDone();

        assertThatThrownBy(sink::close).hasMessageContainingAll("config.conf", "507", "refused by the test");
        assertThat(server.run().status).isEqualTo("FINISHED");
    }

    @Test
    void tellsWhoIsAskingByTheEnvironment() throws IOException {
        Files.writeString(run.resolve("config.conf"), "seed = 0");
        assertThat(authorizations(Map.of())).containsOnly("null");
        assertThat(authorizations(Map.of("MLFLOW_TRACKING_TOKEN", "abc"))).containsOnly("Bearer abc");
        assertThat(authorizations(Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "pass")))
                .containsOnly("Basic bWU6cGFzcw==");
    }

    private List<String> authorizations(Map<String, String> environment) throws IOException {
        server.authorizations.clear();
        server.files.clear();
        try (MlflowSink sink = new MlflowSink(config(server.uri()), folder(), TAGS, environment, PATIENT)) {
            sink.runDone();
        }
        assertThat(server.files).hasSize(1);
        return List.copyOf(server.authorizations);
    }
}

package io.github.mopospark.metrics;

import io.github.mopospark.runs.RunFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;

/** A run on a tracking server. Every call waits for the server, and throws what the client does where it fails. */
final class MlflowRun {
    /** What one request may hold. */
    static final int MOST_METRICS = 1_000;

    private static final int MOST_PARAMETERS = 100;
    /** What every server takes; newer ones take 6,000 characters. */
    private static final int LONGEST_VALUE = 500;

    private static final String ACTIVE = "active";
    private static final int NOT_FOUND = 404;

    private final MlflowClient client;
    private final String id;
    private final String artifactLocation;

    private MlflowRun(MlflowClient client, RunInfo info) {
        this.client = client;
        id = info.getRunId();
        artifactLocation = info.getArtifactUri();
    }

    /**
     * The run that tells of the one in a folder: the same as before where the server still has it, else a new one.
     *
     * @param client speaks to the server
     * @param experiment where a new one belongs
     * @param folder the run's; keeps the id of a new one
     * @param tags what a new one is marked with
     */
    static MlflowRun of(MlflowClient client, String experiment, RunFolder folder, Map<String, String> tags)
            throws IOException {
        Optional<String> kept = folder.mlflowRun();
        Optional<Run> before = kept.isEmpty() ? Optional.empty() : find(client, kept.get());
        if (before.isPresent()) {
            MlflowRun run = new MlflowRun(client, before.get().getInfo());
            // The client can only end runs. The id is the server's own, so it holds nothing to quote.
            client.sendPost("runs/update", "{\"run_id\": \"%s\", \"status\": \"RUNNING\"}".formatted(run.id));
            return run;
        }
        CreateRun.Builder request = CreateRun.newBuilder()
                .setExperimentId(experimentId(client, experiment))
                .setRunName(folder.path().getName())
                .setStartTime(System.currentTimeMillis());
        tags.forEach(
                (key, value) -> request.addTags(RunTag.newBuilder().setKey(key).setValue(cut(value))));
        MlflowRun run = new MlflowRun(client, client.createRun(request.build()));
        folder.keepMlflowRun(run.id);
        return run;
    }

    private static Optional<Run> find(MlflowClient client, String id) {
        try {
            return Optional.of(client.getRun(id))
                    .filter(run -> run.getInfo().getLifecycleStage().equals(ACTIVE));
        } catch (MlflowHttpException e) {
            if (e.getStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String experimentId(MlflowClient client, String name) {
        Optional<Experiment> found = client.getExperimentByName(name);
        if (found.isPresent()) {
            return found.get().getExperimentId();
        }
        try {
            return client.createExperiment(name);
        } catch (MlflowHttpException e) {
            // Another run may have made it meanwhile.
            return client.getExperimentByName(name).orElseThrow(() -> e).getExperimentId();
        }
    }

    /** Tells the parameters that the run has not yet; those that it has cannot be changed. */
    void logParameters(Map<String, Object> parameters) {
        Set<String> told = client.getRun(id).getData().getParamsList().stream()
                .map(Param::getKey)
                .collect(Collectors.toSet());
        List<Param> news = new ArrayList<>();
        parameters.forEach((key, value) -> {
            if (!told.contains(key)) {
                news.add(Param.newBuilder()
                        .setKey(key)
                        .setValue(cut(value.toString()))
                        .build());
            }
        });
        for (int from = 0; from < news.size(); from += MOST_PARAMETERS) {
            List<Param> batch = news.subList(from, Math.min(news.size(), from + MOST_PARAMETERS));
            client.logBatch(id, List.of(), batch, List.of());
        }
    }

    private static String cut(String value) {
        return value.substring(0, Math.min(value.length(), LONGEST_VALUE));
    }

    /** Tells at most {@link #MOST_METRICS}. */
    void logMetrics(List<Metric> metrics) {
        client.logBatch(id, metrics, List.of(), List.of());
    }

    /** Where the server says that the run's files lie. */
    String artifactLocation() {
        return artifactLocation;
    }

    void end(RunStatus status) {
        client.setTerminated(id, status);
    }
}

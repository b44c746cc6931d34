package io.github.mopospark.configuration;

import com.typesafe.config.ConfigUtil;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.tasks.Tasks;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configuration of a training run, every value settled. {@link ConfigReader} reads it.
 *
 * @param task the task's own name, of {@link Tasks}
 * @param data an HDF5 file or the folder of a dataset; empty where none is given
 * @param seed what every random number of the run comes from
 * @param preset whose settings it started from
 * @param kernels what networks compute with
 * @param determinism whether all JVMs have to give the same bits
 * @param conversion how rows of an HDF5 file become a dataset
 * @param ensemble the dynamics models and their training
 * @param rollout the rollouts inside the models
 * @param learner the policy's training
 * @param evaluation when the policy is scored
 * @param checkpoint when the run is saved so that it can be resumed
 * @param tracking a server that the run is told to
 */
public record RunConfig(
        String task,
        String data,
        long seed,
        Preset preset,
        KernelChoice kernels,
        Determinism determinism,
        Preparation conversion,
        EnsembleSettings ensemble,
        RolloutSettings rollout,
        LearnerSettings learner,
        EvaluationSettings evaluation,
        CheckpointSettings checkpoint,
        TrackingSettings tracking) {
    private static final Set<String> CHANGEABLE = Set.of(
            "data",
            "determinism",
            "learner.epochs",
            "learner.threads",
            "ensemble.block-epochs",
            "ensemble.trained",
            "evaluation.every",
            "checkpoint.every",
            "checkpoint.rounds",
            "tracking.mlflow.uri",
            "tracking.mlflow.experiment");

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the task is unknown, or rewards are relabelled for another
     */
    public RunConfig {
        task = Tasks.named(task).name();
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(preset, "preset");
        Objects.requireNonNull(kernels, "kernels");
        Objects.requireNonNull(determinism, "determinism");
        Objects.requireNonNull(conversion, "conversion");
        Objects.requireNonNull(ensemble, "ensemble");
        Objects.requireNonNull(rollout, "rollout");
        Objects.requireNonNull(learner, "learner");
        Objects.requireNonNull(evaluation, "evaluation");
        Objects.requireNonNull(checkpoint, "checkpoint");
        Objects.requireNonNull(tracking, "tracking");
        if (conversion.relabel() != null
                && !Tasks.named(conversion.relabel()).name().equals(task)) {
            throw new IllegalArgumentException("conversion.relabel must be none or the task, %s, but was %s"
                    .formatted(task, conversion.relabel()));
        }
    }

    /**
     * Every key and its value.
     *
     * @return numbers, booleans, texts and lists of numbers, in the order of the records
     */
    public Map<String, Object> settings() {
        return Settings.of(this);
    }

    /**
     * The configuration as HOCON, a line a key. Read again by {@link ConfigReader} it gives an equal one, whatever the defaults
     * are then.
     *
     * @return the text of a file
     */
    public String render() {
        return "# The configuration of a run of mopo-spark: every key, its value settled.\n"
                + settings().entrySet().stream().map(RunConfig::line).collect(Collectors.joining());
    }

    private static String line(Map.Entry<String, Object> setting) {
        Object value = setting.getValue();
        return "%s = %s\n"
                .formatted(setting.getKey(), value instanceof String text ? ConfigUtil.quoteString(text) : value);
    }

    /**
     * What another configuration has otherwise that a run which was begun with this one depends on. How many epochs there are,
     * how often it is evaluated and saved, on how many threads it learns, where its data lie and which server it is told to may
     * change.
     *
     * @param other another configuration
     * @return keys with both values
     */
    public List<String> differences(RunConfig other) {
        Map<String, Object> others = other.settings();
        return settings().entrySet().stream()
                .filter(setting -> !CHANGEABLE.contains(setting.getKey()))
                .filter(setting -> !setting.getValue().equals(others.get(setting.getKey())))
                .map(setting ->
                        "%s = %s, not %s".formatted(setting.getKey(), setting.getValue(), others.get(setting.getKey())))
                .toList();
    }

    /**
     * Checks that a run which was begun with this can go on with another configuration.
     *
     * @param other the other configuration
     * @param run what the message calls the run
     * @param advice what to do, for the message
     * @throws IllegalArgumentException if there are {@link #differences}; the message has them
     */
    public void requireSame(RunConfig other, String run, String advice) {
        List<String> differences = differences(other);
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s was begun with other settings: %s; %s".formatted(run, String.join(", ", differences), advice));
        }
    }

    /**
     * What the ensemble depends on besides the rows of its dataset and the kernels: two runs with one digest on one dataset
     * can share it.
     *
     * @return a SHA-256 of the settings of the task, the seed, the conversion and the ensemble, in hexadecimal
     */
    public String digest() {
        String text = settings().entrySet().stream()
                .filter(setting -> shapesEnsemble(setting.getKey()))
                .map(RunConfig::line)
                .collect(Collectors.joining());
        return HexFormat.of().formatHex(Storage.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private boolean shapesEnsemble(String key) {
        if (key.equals("ensemble.trainer") || key.startsWith("ensemble.averaging.")) {
            // Digests of older versions, which had one trainer, stay as they were.
            return ensemble.trainer() == Trainer.DL4J_SPARK;
        }
        return key.equals("task")
                || key.equals("seed")
                || key.startsWith("conversion.")
                || (key.startsWith("ensemble.")
                        && !key.equals("ensemble.block-epochs")
                        && !key.equals("ensemble.trained"));
    }
}

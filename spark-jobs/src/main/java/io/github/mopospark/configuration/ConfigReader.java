package io.github.mopospark.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.preparation.Boundary;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.TargetUnits;
import io.github.mopospark.ensemble.rollouts.RewardDraw;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.policy.SacConfig;
import io.github.mopospark.tasks.JumpReward;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/**
 * Reads the configuration of a run from layers, of which the later wins: the program's defaults, the preset's, the file, the
 * file's {@code presets.<preset>}, and what the command line sets. The preset itself may be set by the file or the command line.
 *
 * <p>In a file {@code ${mopo.home}} is the system property of that name, which the launcher sets to the project's folder, else the
 * environment variable {@code MOPO_HOME}, which images set, else the working directory. Files are not included in one another.
 */
public final class ConfigReader {
    private final Storage storage;
    private final String home;

    /**
     * A reader.
     *
     * @param storage the file systems of the files
     */
    public ConfigReader(Storage storage) {
        this(storage, home(System.getProperty("mopo.home"), System.getenv("MOPO_HOME")));
    }

    static String home(String property, String variable) {
        String home = property != null ? property : variable;
        return new File(home == null ? "." : home).getAbsolutePath();
    }

    ConfigReader(Storage storage, String home) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.home = Objects.requireNonNull(home, "home");
    }

    /**
     * Reads a file.
     *
     * @param file in HOCON, on any file system of Hadoop
     * @param overrides keys, such as {@code rollout.length}, and the values that they shall have instead
     * @return the configuration
     * @throws ConfigurationException if the file is not there, or it or the overrides have an unknown key, a value of another
     *     type, or one that breaks its rule
     * @throws IOException if the file cannot be read
     */
    public RunConfig read(Path file, Map<String, String> overrides) throws IOException {
        byte[] content;
        try {
            content = storage.readFully(file);
        } catch (FileNotFoundException e) {
            throw new ConfigurationException(file + ": there is no such file", e);
        }
        return run(parse(new String(content, StandardCharsets.UTF_8), file.toString()), overrides);
    }

    Config parse(String text, String name) {
        return Layers.parse(text, name, home);
    }

    /**
     * The configuration without a file.
     *
     * @param overrides keys and their values, the task among them
     * @return the configuration
     * @throws ConfigurationException as {@link #read(Path, Map)} does
     */
    public RunConfig read(Map<String, String> overrides) {
        return run(ConfigFactory.empty(), overrides);
    }

    /**
     * Reads what {@link RunConfig#render} gave.
     *
     * @param text the configuration
     * @param name what messages call it
     * @return the configuration
     * @throws ConfigurationException if it is none
     */
    public static RunConfig ofRendered(String text, String name) {
        return run(Layers.parse(text, name, "."), Map.of());
    }

    /**
     * Changes a configuration.
     *
     * @param config the configuration
     * @param overrides keys, and the values that they shall have instead
     * @return the changed configuration
     * @throws ConfigurationException as {@link #read(Path, Map)} does
     */
    public static RunConfig withOverrides(RunConfig config, Map<String, String> overrides) {
        return run(Layers.parse(config.render(), "the configuration of the run", "."), overrides);
    }

    private static RunConfig run(Config file, Map<String, String> overrides) {
        Values values = new Values(Layers.merge(file, overrides));
        Task task = values.parsed("task", ConfigReader::task);
        Preparation conversion = values.checked("conversion", ConfigReader::conversion);
        EnsembleSettings ensemble = values.checked("ensemble", ConfigReader::ensemble);
        RolloutSettings rollout = values.checked("rollout", ConfigReader::rollout);
        LearnerSettings learner = values.checked("learner", all -> learner(all, task));
        EvaluationSettings evaluation = values.checked(
                "evaluation",
                all -> new EvaluationSettings(
                        all.wholeNumber("evaluation.every"),
                        all.wholeNumber("evaluation.episodes"),
                        all.wholeNumber("evaluation.fitted-q-updates"),
                        all.number("evaluation.penalty-coefficient")));
        CheckpointSettings checkpoint = values.checked(
                "checkpoint",
                all -> new CheckpointSettings(
                        all.wholeNumber("checkpoint.every"), all.word("checkpoint.rounds", CheckpointRounds.class)));
        TrackingSettings tracking = values.checked(
                "tracking",
                all -> new TrackingSettings(all.text("tracking.mlflow.uri"), all.text("tracking.mlflow.experiment")));
        return values.checked(
                "run",
                all -> new RunConfig(
                        task.name(),
                        all.parsed("data", Secrets::requireNone),
                        all.longNumber("seed"),
                        all.word("preset", Preset.class),
                        all.word("kernels", KernelChoice.class),
                        all.word("determinism", Determinism.class),
                        conversion,
                        ensemble,
                        rollout,
                        learner,
                        evaluation,
                        checkpoint,
                        tracking));
    }

    private static Task task(String name) {
        if (name.isEmpty()) {
            throw new ConfigurationException("task is not set: take a file that sets it, or --set task=hopper");
        }
        return Tasks.named(name);
    }

    private static Preparation conversion(Values values) {
        String relabel = values.text("conversion.relabel");
        return new Preparation(
                values.parsed("conversion.boundary", Boundary::parse),
                relabel.equals(Settings.NO_RELABELLING) ? null : relabel,
                values.word("conversion.speed-cap", JumpReward.SpeedCap.class),
                values.flag("conversion.drop-nonfinite"));
    }

    private static EnsembleSettings ensemble(Values values) {
        EnsembleConfig config = new EnsembleConfig(
                values.wholeNumber("ensemble.members"),
                values.wholeNumber("ensemble.elites"),
                values.wholeNumbers("ensemble.hidden-sizes"),
                values.numbers("ensemble.weight-decay"),
                values.number("ensemble.learning-rate"),
                values.number("ensemble.bound-coefficient"),
                values.wholeNumber("ensemble.batch-size"),
                values.wholeNumber("ensemble.max-epochs"),
                values.word("ensemble.early-stopping", EarlyStopping.class),
                new Lipschitz(
                        values.word("ensemble.lipschitz.mode", Lipschitz.Mode.class),
                        values.number("ensemble.lipschitz.bound")),
                values.word("ensemble.target-units", TargetUnits.class));
        return new EnsembleSettings(
                config,
                values.wholeNumber("ensemble.block-epochs"),
                values.word("ensemble.trainer", Trainer.class),
                new AveragingSettings(
                        values.wholeNumber("ensemble.averaging.workers"),
                        values.wholeNumber("ensemble.averaging.frequency")),
                values.parsed("ensemble.trained", Secrets::requireNone));
    }

    private static RolloutSettings rollout(Values values) {
        RolloutConfig config = new RolloutConfig(
                values.wholeNumber("rollout.length"),
                values.number("rollout.penalty-coefficient"),
                values.word("rollout.penalty", Penalty.class),
                values.word("rollout.reward", RewardDraw.class));
        return new RolloutSettings(
                config,
                values.wholeNumber("rollout.starts"),
                values.wholeNumber("rollout.shards"),
                values.wholeNumber("rollout.rounds-kept"),
                values.flag("rollout.overlap"),
                values.word("rollout.actions", RolloutActions.class));
    }

    private static LearnerSettings learner(Values values, Task task) {
        int epochs = values.wholeNumber("learner.epochs");
        int updatesPerEpoch = values.wholeNumber("learner.updates-per-epoch");
        SacConfig sac = new SacConfig(
                values.wholeNumbers("learner.hidden-sizes"),
                values.word("learner.initialiser", Initialiser.class),
                values.wholeNumber("learner.batch-size"),
                values.number("learner.discount"),
                values.number("learner.polyak"),
                values.number("learner.critic-rate"),
                values.number("learner.actor-rate"),
                values.isAuto("learner.actor-decay-updates")
                        ? (long) epochs * updatesPerEpoch
                        : values.longNumber("learner.actor-decay-updates"),
                values.number("learner.temperature-rate"),
                values.number("learner.initial-temperature"),
                values.isAuto("learner.target-entropy") ? -task.actionSize() : values.number("learner.target-entropy"),
                values.number("learner.least-log-std"),
                values.number("learner.greatest-log-std"));
        return new LearnerSettings(
                sac,
                epochs,
                updatesPerEpoch,
                values.number("learner.real-share"),
                values.wholeNumber("learner.threads"));
    }
}

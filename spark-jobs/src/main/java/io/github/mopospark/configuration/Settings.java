package io.github.mopospark.configuration;

import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.policy.SacConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration as keys and values: what {@link ConfigReader} reads, the other way round. */
final class Settings {
    /** The value of {@code conversion.relabel} where rewards stay as recorded. */
    static final String NO_RELABELLING = "none";

    private final Map<String, Object> values = new LinkedHashMap<>();

    private Settings() {}

    static Map<String, Object> of(RunConfig run) {
        Settings settings = new Settings();
        settings.put("task", run.task());
        settings.put("data", run.data());
        settings.put("seed", run.seed());
        settings.put("preset", run.preset());
        settings.put("kernels", run.kernels());
        settings.put("determinism", run.determinism());
        settings.put(run.conversion());
        settings.put(run.ensemble());
        settings.put(run.rollout());
        settings.put(run.learner());
        settings.put("evaluation.every", run.evaluation().every());
        settings.put("evaluation.episodes", run.evaluation().episodes());
        settings.put("evaluation.fitted-q-updates", run.evaluation().fittedQUpdates());
        settings.put("evaluation.penalty-coefficient", run.evaluation().penaltyCoefficient());
        settings.put("checkpoint.every", run.checkpoint().every());
        settings.put("checkpoint.rounds", run.checkpoint().rounds());
        settings.put("tracking.mlflow.uri", run.tracking().uri());
        settings.put("tracking.mlflow.experiment", run.tracking().experiment());
        return settings.values;
    }

    private void put(String key, Object value) {
        values.put(key, value instanceof Enum<?> constant ? Words.of(constant) : value);
    }

    private void put(Preparation conversion) {
        put("conversion.boundary", conversion.boundary().toString());
        put("conversion.relabel", conversion.relabel() == null ? NO_RELABELLING : conversion.relabel());
        put("conversion.speed-cap", conversion.speedCap());
        put("conversion.drop-nonfinite", conversion.dropNonfinite());
    }

    private void put(EnsembleSettings ensemble) {
        EnsembleConfig config = ensemble.config();
        put("ensemble.members", config.members());
        put("ensemble.elites", config.elites());
        put("ensemble.hidden-sizes", config.hiddenSizes());
        put("ensemble.weight-decay", config.weightDecay());
        put("ensemble.learning-rate", config.learningRate());
        put("ensemble.bound-coefficient", config.boundCoefficient());
        put("ensemble.batch-size", config.batchSize());
        put("ensemble.max-epochs", config.maxEpochs());
        put("ensemble.early-stopping", config.earlyStopping());
        put("ensemble.lipschitz.mode", config.lipschitz().mode());
        put("ensemble.lipschitz.bound", config.lipschitz().bound());
        put("ensemble.target-units", config.targetUnits());
        put("ensemble.block-epochs", ensemble.blockEpochs());
        put("ensemble.trainer", ensemble.trainer());
        put("ensemble.averaging.workers", ensemble.averaging().workers());
        put("ensemble.averaging.frequency", ensemble.averaging().frequency());
        put("ensemble.trained", ensemble.trained());
    }

    private void put(RolloutSettings rollout) {
        RolloutConfig config = rollout.config();
        put("rollout.length", config.length());
        put("rollout.penalty-coefficient", config.penaltyCoefficient());
        put("rollout.penalty", config.penalty());
        put("rollout.reward", config.reward());
        put("rollout.actions", rollout.actions());
        put("rollout.starts", rollout.starts());
        put("rollout.shards", rollout.shards());
        put("rollout.rounds-kept", rollout.roundsKept());
        put("rollout.overlap", rollout.overlap());
    }

    private void put(LearnerSettings learner) {
        put("learner.epochs", learner.epochs());
        put("learner.updates-per-epoch", learner.updatesPerEpoch());
        put("learner.real-share", learner.realShare());
        put("learner.threads", learner.threads());
        SacConfig sac = learner.sac();
        put("learner.hidden-sizes", sac.hiddenSizes());
        put("learner.initialiser", sac.initialiser());
        put("learner.batch-size", sac.batchSize());
        put("learner.discount", sac.discount());
        put("learner.polyak", sac.polyak());
        put("learner.critic-rate", sac.criticRate());
        put("learner.actor-rate", sac.actorRate());
        put("learner.actor-decay-updates", sac.actorDecayUpdates());
        put("learner.temperature-rate", sac.temperatureRate());
        put("learner.initial-temperature", sac.initialTemperature());
        put("learner.target-entropy", sac.targetEntropy());
        put("learner.least-log-std", sac.leastLogStd());
        put("learner.greatest-log-std", sac.greatestLogStd());
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.LearnerSettings;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.reports.Numbers;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;

/** How far an epoch of the policy is, as a line. */
final class EpochProgress {
    private final LearnerSettings settings;
    private final int epoch;
    private final double secondsAnEpoch;
    private final int shards;
    private final IntSupplier shardsDone;
    private volatile int updates = -1;
    private volatile String evaluation = "";
    private volatile long updatesFrom;

    /**
     * An epoch at its start.
     *
     * @param config how much there is to do
     * @param epoch which
     * @param secondsAnEpoch what the epochs before took, in the mean; NaN if there are none
     * @param shardsDone how many shards of its rollouts are there
     */
    EpochProgress(RunConfig config, int epoch, double secondsAnEpoch, IntSupplier shardsDone) {
        settings = config.learner();
        shards = config.rollout().shards();
        this.shardsDone = shardsDone;
        this.epoch = epoch;
        this.secondsAnEpoch = secondsAnEpoch;
    }

    void updated(int done) {
        if (done == 0) {
            updatesFrom = System.nanoTime();
        }
        updates = done;
    }

    /** Its updates are done, and these episodes are played. */
    void evaluates(int count) {
        evaluation = "evaluation, %d episodes".formatted(count);
    }

    /** The episodes are played, and the policy is evaluated without a simulator. */
    void evaluatesOffline() {
        evaluation = "evaluation without the simulator";
    }

    String line() {
        String left = Double.isNaN(secondsAnEpoch)
                ? ""
                : ", " + Numbers.duration(secondsAnEpoch * (settings.epochs() - epoch + 1)) + " left";
        return "epoch %d of %d: %s%s".formatted(epoch, settings.epochs(), phase(), left);
    }

    private String phase() {
        int done = updates;
        if (!evaluation.isEmpty()) {
            return evaluation;
        }
        if (done <= 0) {
            return "rollouts, %d of %d shards".formatted(shardsDone.getAsInt(), shards);
        }
        return String.format(
                Locale.ROOT,
                "%,d of %,d updates, %.0f a second",
                done,
                settings.updatesPerEpoch(),
                done / ((System.nanoTime() - updatesFrom) / 1e9));
    }

    /** What was told of the policy without a simulator, if that was asked for. */
    static Optional<String> offline(EpochMetrics epoch) {
        return epoch.has(Metric.FITTED_Q_VALUE)
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "without the simulator: discounted return %.1f by fitted Q evaluation, %.1f in the model minus penalties; penalty %.3f a step",
                        epoch.get(Metric.FITTED_Q_VALUE),
                        epoch.get(Metric.PENALISED_MODEL_RETURN),
                        epoch.get(Metric.MODEL_PENALTY)))
                : Optional.empty();
    }

    /** What an epoch with an evaluation was like. */
    static String summary(EpochMetrics epoch) {
        String score = Double.isNaN(epoch.get(Metric.SCORE_MEAN))
                ? ""
                : String.format(
                        Locale.ROOT, "score %.1f +- %.1f, ", epoch.get(Metric.SCORE_MEAN), epoch.get(Metric.SCORE_STD));
        return String.format(
                Locale.ROOT,
                "epoch %d: %sreturn %,.0f +- %,.0f; rollout reward %.3f, penalty %.3f, Q %.1f, temperature %.3f, holdout error %.5f; rollouts %.1f s, updates %.1f s, evaluation %.1f s",
                epoch.epoch(),
                score,
                epoch.get(Metric.RETURN_MEAN),
                epoch.get(Metric.RETURN_STD),
                epoch.get(Metric.ROLLOUT_REWARD),
                epoch.get(Metric.PENALTY_MEAN),
                epoch.get(Metric.TARGET_MEAN),
                epoch.get(Metric.TEMPERATURE),
                epoch.get(Metric.HOLDOUT_ERROR),
                epoch.get(Metric.ROLLOUT_SECONDS),
                epoch.get(Metric.UPDATE_SECONDS),
                epoch.get(Metric.EVALUATION_SECONDS));
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.LearnerSettings;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.reports.Numbers;
import java.util.Locale;

/** How far an epoch of the policy is, as a line. */
final class EpochProgress {
    private final LearnerSettings settings;
    private final int epoch;
    private final double secondsAnEpoch;
    private volatile int updates = -1;
    private volatile long updatesFrom;

    /**
     * An epoch at its start.
     *
     * @param settings how many there are
     * @param epoch which
     * @param secondsAnEpoch what the epochs before took, in the mean; NaN if there are none
     */
    EpochProgress(LearnerSettings settings, int epoch, double secondsAnEpoch) {
        this.settings = settings;
        this.epoch = epoch;
        this.secondsAnEpoch = secondsAnEpoch;
    }

    void updated(int done) {
        if (done == 0) {
            updatesFrom = System.nanoTime();
        }
        updates = done;
    }

    String line() {
        int done = updates;
        String phase = done <= 0
                ? "rollouts"
                : String.format(
                        Locale.ROOT,
                        "%,d of %,d updates, %.0f a second",
                        done,
                        settings.updatesPerEpoch(),
                        done / ((System.nanoTime() - updatesFrom) / 1e9));
        String left = Double.isNaN(secondsAnEpoch)
                ? ""
                : ", " + Numbers.duration(secondsAnEpoch * (settings.epochs() - epoch + 1)) + " left";
        return "epoch %d of %d: %s%s".formatted(epoch, settings.epochs(), phase, left);
    }

    /** What an epoch with an evaluation was like. */
    static String summary(EpochMetrics epoch) {
        return String.format(
                Locale.ROOT,
                "epoch %d: score %.1f +- %.1f, return %,.0f +- %,.0f; rollout reward %.3f, penalty %.3f, Q %.1f, temperature %.3f, holdout error %.5f; rollouts %.1f s, updates %.1f s, evaluation %.1f s",
                epoch.epoch(),
                epoch.get(Metric.SCORE_MEAN),
                epoch.get(Metric.SCORE_STD),
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

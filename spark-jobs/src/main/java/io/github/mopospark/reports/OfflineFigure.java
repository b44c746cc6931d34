package io.github.mopospark.reports;

import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Metric;

/** What the dataset and the model alone tell of a policy. */
enum OfflineFigure {
    /** What fitted Q evaluation expects of the policy. */
    FITTED_Q(
            "fitted Q value",
            Metric.FITTED_Q_VALUE,
            true,
            2,
            "The discounted return that fitted Q evaluation expects of the policy, from the dataset alone. Higher is better;"
                    + " where the policy leaves the data the value is a guess, and values of different datasets cannot be compared."),
    /** What the model expects of the policy. */
    MODEL_RETURN(
            "penalised model return",
            Metric.PENALISED_MODEL_RETURN,
            true,
            2,
            "The policy's discounted return in the learned model minus the discounted penalties, both from the first observations of"
                    + " the dataset's episodes. Higher is better; the policy was trained on this very model, so the figure flatters."
                    + " The penalties' coefficient is evaluation.penalty-coefficient, whatever lambda the trial learned with."),
    /** How far the policy goes from what the model knows. */
    PENALTY(
            "model penalty",
            Metric.MODEL_PENALTY,
            false,
            4,
            "The mean penalty of the policy's steps in the model, before lambda. Lower is better: a higher penalty says that the model"
                    + " is less to be trusted where the policy goes; it does not say how good the policy is.");

    private final String words;
    private final Metric metric;
    private final boolean higherIsBetter;
    private final int decimals;
    private final String explanation;

    OfflineFigure(String words, Metric metric, boolean higherIsBetter, int decimals, String explanation) {
        this.words = words;
        this.metric = metric;
        this.higherIsBetter = higherIsBetter;
        this.decimals = decimals;
        this.explanation = explanation;
    }

    /** What it is called. */
    String words() {
        return words;
    }

    /** What it is and what it cannot tell, in sentences. */
    String explanation() {
        return explanation;
    }

    /** Of a trial's last policy; NaN if it was not measured. */
    double of(SweepTrial trial) {
        return trial.last(metric);
    }

    /** Of the policy of an epoch, as text; a dash if it was not measured. */
    String text(EpochMetrics epoch) {
        return Numbers.orDash(epoch.get(metric), decimals);
    }

    /** The same, larger where the policy is better. */
    double merit(SweepTrial trial) {
        return higherIsBetter ? of(trial) : -of(trial);
    }

    /** Its text. */
    String text(SweepTrial trial) {
        return Numbers.orDash(of(trial), decimals);
    }
}

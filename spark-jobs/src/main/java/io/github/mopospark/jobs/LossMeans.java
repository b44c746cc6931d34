package io.github.mopospark.jobs;

import io.github.mopospark.metrics.Metric;
import io.github.mopospark.policy.SacLosses;
import java.util.Map;

/** The means of a learner's losses over some updates. */
final class LossMeans {
    private static final Metric[] METRICS = {
        Metric.FIRST_CRITIC_LOSS,
        Metric.SECOND_CRITIC_LOSS,
        Metric.ACTOR_LOSS,
        Metric.TEMPERATURE_LOSS,
        Metric.TEMPERATURE,
        Metric.TARGET_MEAN,
        Metric.LOG_PROBABILITY
    };

    private final double[] sums = new double[METRICS.length];
    private int count;

    void add(SacLosses losses) {
        double[] values = {
            losses.firstCriticLoss(),
            losses.secondCriticLoss(),
            losses.actorLoss(),
            losses.temperatureLoss(),
            losses.temperature(),
            losses.meanTarget(),
            losses.meanLogProbability()
        };
        for (int i = 0; i < values.length; i++) {
            sums[i] += values[i];
        }
        count++;
    }

    void putInto(Map<Metric, Double> metrics) {
        for (int i = 0; i < METRICS.length; i++) {
            metrics.put(METRICS[i], sums[i] / count);
        }
    }
}

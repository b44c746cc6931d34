package io.github.mopospark.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was measured in an epoch of policy training. What was not measured, such as the score without an evaluation, is not in
 * the map; NaN means the same, and is left out.
 *
 * @param epoch from 1; 0 is before the first
 * @param values what was measured, in the order of {@link Metric}
 */
public record EpochMetrics(int epoch, Map<Metric, Double> values) {
    /** Checks the epoch, and copies the values. */
    public EpochMetrics {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must be at least 0, but was %d".formatted(epoch));
        }
        Map<Metric, Double> measured = new EnumMap<>(Metric.class);
        values.forEach((metric, value) -> {
            if (!value.isNaN()) {
                measured.put(metric, value);
            }
        });
        values = Collections.unmodifiableMap(measured);
    }

    /**
     * One value.
     *
     * @param metric which
     * @return its value; NaN if it was not measured
     */
    public double get(Metric metric) {
        return values.getOrDefault(metric, Double.NaN);
    }

    /**
     * Whether something was measured.
     *
     * @param metric what
     * @return true if it has a value
     */
    public boolean has(Metric metric) {
        return values.containsKey(metric);
    }
}

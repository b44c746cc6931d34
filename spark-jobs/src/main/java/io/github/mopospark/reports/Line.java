package io.github.mopospark.reports;

import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Metric;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A line of a chart. A number that is not finite leaves a gap.
 *
 * @param name what it is
 * @param label stands at its end; may be empty
 * @param stroke how it is drawn
 * @param x ascending
 * @param y of each x
 * @param spread half the height of the band around each point; empty for no band
 * @param marked the x of a point to be marked; NaN for none
 */
record Line(String name, String label, Stroke stroke, double[] x, double[] y, double[] spread, double marked) {
    /** Colours that differ for colour-blind readers too, and are dashed so that they differ on paper. */
    enum Stroke {
        FIRST,
        SECOND,
        THIRD,
        FOURTH,
        FIFTH,
        QUIET;

        /** Their name in the style sheet. */
        String style() {
            return "stroke-" + name().toLowerCase(Locale.ROOT);
        }
    }

    Line {
        if (x.length != y.length || (spread.length != 0 && spread.length != x.length)) {
            throw new IllegalArgumentException(
                    "the line %s has %d x, %d y and %d spreads".formatted(name, x.length, y.length, spread.length));
        }
    }

    /** A metric over the epochs in which it was measured. */
    static Line of(String name, String label, Stroke stroke, List<EpochMetrics> epochs, Metric metric) {
        return of(
                name, label, stroke, epochs.stream().filter(e -> e.has(metric)).toList(), e -> e.get(metric));
    }

    /** A number of each epoch. */
    static Line of(
            String name, String label, Stroke stroke, List<EpochMetrics> epochs, ToDoubleFunction<EpochMetrics> value) {
        return new Line(
                name,
                label,
                stroke,
                epochs.stream().mapToDouble(EpochMetrics::epoch).toArray(),
                epochs.stream().mapToDouble(value).toArray(),
                new double[0],
                Double.NaN);
    }

    /** This line with a band. */
    Line withSpread(double... newSpread) {
        return new Line(name, label, stroke, x, y, newSpread, marked);
    }

    /** This line with a marked point. */
    Line marking(double newMarked) {
        return new Line(name, label, stroke, x, y, spread, newMarked);
    }

    /** The lower or upper edge of the band at a point; the point itself where there is none. */
    double edge(int point, int side) {
        double size = spread.length == 0 ? 0 : spread[point];
        return Double.isFinite(size) ? y[point] + side * size : y[point];
    }
}

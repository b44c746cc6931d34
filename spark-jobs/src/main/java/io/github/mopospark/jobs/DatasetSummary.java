package io.github.mopospark.jobs;

import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.preparation.Findings;
import io.github.mopospark.tasks.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.mllib.stat.MultivariateOnlineSummarizer;

/** Adds up the blocks of a dataset, in their order, so that the sums have the same bits however the file was sliced. */
final class DatasetSummary {
    private final MultivariateOnlineSummarizer columns = new MultivariateOnlineSummarizer();
    private final MultivariateOnlineSummarizer nextObservations = new MultivariateOnlineSummarizer();
    private final Map<Long, double[]> returns = new TreeMap<>();
    private final Map<Long, long[]> lengths = new TreeMap<>();
    private Findings findings = Findings.NONE;
    private long rows;
    private long actionsAtBounds;

    /** The sum of slices, in their order. */
    static DatasetSummary of(List<SliceResult> slices) {
        DatasetSummary summary = new DatasetSummary();
        slices.forEach(slice -> slice.blocks().forEach(summary::add));
        return summary;
    }

    private void add(BlockSummary block) {
        rows += block.rows();
        findings = findings.plus(block.findings());
        columns.merge(block.columns());
        nextObservations.merge(block.nextObservations());
        actionsAtBounds += block.actionsAtBounds();
        for (int i = 0; i < block.episodes().length; i++) {
            returns.computeIfAbsent(block.episodes()[i], episode -> new double[1])[0] += block.returns()[i];
            lengths.computeIfAbsent(block.episodes()[i], episode -> new long[1])[0] += block.lengths()[i];
        }
    }

    long rows() {
        return rows;
    }

    Findings findings() {
        return findings;
    }

    /** Returns by the number of the episode, ascending. */
    Map<Long, Double> episodeReturns() {
        Map<Long, Double> found = new TreeMap<>();
        returns.forEach((episode, sum) -> found.put(episode, sum[0]));
        return found;
    }

    /**
     * The statistics of all rows.
     *
     * @param task null if unknown
     */
    Manifest.Statistics statistics(Task task, int observationSize, int actionSize) {
        double[] episodeReturns =
                returns.values().stream().mapToDouble(sum -> sum[0]).toArray();
        double meanReturn = Arrays.stream(episodeReturns).average().orElseThrow();
        Double score = task == null
                ? null
                : task.referenceReturns()
                        .map(reference -> reference.score(meanReturn))
                        .orElse(null);
        int width = observationSize + actionSize;
        return new Manifest.Statistics(
                column(columns, 0, observationSize),
                column(columns, observationSize, width),
                column(columns, width, width + 1),
                nextObservations.count() == 0 ? null : column(nextObservations, 0, observationSize),
                (double) actionsAtBounds / (rows * actionSize),
                episodeReturns,
                lengths.values().stream().mapToLong(sum -> sum[0]).toArray(),
                score);
    }

    private static Manifest.Column column(MultivariateOnlineSummarizer summary, int from, int to) {
        double[] std = Arrays.copyOfRange(summary.variance().toArray(), from, to);
        Arrays.setAll(std, i -> Math.sqrt(std[i]));
        return new Manifest.Column(
                summary.count(),
                Arrays.copyOfRange(summary.mean().toArray(), from, to),
                std,
                Arrays.copyOfRange(summary.min().toArray(), from, to),
                Arrays.copyOfRange(summary.max().toArray(), from, to));
    }
}

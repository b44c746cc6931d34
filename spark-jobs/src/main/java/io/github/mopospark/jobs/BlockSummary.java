package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.preparation.Findings;
import io.github.mopospark.conversion.preparation.PreparedBlock;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.stat.MultivariateOnlineSummarizer;

/**
 * Statistics of one block of rows.
 *
 * @param rows kept rows
 * @param findings what was found in the rows of the selection
 * @param columns of observation, action and reward, one behind the other
 * @param nextObservations of the next observations that are recorded
 * @param actionsAtBounds action numbers with |a| of at least 1 - 1e-4
 * @param episodes the numbers of the episodes that have rows in the block, ascending
 * @param lengths their rows in the block
 * @param returns the sums of their rewards in the block
 * @param dropped which rows of the block were left out; empty unless asked for
 */
record BlockSummary(
        long rows,
        Findings findings,
        MultivariateOnlineSummarizer columns,
        MultivariateOnlineSummarizer nextObservations,
        long actionsAtBounds,
        long[] episodes,
        long[] lengths,
        double[] returns,
        BitSet dropped)
        implements Serializable {
    private static final float AT_BOUND = 1 - 1e-4f;

    static BlockSummary of(PreparedBlock block) {
        Transitions rows = block.transitions();
        return new BlockSummary(
                rows.rows(),
                block.findings(),
                columns(rows),
                nextObservations(rows),
                actionsAtBounds(rows),
                episodes(rows),
                lengths(rows),
                returns(rows),
                block.dropped());
    }

    private static MultivariateOnlineSummarizer columns(Transitions rows) {
        int observationSize = rows.observationSize();
        int actionSize = rows.actionSize();
        double[] row = new double[observationSize + actionSize + 1];
        Vector vector = Vectors.dense(row);
        MultivariateOnlineSummarizer summarizer = new MultivariateOnlineSummarizer();
        for (int i = 0; i < rows.rows(); i++) {
            widen(rows.observations(), i * observationSize, observationSize, row, 0);
            widen(rows.actions(), i * actionSize, actionSize, row, observationSize);
            row[observationSize + actionSize] = rows.rewards()[i];
            summarizer.add(vector);
        }
        return summarizer;
    }

    private static MultivariateOnlineSummarizer nextObservations(Transitions rows) {
        int observationSize = rows.observationSize();
        double[] row = new double[observationSize];
        Vector vector = Vectors.dense(row);
        MultivariateOnlineSummarizer summarizer = new MultivariateOnlineSummarizer();
        for (int i = 0; i < rows.rows(); i++) {
            if (rows.hasNextObservation()[i]) {
                widen(rows.nextObservations(), i * observationSize, observationSize, row, 0);
                summarizer.add(vector);
            }
        }
        return summarizer;
    }

    private static void widen(float[] source, int from, int count, double[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = source[from + i];
        }
    }

    private static long actionsAtBounds(Transitions rows) {
        long count = 0;
        for (float action : rows.actions()) {
            count += Math.abs(action) >= AT_BOUND ? 1 : 0;
        }
        return count;
    }

    private static long[] episodes(Transitions rows) {
        return Arrays.stream(rows.episodes()).distinct().toArray();
    }

    private static long[] lengths(Transitions rows) {
        long[] episodes = episodes(rows);
        long[] lengths = new long[episodes.length];
        int at = 0;
        for (long episode : rows.episodes()) {
            at += episode == episodes[at] ? 0 : 1;
            lengths[at]++;
        }
        return lengths;
    }

    private static double[] returns(Transitions rows) {
        long[] episodes = episodes(rows);
        double[] returns = new double[episodes.length];
        int at = 0;
        for (int i = 0; i < rows.rows(); i++) {
            at += rows.episodes()[i] == episodes[at] ? 0 : 1;
            returns[at] += rows.rewards()[i];
        }
        return returns;
    }
}

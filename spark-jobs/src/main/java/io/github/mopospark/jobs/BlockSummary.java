package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.preparation.Findings;
import io.github.mopospark.conversion.preparation.PreparedBlock;
import java.io.Serializable;
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
        Episodes episodes = Episodes.of(rows);
        return new BlockSummary(
                rows.rows(),
                block.findings(),
                columns(rows),
                nextObservations(rows),
                actionsAtBounds(rows),
                episodes.numbers,
                episodes.lengths,
                episodes.returns,
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

    /** Rows and rewards by episode, whose rows lie together. */
    private record Episodes(long[] numbers, long[] lengths, double[] returns) {
        static Episodes of(Transitions rows) {
            int count = 0;
            for (int i = 0; i < rows.rows(); i++) {
                count += startsEpisode(rows, i) ? 1 : 0;
            }
            Episodes found = new Episodes(new long[count], new long[count], new double[count]);
            int at = -1;
            for (int i = 0; i < rows.rows(); i++) {
                if (startsEpisode(rows, i)) {
                    at++;
                    found.numbers[at] = rows.episodes()[i];
                }
                found.lengths[at]++;
                found.returns[at] += rows.rewards()[i];
            }
            return found;
        }

        private static boolean startsEpisode(Transitions rows, int i) {
            return i == 0 || rows.episodes()[i] != rows.episodes()[i - 1];
        }
    }
}

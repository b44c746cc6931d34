package io.github.mopospark.ensemble.training;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.ensemble.TargetUnits;
import io.github.mopospark.networks.random.RandomStream;
import java.util.Arrays;

/**
 * What all members of an ensemble share, made once: which rows they learn, which they are measured on, and how rows are
 * standardised. Rows without a next observation are in neither. The arrays are not copied.
 *
 * @param seed the run's
 * @param trainingRows numbers of rows of the dataset
 * @param holdoutRows numbers of other rows
 * @param inputs the training rows' observations and actions
 * @param targets the training rows' rewards and changes; the identity for raw units
 */
public record Preparation(long seed, int[] trainingRows, int[] holdoutRows, Scaler inputs, Scaler targets) {
    private static final double HOLDOUT_SHARE = 0.2;
    private static final int MOST_HOLDOUT_ROWS = 1_000;

    /**
     * Draws the holdout and computes the scalers.
     *
     * @param rows the dataset
     * @param config how the ensemble is trained
     * @param seed the run's
     * @return what members share
     * @throws DatasetException if rows are too few, or a number is not finite
     */
    public static Preparation of(Transitions rows, EnsembleConfig config, long seed) {
        int[] usable = new int[rows.rows()];
        int count = 0;
        for (int row = 0; row < usable.length; row++) {
            if (rows.hasNextObservation()[row]) {
                usable[count++] = row;
            }
        }
        int holdout = holdoutSize(rows.rows(), count, config);
        int training = count - holdout;
        for (int i = 0; i < count; i++) {
            DynamicsRows.requireFinite(rows, usable[i], usable[i]);
        }
        int[] order = holdout(seed).permutation(count, count);
        int[] drawn = new int[holdout];
        int[] rest = new int[training];
        for (int i = 0; i < count; i++) {
            if (i < holdout) {
                drawn[i] = usable[order[i]];
            } else {
                rest[i - holdout] = usable[order[i]];
            }
        }
        Arrays.sort(drawn);
        Arrays.sort(rest);
        OutputLayout layout = new OutputLayout(rows.observationSize());
        Scaler inputs = Scaler.of(
                rows.observationSize() + rows.actionSize(),
                training,
                (row, target) -> DynamicsRows.readInput(rows, rest[row], target, 0));
        Scaler targets = config.targetUnits() == TargetUnits.RAW
                ? Scaler.identity(layout.size())
                : Scaler.of(
                        layout.size(), training, (row, target) -> DynamicsRows.readTarget(rows, rest[row], target, 0));
        return new Preparation(seed, rest, drawn, inputs, targets);
    }

    /**
     * What the held-out rows are drawn by, in the order of a permutation.
     *
     * @param seed the run's
     * @return the stream
     */
    public static RandomStream holdout(long seed) {
        return RandomStream.of(seed, "holdout");
    }

    /**
     * How many rows are held out.
     *
     * @param rows of the dataset
     * @param usable those with a next observation
     * @param config how the ensemble is trained
     * @return a fifth of these, but at most 1,000
     * @throws DatasetException if rows are too few
     */
    public static int holdoutSize(long rows, int usable, EnsembleConfig config) {
        int holdout = (int) Math.min(HOLDOUT_SHARE * usable, MOST_HOLDOUT_ROWS);
        int training = usable - holdout;
        if (holdout < 1 || training < config.batchSize()) {
            throw new DatasetException(
                    "%,d rows, %,d of them with a next observation, leave %,d to train on and %,d to hold out; there must be a batch of %,d and at least 1"
                            .formatted(rows, usable, training, holdout, config.batchSize()));
        }
        return holdout;
    }
}

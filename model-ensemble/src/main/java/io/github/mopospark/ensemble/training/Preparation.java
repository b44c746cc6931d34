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
        int holdout = (int) Math.min(HOLDOUT_SHARE * count, MOST_HOLDOUT_ROWS);
        int training = count - holdout;
        if (holdout < 1 || training < config.batchSize()) {
            throw new DatasetException(
                    "%,d rows, %,d of them with a next observation, leave %,d to train on and %,d to hold out; there must be a batch of %,d and at least 1"
                            .formatted(rows.rows(), count, training, holdout, config.batchSize()));
        }
        requireFinite(rows, usable, count);
        int[] order = RandomStream.of(seed, "holdout").permutation(count, count);
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
                (row, target) -> TrainingRows.readInput(rows, rest[row], target, 0));
        Scaler targets = config.targetUnits() == TargetUnits.RAW
                ? Scaler.identity(layout.size())
                : Scaler.of(
                        layout.size(), training, (row, target) -> TrainingRows.readTarget(rows, rest[row], target, 0));
        return new Preparation(seed, rest, drawn, inputs, targets);
    }

    private static void requireFinite(Transitions rows, int[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            int row = numbers[i];
            requireFinite("observation", rows.observations(), row, rows.observationSize());
            requireFinite("action", rows.actions(), row, rows.actionSize());
            requireFinite("reward", rows.rewards(), row, 1);
            requireFinite("next_observation", rows.nextObservations(), row, rows.observationSize());
        }
    }

    private static void requireFinite(String column, float[] numbers, int row, int width) {
        for (int i = 0; i < width; i++) {
            if (!Float.isFinite(numbers[row * width + i])) {
                throw new DatasetException(
                        "row %,d: number %d of %s is %s, but must be finite; convert the dataset again with --drop-nonfinite"
                                .formatted(row, i, column, numbers[row * width + i]));
            }
        }
    }
}

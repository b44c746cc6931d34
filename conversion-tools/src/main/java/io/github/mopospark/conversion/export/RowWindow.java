package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.Transitions;

/**
 * A block of rows and the block behind it, so that each row can be compared with the one that follows.
 *
 * @param firstRow the number of the first row
 * @param rows the block
 * @param after the next block; null behind the last
 */
record RowWindow(long firstRow, Transitions rows, Transitions after) {

    /** Whether no row follows. */
    boolean isLast(int i) {
        return i + 1 == rows.rows() && after == null;
    }

    private Transitions holderOfFollowing(int i) {
        return i + 1 < rows.rows() ? rows : after;
    }

    private int placeOfFollowing(int i) {
        return i + 1 < rows.rows() ? i + 1 : 0;
    }

    /** Whether the following row, if any, is of another episode. */
    boolean endsEpisode(int i) {
        return isLast(i) || holderOfFollowing(i).episodes()[placeOfFollowing(i)] != rows.episodes()[i];
    }

    /** The step of the following row. */
    int followingStep(int i) {
        return holderOfFollowing(i).steps()[placeOfFollowing(i)];
    }

    /** Whether the following row has a next observation. */
    boolean followingHasNext(int i) {
        return holderOfFollowing(i).hasNextObservation()[placeOfFollowing(i)];
    }

    /** Whether a row's next observation is, bit for bit, the following row's observation. */
    boolean nextIsFollowing(int i) {
        int width = rows.observationSize();
        float[] following = holderOfFollowing(i).observations();
        int start = placeOfFollowing(i) * width;
        for (int k = 0; k < width; k++) {
            // Not ==: it takes 0 and -0 for the same and NaN for different.
            if (Float.floatToRawIntBits(rows.nextObservations()[i * width + k])
                    != Float.floatToRawIntBits(following[start + k])) {
                return false;
            }
        }
        return true;
    }

    /** How messages name a row. */
    String place(int i) {
        return "episode %d, step %d".formatted(rows.episodes()[i], rows.steps()[i]);
    }
}

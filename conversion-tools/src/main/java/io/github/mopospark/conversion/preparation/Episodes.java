package io.github.mopospark.conversion.preparation;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.hdf5.RecordedRows;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.conversion.preparation.Boundary.Rule;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Where the episodes of consecutive rows begin and end: of a whole file, or of a slice of one.
 *
 * @param firstEpisode the number of the first episode
 * @param firstRow the row at which the first episode starts; for a slice perhaps before the slice
 * @param ends the row after the last of each episode, ascending
 * @param reasons why each ended
 */
public record Episodes(long firstEpisode, long firstRow, long[] ends, EpisodeEnd[] reasons) implements Serializable {
    private static final int ROWS_AT_ONCE = 10_000;

    /**
     * Finds the episodes of a file.
     *
     * @param file the file
     * @param name what messages call it
     * @param boundary what ends an episode besides a terminal row
     * @param timeLimit the task's steps an episode, which D4RL's {@code qlearning_dataset} takes where a file has no
     *     timeouts; below 1 if unknown
     * @return the episodes of all rows
     * @throws DatasetException if the file lacks what the boundary needs, or cannot be decoded
     */
    public static Episodes of(TransitionFile file, String name, Boundary boundary, int timeLimit) {
        requireEnough(file, name, boundary, timeLimit);
        Ends found = new Ends();
        long[] groupEnds = file.groupEnds();
        int group = 0;
        long rows = file.rows();
        int legacyStep = 0;
        long start = 0;
        for (long from = 0; from < rows; from += ROWS_AT_ONCE) {
            int count = (int) Math.min(ROWS_AT_ONCE, rows - from);
            boolean[] terminals = new boolean[count];
            boolean[] timeouts = new boolean[count];
            file.readFlags(from, terminals, timeouts);
            boolean[] jumps =
                    boundary.rule() == Rule.DISCONTINUITY ? discontinuities(file, from, count) : new boolean[count];
            for (int i = 0; i < count; i++) {
                long row = from + i;
                EpisodeEnd end = null;
                if (boundary.rule() == Rule.LEGACY_D4RL) {
                    boolean last = file.recordsTimeouts() ? timeouts[i] : legacyStep == timeLimit - 1;
                    // After a terminal row the count goes on from 1, not 0, as in D4RL.
                    legacyStep = last ? 0 : (terminals[i] ? 1 : legacyStep + 1);
                    end = last ? EpisodeEnd.TIMEOUT : terminals[i] ? EpisodeEnd.TERMINAL : null;
                } else if (terminals[i]) {
                    end = EpisodeEnd.TERMINAL;
                } else if (timeouts[i]) {
                    end = EpisodeEnd.TIMEOUT;
                } else if (boundary.rule() == Rule.FIXED_LENGTH && row + 1 - start == boundary.length()) {
                    end = EpisodeEnd.FIXED_LENGTH;
                } else if (jumps[i]) {
                    end = EpisodeEnd.DISCONTINUITY;
                }
                if (group < groupEnds.length && row + 1 == groupEnds[group]) {
                    group++;
                    end = end == null ? EpisodeEnd.GROUP : end;
                }
                if (end == null && row + 1 == rows) {
                    end = EpisodeEnd.END_OF_FILE;
                }
                if (end != null) {
                    found.add(row + 1, end);
                    start = row + 1;
                }
            }
        }
        return found.episodes();
    }

    private static void requireEnough(TransitionFile file, String name, Boundary boundary, int timeLimit) {
        boolean hasNext = file.layout() != TransitionFile.Layout.D4RL_V0;
        switch (boundary.rule()) {
            case FLAGS -> {
                if (!file.recordsTimeouts()) {
                    throw new DatasetException(
                            name + ": /timeouts is missing, so the file does not say where its episodes end;"
                                    + " give --boundary fixed:N" + (hasNext ? " or --boundary discontinuity" : ""));
                }
            }
            case DISCONTINUITY -> {
                if (!hasNext) {
                    throw new DatasetException(
                            name + ": --boundary discontinuity needs /next_observations, which is missing;"
                                    + " give --boundary " + (file.recordsTimeouts() ? "flags" : "fixed:N"));
                }
            }
            case LEGACY_D4RL -> {
                if (file.layout() == TransitionFile.Layout.MINARI) {
                    throw new DatasetException(
                            name + ": --boundary legacy-d4rl is for D4RL's layouts, but this is Minari's");
                }
                if (!file.recordsTimeouts() && timeLimit < 1) {
                    throw new DatasetException(name
                            + ": --boundary legacy-d4rl without /timeouts needs the task's time limit; give --task");
                }
            }
            case FIXED_LENGTH -> {
                // Needs nothing of the file.
            }
        }
    }

    /** Which rows have a next observation that is not the next row's observation. The last row of the file has none. */
    private static boolean[] discontinuities(TransitionFile file, long from, int count) {
        boolean last = from + count == file.rows();
        RecordedRows rows = file.read(from, last ? count : count + 1);
        boolean[] jumps = new boolean[count];
        for (int i = 0; i < (last ? count - 1 : count); i++) {
            jumps[i] = isDiscontinuous(rows, i, file.observationSize());
        }
        return jumps;
    }

    /** Whether row i's next observation differs from the observation of row i + 1; NaN is no different from NaN. */
    static boolean isDiscontinuous(RecordedRows rows, int i, int width) {
        for (int k = 0; k < width; k++) {
            float next = rows.nextObservations()[i * width + k];
            float following = rows.observations()[(i + 1) * width + k];
            if (next != following && !(Float.isNaN(next) && Float.isNaN(following))) {
                return true;
            }
        }
        return false;
    }

    /**
     * How many episodes these are.
     *
     * @return the number of episodes
     */
    public int count() {
        return ends.length;
    }

    /**
     * The episodes that have a row in a range.
     *
     * @param from the first row
     * @param to the row after the last
     * @return those episodes
     */
    public Episodes slice(long from, long to) {
        int first = indexOf(from);
        int last = indexOf(to - 1);
        return new Episodes(
                firstEpisode + first,
                start(first),
                Arrays.copyOfRange(ends, first, last + 1),
                Arrays.copyOfRange(reasons, first, last + 1));
    }

    /** The place in {@link #ends} of the episode of a row. */
    public int indexOf(long row) {
        int found = Arrays.binarySearch(ends, row);
        int index = found >= 0 ? found + 1 : -found - 1;
        if (row < firstRow || index == ends.length) {
            throw new IndexOutOfBoundsException("row " + row + " is in no episode from row " + firstRow);
        }
        return index;
    }

    /**
     * The first row of an episode.
     *
     * @param index its place in {@link #ends}
     * @return its first row
     */
    public long start(int index) {
        return index == 0 ? firstRow : ends[index - 1];
    }

    /** Ends as they are found. */
    private static final class Ends {
        private long[] rows = new long[64];
        private EpisodeEnd[] reasons = new EpisodeEnd[64];
        private int count;

        void add(long end, EpisodeEnd reason) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
                reasons = Arrays.copyOf(reasons, 2 * count);
            }
            rows[count] = end;
            reasons[count] = reason;
            count++;
        }

        Episodes episodes() {
            return new Episodes(0, 0, Arrays.copyOf(rows, count), Arrays.copyOf(reasons, count));
        }
    }
}

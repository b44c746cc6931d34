package io.github.mopospark.conversion.preparation;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.hdf5.RecordedRows;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.conversion.preparation.Boundary.Rule;
import io.github.mopospark.tasks.RelabelledReward;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a slice of a file block by block and prepares its rows: numbers episodes and steps, says which next observations are
 * recorded, relabels, and counts what a reader of the dataset should know.
 */
public final class SliceReader {
    /** Rows of a block. Statistics are summed a block at a time, so that they do not depend on how a file is sliced. */
    public static final int BLOCK_ROWS = 10_000;

    /** Actions were clipped to [-1, 1] in another precision; this much beyond is rounding. */
    private static final float ACTION_BOUND = 1 + 1e-4f;

    private final TransitionFile file;
    private final Preparation preparation;
    private final Optional<RelabelledReward> reward;
    private final Episodes episodes;
    private final RowSelection selection;
    private final long to;
    private long row;

    /**
     * A reader of the rows {@code [from, to)}.
     *
     * @param file the file; stays open
     * @param preparation what is done to each row
     * @param episodes the episodes of at least these rows
     * @param selection which rows are kept
     * @param from the first row, a multiple of {@link #BLOCK_ROWS}
     * @param to the row after the last
     * @throws IllegalArgumentException if the range is empty, not of the file or begins inside a block
     */
    public SliceReader(
            TransitionFile file,
            Preparation preparation,
            Episodes episodes,
            RowSelection selection,
            long from,
            long to) {
        this.file = Objects.requireNonNull(file, "file");
        this.preparation = Objects.requireNonNull(preparation, "preparation");
        this.episodes = Objects.requireNonNull(episodes, "episodes");
        this.selection = Objects.requireNonNull(selection, "selection");
        if (from < 0 || from >= to || to > file.rows() || from % BLOCK_ROWS != 0) {
            throw new IllegalArgumentException(
                    "rows %d to %d are no slice of a file of %d rows".formatted(from, to, file.rows()));
        }
        this.reward = preparation.relabelledReward();
        this.row = from;
        this.to = to;
    }

    /**
     * Reads the next block.
     *
     * @return its rows; empty behind the last
     * @throws io.github.mopospark.conversion.DatasetException if they cannot be decoded
     */
    public Optional<PreparedBlock> next() {
        if (row == to) {
            return Optional.empty();
        }
        int count = (int) Math.min(BLOCK_ROWS, to - row);
        boolean last = row + count == file.rows();
        // One row more tells whether the last one's next observation is the next row's.
        RecordedRows recorded = file.read(row, last ? count : count + 1);
        PreparedBlock block = prepare(recorded, count);
        row += count;
        return Optional.of(block);
    }

    private PreparedBlock prepare(RecordedRows recorded, int count) {
        boolean legacy = preparation.boundary().rule() == Rule.LEGACY_D4RL;
        boolean recordsNext = file.layout() != TransitionFile.Layout.D4RL_V0;
        int width = file.observationSize();
        int actionSize = file.actionSize();
        Transitions all = Transitions.allocate(count, width, actionSize);
        BitSet dropped = new BitSet(count);
        Tally nonfinite = Tally.NONE;
        Tally actionsOutside = Tally.NONE;
        Tally unflagged = Tally.NONE;
        Map<EpisodeEnd, Long> withoutNext = new EnumMap<>(EpisodeEnd.class);
        long leftOut = 0;
        float[] action = new float[actionSize];
        float[] nextObservation = new float[width];
        int kept = 0;
        int episode = episodes.indexOf(recorded.firstRow());
        for (int i = 0; i < count; i++) {
            long fileRow = recorded.firstRow() + i;
            if (fileRow == episodes.ends()[episode]) {
                episode++;
            }
            if (!selection.keeps(fileRow)) {
                continue;
            }
            boolean ends = fileRow + 1 == episodes.ends()[episode];
            EpisodeEnd reason = ends ? episodes.reasons()[episode] : null;
            boolean lastOfFile = fileRow + 1 == file.rows();
            boolean hasNext = recordsNext || !ends;
            boolean drop = false;
            if (legacy) {
                drop = reason == EpisodeEnd.TIMEOUT || lastOfFile;
                hasNext = true;
                leftOut += drop ? 1 : 0;
            } else if (recordsNext
                    && !lastOfFile
                    && (!ends || reason == EpisodeEnd.DISCONTINUITY)
                    // Where the next row is not finite it is that which is wrong, and reported.
                    && areFinite(recorded.observations(), (i + 1) * width, width)
                    && Episodes.isDiscontinuous(recorded, i, width)) {
                unflagged = unflagged.and(fileRow, "next_observations");
            }
            if (reason == EpisodeEnd.GROUP) {
                unflagged = unflagged.and(fileRow, "truncations");
            }
            // Legacy takes the next row's observation even where the file records another.
            float[] next = legacy ? recorded.observations() : recorded.nextObservations();
            int nextAt = (legacy ? i + 1 : i) * width;
            String bad = drop ? null : nonfinite(recorded, i, width, actionSize);
            if (bad == null && !drop && hasNext && !areFinite(next, nextAt, width)) {
                bad = "next_observations";
            }
            if (bad != null) {
                // A v0 file has the next observation in the next row.
                boolean isInNextRow = bad.equals("next_observations") && (legacy || !recordsNext);
                nonfinite = isInNextRow ? nonfinite.and(fileRow + 1, "observations") : nonfinite.and(fileRow, bad);
                drop = preparation.dropNonfinite();
            }
            if (drop) {
                dropped.set(i);
                continue;
            }
            if (isOutside(recorded.actions(), i * actionSize, actionSize)) {
                actionsOutside = actionsOutside.and(fileRow, "actions");
            }
            if (!hasNext) {
                withoutNext.merge(reason, 1L, Long::sum);
            }
            System.arraycopy(recorded.observations(), i * width, all.observations(), kept * width, width);
            System.arraycopy(recorded.actions(), i * actionSize, all.actions(), kept * actionSize, actionSize);
            if (hasNext) {
                System.arraycopy(next, nextAt, all.nextObservations(), kept * width, width);
            }
            all.rewards()[kept] = recorded.rewards()[i];
            if (reward.isPresent()) {
                System.arraycopy(recorded.actions(), i * actionSize, action, 0, actionSize);
                System.arraycopy(all.nextObservations(), kept * width, nextObservation, 0, width);
                all.rewards()[kept] = (float) reward.get().relabel(recorded.rewards()[i], action, nextObservation);
            }
            all.episodes()[kept] = episodes.firstEpisode() + episode;
            all.steps()[kept] = Math.toIntExact(fileRow - episodes.start(episode));
            all.hasNextObservation()[kept] = hasNext;
            all.terminals()[kept] = recorded.terminals()[i];
            all.timeouts()[kept] = recorded.timeouts()[i] || (reason != null && reason.isByRule());
            kept++;
        }
        Findings findings = new Findings(
                nonfinite,
                actionsOutside,
                unflagged,
                withoutNext.getOrDefault(EpisodeEnd.TERMINAL, 0L),
                withoutNext.getOrDefault(EpisodeEnd.TIMEOUT, 0L)
                        + withoutNext.getOrDefault(EpisodeEnd.FIXED_LENGTH, 0L),
                withoutNext.getOrDefault(EpisodeEnd.END_OF_FILE, 0L),
                leftOut);
        return new PreparedBlock(kept == count ? all : firstRows(all, kept), findings, dropped);
    }

    /** The first column of a row, but for the next observation, with a number that is not finite; or null. */
    private static String nonfinite(RecordedRows rows, int i, int width, int actionSize) {
        if (!areFinite(rows.observations(), i * width, width)) {
            return "observations";
        }
        if (!areFinite(rows.actions(), i * actionSize, actionSize)) {
            return "actions";
        }
        return Float.isFinite(rows.rewards()[i]) ? null : "rewards";
    }

    private static boolean areFinite(float[] values, int from, int count) {
        // Zero times a number that is not finite is NaN, and NaN stays; one test at the end is quicker than one a
        // number.
        float sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += 0 * values[i];
        }
        return sum == 0;
    }

    private static boolean isOutside(float[] actions, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (Math.abs(actions[i]) > ACTION_BOUND) {
                return true;
            }
        }
        return false;
    }

    private static Transitions firstRows(Transitions all, int rows) {
        return new Transitions(
                all.observationSize(),
                all.actionSize(),
                Arrays.copyOf(all.episodes(), rows),
                Arrays.copyOf(all.steps(), rows),
                Arrays.copyOf(all.observations(), rows * all.observationSize()),
                Arrays.copyOf(all.actions(), rows * all.actionSize()),
                Arrays.copyOf(all.rewards(), rows),
                Arrays.copyOf(all.nextObservations(), rows * all.observationSize()),
                Arrays.copyOf(all.hasNextObservation(), rows),
                Arrays.copyOf(all.terminals(), rows),
                Arrays.copyOf(all.timeouts(), rows));
    }
}

package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import java.io.IOException;

/**
 * D4RL's layout. The one without {@code next_observations} holds a dataset only if it says of every row what the dataset says:
 * readers take the following row's observation where a row is neither terminal nor a timeout, and nothing elsewhere. With them,
 * a row that ends an episode without a flag becomes a timeout: D4RL has no other way to say where the next begins.
 */
final class D4rlExport implements RowSink {
    private final Hdf5Writer.Column observations;
    private final Hdf5Writer.Column actions;
    private final Hdf5Writer.Column rewards;
    private final Hdf5Writer.Column terminals;
    private final Hdf5Writer.Column timeouts;

    /** Null in the layout without. */
    private final Hdf5Writer.Column nextObservations;

    private final String name;

    /**
     * Creates the datasets.
     *
     * @param file takes them
     * @param name what messages call the dataset
     * @param observationSize numbers in an observation
     * @param actionSize numbers in an action
     * @param recordsNext whether to write {@code next_observations}; then every row must have one
     */
    D4rlExport(Hdf5Writer file, String name, int observationSize, int actionSize, boolean recordsNext)
            throws IOException {
        this.name = name;
        this.observations = file.matrix("observations", observationSize, Long.MAX_VALUE);
        this.actions = file.matrix("actions", actionSize, Long.MAX_VALUE);
        this.rewards = file.vector("rewards", Long.MAX_VALUE);
        this.terminals = file.flags("terminals", Long.MAX_VALUE);
        this.timeouts = file.flags("timeouts", Long.MAX_VALUE);
        this.nextObservations = recordsNext ? file.matrix("next_observations", observationSize, Long.MAX_VALUE) : null;
    }

    @Override
    public void write(RowWindow window) throws IOException {
        Transitions rows = window.rows();
        for (int i = 0; i < rows.rows(); i++) {
            if (nextObservations == null) {
                requireInferable(window, i);
            } else if (!rows.hasNextObservation()[i]) {
                throw new DatasetException(
                        "%s: row %d has no next observation, but the manifest's statistics say that all rows have; convert it again"
                                .formatted(name, window.firstRow() + i));
            }
        }
        observations.append(rows.observations(), 0, rows.rows());
        actions.append(rows.actions(), 0, rows.rows());
        rewards.append(rows.rewards(), 0, rows.rows());
        terminals.append(rows.terminals(), 0, rows.rows());
        timeouts.append(nextObservations == null ? rows.timeouts() : withEnds(window), 0, rows.rows());
        if (nextObservations != null) {
            nextObservations.append(rows.nextObservations(), 0, rows.rows());
        }
    }

    private static boolean[] withEnds(RowWindow window) {
        boolean[] timeouts = window.rows().timeouts().clone();
        for (int i = 0; i < timeouts.length; i++) {
            timeouts[i] |= !window.rows().terminals()[i] && !window.isLast(i) && window.endsEpisode(i);
        }
        return timeouts;
    }

    private void requireInferable(RowWindow window, int i) {
        Transitions rows = window.rows();
        boolean isFlagged = rows.terminals()[i] || rows.timeouts()[i];
        String problem = null;
        if (rows.hasNextObservation()[i]) {
            if (window.isLast(i)) {
                problem = "has a next observation but no row follows";
            } else if (!window.nextIsFollowing(i)) {
                problem = "has a next observation that is not the following row's observation";
            } else if (isFlagged) {
                problem = "has a next observation although it is terminal or a timeout, where that layout has none";
            }
        } else if (!isFlagged && !window.isLast(i)) {
            problem = "has no next observation and no flag, so that a reader would take the following row's";
        }
        if (problem != null) {
            throw new DatasetException(("%s: some rows have no next observation, so only D4RL's layout without"
                            + " next_observations could hold them all, but row %d (%s) %s; give --drop-incomplete to"
                            + " leave out the rows without a next observation")
                    .formatted(name, window.firstRow() + i, window.place(i), problem));
        }
    }

    @Override
    public void finish() throws IOException {
        observations.close();
        actions.close();
        rewards.close();
        terminals.close();
        timeouts.close();
        if (nextObservations != null) {
            nextObservations.close();
        }
    }
}

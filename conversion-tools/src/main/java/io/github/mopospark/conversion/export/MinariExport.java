package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import java.io.IOException;

/**
 * Minari's layout: groups {@code episode_0}, {@code episode_1}, ... of whole episodes. It stores each observation once, so a
 * row's next observation must be the following row's, and an episode's last one must be recorded.
 */
final class MinariExport implements RowSink {
    /** So that an episode whose first rows end a block is not written in tiny chunks. */
    private static final int FEWEST_CHUNK_ROWS = 64;

    private final Hdf5Writer file;
    private final String name;
    private Group open;
    private long lastEpisode = -1;
    private long episodes;
    private long steps;

    /** The episode that is being written. */
    private record Group(
            String name,
            Hdf5Writer.Column observations,
            Hdf5Writer.Column actions,
            Hdf5Writer.Column rewards,
            Hdf5Writer.Column terminations,
            Hdf5Writer.Column truncations) {}

    /**
     * A file without episodes.
     *
     * @param file takes them
     * @param name what messages call the dataset
     */
    MinariExport(Hdf5Writer file, String name) {
        this.file = file;
        this.name = name;
    }

    @Override
    public void write(RowWindow window) throws IOException {
        int count = window.rows().rows();
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (open == null && i == start) {
                requireStart(window, i);
            }
            boolean ends = window.endsEpisode(i);
            if (ends) {
                requireEnd(window, i);
            } else {
                requireContinuation(window, i);
            }
            if (ends || i + 1 == count) {
                append(window.rows(), start, i + 1 - start);
                start = i + 1;
            }
            if (ends) {
                closeEpisode(window.rows(), i);
            }
        }
    }

    private void requireStart(RowWindow window, int i) {
        long episode = window.rows().episodes()[i];
        if (episode <= lastEpisode) {
            throw refused(
                    window,
                    i,
                    "comes after episode %d; the rows of an episode must lie together".formatted(lastEpisode));
        }
        lastEpisode = episode;
        if (window.rows().steps()[i] != 0) {
            throw gap(window, i, "is its first");
        }
    }

    private void requireContinuation(RowWindow window, int i) {
        Transitions rows = window.rows();
        if (window.followingStep(i) != rows.steps()[i] + 1) {
            throw gap(window, i, "is followed by step " + window.followingStep(i));
        }
        if (rows.terminals()[i] || rows.timeouts()[i]) {
            throw refused(window, i, "is terminal or a timeout but the episode goes on; convert the file again");
        }
        if (rows.hasNextObservation()[i] && !window.nextIsFollowing(i)) {
            throw refused(
                    window,
                    i,
                    "has a next observation that is not the following row's observation, of which Minari stores one;"
                            + " convert the file with --boundary discontinuity");
        }
    }

    private void requireEnd(RowWindow window, int i) {
        if (!window.rows().hasNextObservation()[i]) {
            throw refused(
                    window,
                    i,
                    "ends the episode without a next observation, which Minari stores; give --drop-incomplete to leave it out");
        }
    }

    private DatasetException gap(RowWindow window, int i, String what) {
        return refused(
                window,
                i,
                what + ", but Minari holds whole episodes; export with --format d4rl, or convert without --sample"
                        + " and --drop-nonfinite");
    }

    private DatasetException refused(RowWindow window, int i, String problem) {
        return new DatasetException("%s: %s %s".formatted(name, window.place(i), problem));
    }

    private void append(Transitions rows, int from, int count) throws IOException {
        if (open == null) {
            String group = "episode_" + episodes;
            long chunkRows = Math.max(FEWEST_CHUNK_ROWS, count + 1L);
            file.group(group);
            open = new Group(
                    group,
                    file.matrix(group + "/observations", rows.observationSize(), chunkRows),
                    file.matrix(group + "/actions", rows.actionSize(), chunkRows),
                    file.vector(group + "/rewards", chunkRows),
                    file.flags(group + "/terminations", chunkRows),
                    file.flags(group + "/truncations", chunkRows));
        }
        open.observations.append(rows.observations(), from, count);
        open.actions.append(rows.actions(), from, count);
        open.rewards.append(rows.rewards(), from, count);
        open.terminations.append(rows.terminals(), from, count);
        open.truncations.append(rows.timeouts(), from, count);
    }

    private void closeEpisode(Transitions rows, int last) throws IOException {
        open.observations.append(rows.nextObservations(), last, 1);
        file.attribute(open.name, "id", episodes);
        file.attribute(open.name, "total_steps", open.rewards.rows());
        steps += open.rewards.rows();
        episodes++;
        open.observations.close();
        open.actions.close();
        open.rewards.close();
        open.terminations.close();
        open.truncations.close();
        open = null;
    }

    @Override
    public void finish() throws IOException {
        file.attribute("/", "total_episodes", episodes);
        file.attribute("/", "total_steps", steps);
    }
}

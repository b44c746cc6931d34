package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Minari's layout: a group {@code episode_k} for each episode, with {@code observations [T + 1, observationSize]} and
 * {@code actions}, {@code rewards}, {@code terminations} and {@code truncations} of T rows. The rows of the file are those of its
 * episodes, in the order of k.
 */
final class MinariFile implements TransitionFile {
    static final String EPISODE_PREFIX = "episode_";
    private static final String OBSERVATIONS = "/observations";
    private static final Set<String> KEYS = Set.of("observations", "actions", "rewards", "terminations", "truncations");

    private final Hdf5File file;
    private final List<String> episodes;
    private final long[] ends;
    private final int observationSize;
    private final int actionSize;
    private int openEpisode = -1;
    private EpisodeColumns columns;

    /** The columns of one episode. */
    private record EpisodeColumns(
            FloatColumn observations,
            FloatColumn actions,
            FloatColumn rewards,
            FlagColumn terminations,
            FlagColumn truncations) {}

    MinariFile(Hdf5File file) {
        this.file = file;
        this.episodes = file.groupsNamed(EPISODE_PREFIX);
        requireAllEpisodes();
        this.ends = new long[episodes.size()];
        EpisodeColumns first = columns(episodes.get(0));
        this.observationSize = first.observations.width();
        this.actionSize = first.actions.width();
        long end = 0;
        for (int episode = 0; episode < ends.length; episode++) {
            end += checkedLength(columns(episodes.get(episode)));
            ends[episode] = end;
        }
    }

    /** Minari counts its episodes from 0, and an older file says how many there are. */
    private void requireAllEpisodes() {
        long wanted = file.wholeNumber("total_episodes").orElse(episodes.size());
        for (int k = 0; k < Math.max(wanted, episodes.size()); k++) {
            if (k >= episodes.size() || !episodes.get(k).equals(EPISODE_PREFIX + k)) {
                throw new DatasetException("%s: /%s%d is missing; found are %s"
                        .formatted(file.name(), EPISODE_PREFIX, k, Hdf5File.abbreviated(episodes)));
            }
        }
        if (episodes.size() > wanted) {
            throw new DatasetException("%s: has %d episodes but its attribute total_episodes says %d"
                    .formatted(file.name(), episodes.size(), wanted));
        }
    }

    private EpisodeColumns columns(String episode) {
        requireNoGroup(episode + OBSERVATIONS);
        requireNoGroup(episode + "/actions");
        return new EpisodeColumns(
                file.floats(episode + OBSERVATIONS, 2),
                file.floats(episode + "/actions", 2),
                file.floats(episode + "/rewards", 1),
                file.flags(episode + "/terminations"),
                file.flags(episode + "/truncations"));
    }

    private void requireNoGroup(String key) {
        if (file.hasBelow(key)) {
            throw new DatasetException("%s: /%s is a group; only arrays of numbers are read, so flatten the space first"
                    .formatted(file.name(), key));
        }
    }

    private long checkedLength(EpisodeColumns episode) {
        long length = episode.rewards.rows();
        if (length == 0) {
            throw new DatasetException(episode.rewards.place() + " has no rows; the episode is empty");
        }
        requireRows(episode.observations, length + 1, "one more than /rewards");
        requireRows(episode.actions, length, "as /rewards has");
        requireRows(episode.terminations, length, "as /rewards has");
        requireRows(episode.truncations, length, "as /rewards has");
        requireWidth(episode.observations, observationSize);
        requireWidth(episode.actions, actionSize);
        return length;
    }

    private static void requireRows(Hdf5Column column, long wanted, String reason) {
        if (column.rows() != wanted) {
            throw new DatasetException("%s has %,d rows but must have %,d, %s; the file is truncated or not Minari"
                    .formatted(column.place(), column.rows(), wanted, reason));
        }
    }

    private static void requireWidth(Hdf5Column column, int wanted) {
        if (column.width() != wanted) {
            throw new DatasetException("%s has %d numbers a row but the first episode has %d; the file is not Minari"
                    .formatted(column.place(), column.width(), wanted));
        }
    }

    @Override
    public Layout layout() {
        return Layout.MINARI;
    }

    @Override
    public long rows() {
        return ends[ends.length - 1];
    }

    @Override
    public int observationSize() {
        return observationSize;
    }

    @Override
    public int actionSize() {
        return actionSize;
    }

    @Override
    public boolean recordsTimeouts() {
        return true;
    }

    @Override
    public long[] groupEnds() {
        return ends.clone();
    }

    @Override
    public List<String> skippedKeys() {
        Set<String> groups = Set.copyOf(episodes);
        List<String> skipped = new ArrayList<>();
        for (String key : file.keys()) {
            int slash = key.indexOf('/');
            if (slash < 0 || !groups.contains(key.substring(0, slash)) || !KEYS.contains(key.substring(slash + 1))) {
                skipped.add(key);
            }
        }
        return skipped;
    }

    /** Takes rows of one episode to their place in a request. */
    private interface EpisodeSlice {
        void take(EpisodeColumns episode, long from, int count, int offset);
    }

    private void forEachEpisode(long from, int count, EpisodeSlice slice) {
        if (from < 0 || from + count > rows()) {
            throw new IndexOutOfBoundsException("rows " + from + " to " + (from + count) + " of " + rows());
        }
        int found = Arrays.binarySearch(ends, from);
        int episode = found >= 0 ? found + 1 : -found - 1;
        int done = 0;
        while (done < count) {
            if (episode != openEpisode) {
                columns = columns(episodes.get(episode));
                openEpisode = episode;
            }
            long start = episode == 0 ? 0 : ends[episode - 1];
            long within = from + done - start;
            int taken = (int) Math.min(count - done, ends[episode] - start - within);
            slice.take(columns, within, taken, done);
            done += taken;
            episode++;
        }
    }

    @Override
    public void readFlags(long from, boolean[] terminals, boolean[] timeouts) {
        forEachEpisode(from, terminals.length, (episode, within, count, offset) -> {
            boolean[] flags = new boolean[count];
            episode.terminations.read(within, count, flags);
            System.arraycopy(flags, 0, terminals, offset, count);
            requireOnlyAtEnd(episode.terminations, flags, within);
            episode.truncations.read(within, count, flags);
            System.arraycopy(flags, 0, timeouts, offset, count);
            requireOnlyAtEnd(episode.truncations, flags, within);
        });
    }

    private static void requireOnlyAtEnd(FlagColumn column, boolean[] flags, long from) {
        for (int row = 0; row < flags.length; row++) {
            if (flags[row] && from + row + 1 < column.rows()) {
                throw new DatasetException("%s is true in row %d of %d; an episode's group must end there"
                        .formatted(column.place(), from + row, column.rows()));
            }
        }
    }

    @Override
    public RecordedRows read(long from, int count) {
        RecordedRows rows = new RecordedRows(
                from,
                new float[Math.multiplyExact(count, observationSize)],
                new float[Math.multiplyExact(count, actionSize)],
                new float[count],
                new float[Math.multiplyExact(count, observationSize)],
                new boolean[count],
                new boolean[count]);
        forEachEpisode(from, count, (episode, within, taken, offset) -> {
            float[] observations = new float[(taken + 1) * observationSize];
            episode.observations.read(within, taken + 1, observations);
            int numbers = taken * observationSize;
            System.arraycopy(observations, 0, rows.observations(), offset * observationSize, numbers);
            System.arraycopy(observations, observationSize, rows.nextObservations(), offset * observationSize, numbers);
            float[] actions = new float[taken * actionSize];
            episode.actions.read(within, taken, actions);
            System.arraycopy(actions, 0, rows.actions(), offset * actionSize, actions.length);
            float[] rewards = new float[taken];
            episode.rewards.read(within, taken, rewards);
            System.arraycopy(rewards, 0, rows.rewards(), offset, taken);
        });
        readFlags(from, rows.terminals(), rows.timeouts());
        return rows;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

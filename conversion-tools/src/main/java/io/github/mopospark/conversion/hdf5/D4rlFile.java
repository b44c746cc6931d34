package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** D4RL's layout: one dataset a column, all with the same number of rows. */
final class D4rlFile implements TransitionFile {
    private static final String NEXT_OBSERVATIONS = "next_observations";
    private static final Set<String> KEYS =
            Set.of("observations", "actions", "rewards", NEXT_OBSERVATIONS, "terminals", "timeouts");

    private final Hdf5File file;
    private final FloatColumn observations;
    private final FloatColumn actions;
    private final FloatColumn rewards;
    private final Optional<FloatColumn> nextObservations;
    private final FlagColumn terminals;
    private final Optional<FlagColumn> timeouts;

    D4rlFile(Hdf5File file) {
        this.file = file;
        this.observations = file.floats("observations", 2);
        this.actions = file.floats("actions", 2);
        this.rewards = file.floats("rewards", 1);
        this.nextObservations =
                file.has(NEXT_OBSERVATIONS) ? Optional.of(file.floats(NEXT_OBSERVATIONS, 2)) : Optional.empty();
        this.terminals = file.flags("terminals");
        this.timeouts = file.flagsIfPresent("timeouts");
        if (rows() == 0) {
            throw new DatasetException(observations.place() + " has no rows; there is nothing to convert");
        }
        requireSameRows(actions);
        requireSameRows(rewards);
        nextObservations.ifPresent(this::requireSameRows);
        requireSameRows(terminals);
        timeouts.ifPresent(this::requireSameRows);
        nextObservations.ifPresent(next -> {
            if (next.width() != observations.width()) {
                throw new DatasetException("%s has %d numbers a row but /observations has %d; the file is not D4RL"
                        .formatted(next.place(), next.width(), observations.width()));
            }
        });
    }

    private void requireSameRows(Hdf5Column column) {
        if (column.rows() != rows()) {
            throw new DatasetException("%s has %,d rows but /observations has %,d; the file is truncated or not D4RL"
                    .formatted(column.place(), column.rows(), rows()));
        }
    }

    @Override
    public Layout layout() {
        return nextObservations.isPresent() ? Layout.D4RL_V2 : Layout.D4RL_V0;
    }

    @Override
    public long rows() {
        return observations.rows();
    }

    @Override
    public int observationSize() {
        return observations.width();
    }

    @Override
    public int actionSize() {
        return actions.width();
    }

    @Override
    public boolean recordsTimeouts() {
        return timeouts.isPresent();
    }

    @Override
    public long[] groupEnds() {
        return new long[0];
    }

    @Override
    public List<String> skippedKeys() {
        return file.keys().stream().filter(key -> !KEYS.contains(key)).toList();
    }

    @Override
    public void readFlags(long from, boolean[] terminalFlags, boolean[] timeoutFlags) {
        terminals.read(from, terminalFlags.length, terminalFlags);
        timeouts.ifPresent(column -> column.read(from, timeoutFlags.length, timeoutFlags));
    }

    @Override
    public RecordedRows read(long from, int count) {
        int width = observationSize();
        float[] current = new float[Math.multiplyExact(count, width)];
        float[] next = new float[current.length];
        if (nextObservations.isPresent()) {
            observations.read(from, count, current);
            nextObservations.get().read(from, count, next);
        } else {
            boolean last = from + count == rows();
            float[] withFollowing = new float[(last ? count : count + 1) * width];
            observations.read(from, last ? count : count + 1, withFollowing);
            System.arraycopy(withFollowing, 0, current, 0, current.length);
            System.arraycopy(withFollowing, width, next, 0, withFollowing.length - width);
            if (last) {
                System.arraycopy(current, current.length - width, next, next.length - width, width);
            }
        }
        RecordedRows rows = new RecordedRows(
                from,
                current,
                new float[Math.multiplyExact(count, actionSize())],
                new float[count],
                next,
                new boolean[count],
                new boolean[count]);
        actions.read(from, count, rows.actions());
        rewards.read(from, count, rows.rewards());
        readFlags(from, rows.terminals(), rows.timeouts());
        return rows;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

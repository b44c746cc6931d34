package io.github.mopospark.policy.buffers;

import io.github.mopospark.networks.saving.NpyHeader;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * One round of rollouts in a {@link ModelBuffer}. Shards arrive in any order and from any threads, also at once; their rows lie
 * in the order of the shards.
 */
public final class Round {
    static final int MISSING = -1;
    static final int ABANDONED = -3;
    private static final int BEING_WRITTEN = -2;
    private static final int CHUNK_BYTES = 1 << 16;

    private final long number;
    private final TransitionLayout layout;
    private final RoundShape shape;
    private final RowStorage storage;
    /** {@code [shards]}: the rows of each, or why it has none yet. */
    private final AtomicIntegerArray counts;

    private final AtomicInteger missing;

    Round(long number, TransitionLayout layout, RoundShape shape, RowStorage storage) {
        this.number = number;
        this.layout = layout;
        this.shape = shape;
        this.storage = storage;
        int[] none = new int[shape.shards()];
        Arrays.fill(none, MISSING);
        this.counts = new AtomicIntegerArray(none);
        this.missing = new AtomicInteger(shape.shards());
    }

    /**
     * Its number.
     *
     * @return what {@link ModelBuffer#openRound} was given
     */
    public long number() {
        return number;
    }

    /**
     * Writes the rows of a shard, which may be none.
     *
     * @param shard from 0
     * @param rows {@code [count, layout.size()]}, packed; it may be longer
     * @param count how many rows
     * @return whether this was the last shard, so that the round can be closed
     * @throws IllegalArgumentException if there is no such shard, the rows do not fit, or a number is not finite
     * @throws IllegalStateException if the shard was written before, or the round was given up
     */
    public boolean write(int shard, float[] rows, int count) {
        requireRows(shard, rows, count);
        int before = counts.compareAndExchange(shard, MISSING, BEING_WRITTEN);
        if (before != MISSING) {
            throw new IllegalStateException(
                    before == ABANDONED
                            ? "shard %d comes too late: round %d was given up".formatted(shard, number)
                            : "shard %d of round %d was written before".formatted(shard, number));
        }
        storage.put(shape.firstRow(shard), rows, count);
        counts.set(shard, count);
        // Last, so that who sees 0 sees the rows of all shards.
        return missing.decrementAndGet() == 0;
    }

    private void requireRows(int shard, float[] rows, int count) {
        if (shard < 0 || shard >= shape.shards()) {
            throw new IllegalArgumentException(
                    "round %d has the shards 0 to %d, but not %d".formatted(number, shape.shards() - 1, shard));
        }
        if (count < 0 || count > shape.rowsOf(shard)) {
            throw new IllegalArgumentException("shard %d of round %d must have 0 to %,d rows, but has %,d"
                    .formatted(shard, number, shape.rowsOf(shard), count));
        }
        if (rows.length < (long) count * layout.size()) {
            throw new IllegalArgumentException("shard %d of round %d has %,d numbers, but %,d rows have %d each"
                    .formatted(shard, number, rows.length, count, layout.size()));
        }
        for (int row = 0; row < count; row++) {
            int column = layout.faultyColumn(rows, row * layout.size());
            if (column >= 0) {
                throw new IllegalArgumentException("row %,d of shard %d of round %d: %s"
                        .formatted(row, shard, number, layout.fault(rows, row * layout.size(), column)));
            }
        }
    }

    /**
     * How many shards have not been written.
     *
     * @return 0 if the round can be closed
     */
    public int missingShards() {
        return missing.get();
    }

    void requireComplete() {
        if (missing.get() > 0) {
            int[] shards = IntStream.range(0, shape.shards())
                    .filter(shard -> counts.get(shard) < 0)
                    .limit(10)
                    .toArray();
            throw new IllegalStateException(
                    "round %d cannot be closed: %d of its %d shards are missing, the first are %s"
                            .formatted(number, missing.get(), shape.shards(), Arrays.toString(shards)));
        }
    }

    /** Refuses shards from now on, so that the memory can be another's. */
    void abandon() {
        for (int shard = 0; shard < shape.shards(); shard++) {
            int count = counts.get(shard);
            while (count == BEING_WRITTEN || !counts.compareAndSet(shard, count, ABANDONED)) {
                Thread.onSpinWait();
                count = counts.get(shard);
            }
        }
    }

    RowStorage storage() {
        return storage;
    }

    int shards() {
        return shape.shards();
    }

    int firstRow(int shard) {
        return shape.firstRow(shard);
    }

    int rowsOf(int shard) {
        return counts.get(shard);
    }

    private int rows() {
        return IntStream.range(0, shape.shards()).map(this::rowsOf).sum();
    }

    /** Writes the rows without the holes between them, as an {@code .npy} array of {@code [rows, layout.size()]}. */
    void save(OutputStream out) throws IOException {
        NpyHeader.float32(rows(), layout.size()).write(out);
        int rowBytes = layout.size() * Float.BYTES;
        int most = Math.max(1, CHUNK_BYTES / rowBytes);
        byte[] chunk = new byte[most * rowBytes];
        for (int shard = 0; shard < shape.shards(); shard++) {
            for (int done = 0; done < rowsOf(shard); done += most) {
                int count = Math.min(most, rowsOf(shard) - done);
                storage.getBytes(firstRow(shard) + done, chunk, count);
                out.write(chunk, 0, count * rowBytes);
            }
        }
    }

    /** Takes what {@link #save} wrote as the only shard of this round. */
    void restore(InputStream in, String file) throws IOException {
        NpyHeader header = NpyHeader.read(in, file);
        int[] saved = header.shape();
        if (!header.type().equals(NpyHeader.FLOAT32) || header.fortranOrder() || saved.length != 2) {
            throw new SavedDataException(
                    "%s: has %d dimensions of type %s in %s order, but a round of rollouts is a table of float32 (<f4) in C order"
                            .formatted(file, saved.length, header.type(), header.fortranOrder() ? "Fortran" : "C"));
        }
        if (saved[1] != layout.size() || saved[0] > shape.rows()) {
            throw new SavedDataException(
                    "%s: has %,d rows of %d numbers, but a round has at most %,d (%,d starts of %,d steps) of %d"
                            .formatted(
                                    file,
                                    saved[0],
                                    saved[1],
                                    shape.rows(),
                                    shape.starts(),
                                    shape.horizon(),
                                    layout.size()));
        }
        readRows(in, file, saved[0]);
        if (in.read() != -1) {
            throw new SavedDataException("%s: goes on after its %,d rows".formatted(file, saved[0]));
        }
        counts.set(0, saved[0]);
    }

    private void readRows(InputStream in, String file, int rows) throws IOException {
        int rowBytes = layout.size() * Float.BYTES;
        int most = Math.max(1, CHUNK_BYTES / rowBytes);
        ByteBuffer chunk = ByteBuffer.allocate(most * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[most * layout.size()];
        for (int done = 0; done < rows; done += most) {
            int count = Math.min(most, rows - done);
            int bytes = in.readNBytes(chunk.array(), 0, count * rowBytes);
            if (bytes < count * rowBytes) {
                throw new SavedDataException("%s: ends after %,d of its %,d rows; it was cut off"
                        .formatted(file, done + bytes / rowBytes, rows));
            }
            chunk.asFloatBuffer().get(numbers, 0, count * layout.size());
            for (int row = 0; row < count; row++) {
                int column = layout.faultyColumn(numbers, row * layout.size());
                if (column >= 0) {
                    throw new SavedDataException("%s: row %,d: %s"
                            .formatted(file, done + row, layout.fault(numbers, row * layout.size(), column)));
                }
            }
            storage.put(done, numbers, count);
        }
    }
}

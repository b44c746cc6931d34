package io.github.mopospark.policy.buffers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Rows of floats outside the heap, where no collection copies them, in blocks of up to 1 GiB since a {@link ByteBuffer} ends at
 * 2. No row lies in two blocks. Little-endian, which is the native order of the machines this is for, so that the bytes are
 * also those of a NumPy file.
 */
final class RowStorage {
    private static final int BLOCK_BYTES = 1 << 30;

    private final int width;
    /** A block's rows are a power of two. */
    private final int shift;

    private final ByteBuffer[] bytes;
    private final FloatBuffer[] floats;

    RowStorage(int rows, int width) {
        this(rows, width, BLOCK_BYTES);
    }

    /** With another bound on a block, at least a row. */
    RowStorage(int rows, int width, int blockBytes) {
        this.width = width;
        int most = Integer.highestOneBit(blockBytes / (width * Float.BYTES));
        this.shift = Integer.numberOfTrailingZeros(most);
        int blocks = Math.toIntExact(((long) rows + most - 1) / most);
        this.bytes = new ByteBuffer[blocks];
        this.floats = new FloatBuffer[blocks];
        for (int block = 0; block < blocks; block++) {
            int blockRows = (int) Math.min(most, rows - ((long) block << shift));
            bytes[block] = allocate(blockRows * width * Float.BYTES, rows);
            floats[block] = bytes[block].asFloatBuffer();
        }
    }

    private ByteBuffer allocate(int count, int rows) {
        try {
            return ByteBuffer.allocateDirect(count).order(ByteOrder.LITTLE_ENDIAN);
        } catch (OutOfMemoryError e) {
            throw new IllegalArgumentException(
                    "%,d transitions of %d numbers take %,d bytes outside the heap, and this JVM has not that many left; give it more with -XX:MaxDirectMemorySize, which is as -Xmx where it is not set"
                            .formatted(rows, width, (long) rows * width * Float.BYTES),
                    e);
        }
    }

    /** The block of a row, to be read from {@link #start}. */
    FloatBuffer block(int row) {
        return floats[row >>> shift];
    }

    /** Where a row starts in its block. */
    int start(int row) {
        return (row & ((1 << shift) - 1)) * width;
    }

    /** Writes packed rows from a row on. */
    void put(int row, float[] source, int count) {
        for (int done = 0; done < count; ) {
            int next = Math.min(count - done, rowsToBlockEnd(row + done));
            block(row + done).put(start(row + done), source, done * width, next * width);
            done += next;
        }
    }

    /** Reads packed rows from a row on as bytes, little-endian. */
    void getBytes(int row, byte[] target, int count) {
        int rowBytes = width * Float.BYTES;
        for (int done = 0; done < count; ) {
            int next = Math.min(count - done, rowsToBlockEnd(row + done));
            bytes[(row + done) >>> shift].get(
                    start(row + done) * Float.BYTES, target, done * rowBytes, next * rowBytes);
            done += next;
        }
    }

    private int rowsToBlockEnd(int row) {
        return (1 << shift) - (row & ((1 << shift) - 1));
    }
}

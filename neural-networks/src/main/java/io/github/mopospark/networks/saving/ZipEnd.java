package io.github.mopospark.networks.saving;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Keeps the last bytes of a stream, where a zip archive says how many entries it has: Java reads archives in streams from the
 * front, and takes one that was cut off between two entries for a whole one. Does not close the stream.
 */
final class ZipEnd extends InputStream {
    /** The end of the central directory, without the comment that an archive may have but NumPy's never do. */
    private static final int LENGTH = 22;

    private static final int SIGNATURE = 0x06054B50;
    private static final int ENTRIES = 10;

    private final InputStream in;
    private final byte[] last = new byte[LENGTH];

    ZipEnd(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        int read = in.read(target, offset, count);
        if (read > 0) {
            int kept = Math.min(read, LENGTH);
            System.arraycopy(last, kept, last, 0, LENGTH - kept);
            System.arraycopy(target, offset + read - kept, last, LENGTH - kept, kept);
        }
        return read;
    }

    /** How many entries the archive says it has; -1 if the stream did not end as an archive. */
    int entries() {
        ByteBuffer end = ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN);
        return end.getInt(0) == SIGNATURE ? end.getShort(ENTRIES) & 0xFFFF : -1;
    }
}

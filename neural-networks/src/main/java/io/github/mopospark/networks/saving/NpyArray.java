package io.github.mopospark.networks.saving;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * An array of floats with its shape, as an {@code .npy} file holds it. The arrays are not copied: who makes this gives them
 * away.
 *
 * @param shape the numbers along each dimension; none for a single number
 * @param values the numbers, the last index running fastest
 */
public record NpyArray(int[] shape, float[] values) {
    /** Divides by the size of every number. */
    private static final int CHUNK_BYTES = 1 << 16;
    /** A header may say anything: room for more than this is made only as the numbers come. */
    private static final int FIRST_ROOM = 1 << 16;

    /** The longest array that every JVM makes. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    /**
     * Checks that the shape and the numbers fit.
     *
     * @throws IllegalArgumentException if they do not
     */
    public NpyArray {
        if (NpyHeader.count(shape) != values.length) {
            throw new IllegalArgumentException("an array of shape %s must have %d numbers, but has %d"
                    .formatted(NpyHeader.tuple(shape), NpyHeader.count(shape), values.length));
        }
    }

    /**
     * Writes an {@code .npy} file of float32, byte for byte as NumPy does.
     *
     * @param out takes it; not closed
     * @throws IOException if it cannot be written
     */
    public void write(OutputStream out) throws IOException {
        NpyHeader.float32(shape).write(out);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int most = CHUNK_BYTES / Float.BYTES;
        for (int from = 0; from < values.length; from += most) {
            int count = Math.min(most, values.length - from);
            chunk.asFloatBuffer().put(values, from, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }

    /**
     * Reads an {@code .npy} file to its end. Beside float32 it takes float64, which is rounded, and int32 and int64 up to 2^24,
     * in either byte order and in C or Fortran order; the result is always in C order.
     *
     * @param in holds it; not closed
     * @param name what messages call the array
     * @return the array
     * @throws SavedDataException if it is no such file, or has more or fewer numbers than its shape
     * @throws IOException if it cannot be read
     */
    public static NpyArray read(InputStream in, String name) throws IOException {
        Objects.requireNonNull(name, "name");
        NpyHeader header = NpyHeader.read(in, name);
        NpyType type = NpyType.of(header.type())
                .orElseThrow(() -> new SavedDataException(
                        "%s: the type of its numbers is %s, but this program reads float32 (<f4), float64, int32 and int64"
                                .formatted(name, NpyHeader.quoted(header.type()))));
        if (header.count() > LONGEST) {
            throw new SavedDataException("%s: the shape %s has %,d numbers, but an array holds at most %,d"
                    .formatted(name, NpyHeader.tuple(header.shape()), header.count(), LONGEST));
        }
        float[] values = readValues(in, name, header, type);
        if (in.read() != -1) {
            throw new SavedDataException(
                    "%s: goes on after the %,d numbers of its shape %s; it was not written as one array"
                            .formatted(name, values.length, NpyHeader.tuple(header.shape())));
        }
        return new NpyArray(header.shape(), header.fortranOrder() ? inCOrder(header.shape(), values) : values);
    }

    private static float[] readValues(InputStream in, String name, NpyHeader header, NpyType type) throws IOException {
        int count = (int) header.count();
        float[] values = new float[Math.min(count, FIRST_ROOM)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(NpyType.order(header.type()));
        int most = CHUNK_BYTES / type.bytes();
        int filled = 0;
        while (filled < count) {
            int next = Math.min(most, count - filled);
            int bytes = in.readNBytes(chunk.array(), 0, next * type.bytes());
            if (bytes < next * type.bytes()) {
                throw new SavedDataException("%s: ends after %,d of the %,d numbers of its shape %s; it was cut off"
                        .formatted(name, filled + bytes / type.bytes(), count, NpyHeader.tuple(header.shape())));
            }
            if (values.length < filled + next) {
                values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
            }
            type.read(chunk.clear(), values, filled, next, name);
            filled += next;
        }
        return values;
    }

    /** Reorders numbers whose first index runs fastest. */
    private static float[] inCOrder(int[] shape, float[] values) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int d = 0; d < shape.length; d++) {
            strides[d] = stride;
            stride *= shape[d];
        }
        float[] ordered = new float[values.length];
        int[] index = new int[shape.length];
        int source = 0;
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = values[source];
            // Counts up the index, the last dimension first.
            for (int d = shape.length - 1; d >= 0; d--) {
                source += strides[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                source -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
        return ordered;
    }

    /**
     * Checks that all numbers are finite.
     *
     * @param name what the message calls the array
     * @throws SavedDataException if one is not; the message says which
     */
    public void requireFinite(String name) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new SavedDataException(
                        "%s: the number at %s is %s, but must be finite".formatted(name, place(i), values[i]));
            }
        }
    }

    /** The index of a number along every dimension. */
    private String place(int number) {
        int[] index = new int[shape.length];
        int rest = number;
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = rest % shape[d];
            rest /= shape[d];
        }
        return Arrays.toString(index);
    }
}

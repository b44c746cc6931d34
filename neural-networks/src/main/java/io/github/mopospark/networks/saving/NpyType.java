package io.github.mopospark.networks.saving;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The number formats that are read. Only the first is written. */
enum NpyType {
    /** Taken as they are, to the bit. */
    FLOAT32("f4", Float.BYTES),
    /** Rounded to the nearest float; those beyond the range of float are refused. */
    FLOAT64("f8", Double.BYTES),
    /** Those that are no float are refused. */
    INT32("i4", Integer.BYTES),
    /** Those that are no float are refused. */
    INT64("i8", Long.BYTES);

    /** Integers up to this are floats, all of them. */
    private static final long LARGEST_INTEGER = 1 << 24;

    private final String code;
    private final int bytes;

    NpyType(String code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** The format of a descriptor such as {@code <f4}, if it is one of these. */
    static Optional<NpyType> of(String descriptor) {
        return Arrays.stream(values())
                .filter(type -> descriptor.equals("<" + type.code) || descriptor.equals(">" + type.code))
                .findFirst();
    }

    static ByteOrder order(String descriptor) {
        return descriptor.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /**
     * Reads numbers.
     *
     * @param source holds them, in its byte order
     * @param target takes them
     * @param offset the first place to fill
     * @param count how many
     * @param name what messages call the array
     */
    void read(ByteBuffer source, float[] target, int offset, int count, String name) {
        if (this == FLOAT32) {
            source.asFloatBuffer().get(target, offset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[offset + i] = switch (this) {
                case FLOAT64 -> nearest(source.getDouble(), name, offset + i);
                case INT32 -> exact(source.getInt(), name, offset + i);
                default -> exact(source.getLong(), name, offset + i);
            };
        }
    }

    private static float nearest(double value, String name, int place) {
        float nearest = (float) value;
        if (Float.isInfinite(nearest) && !Double.isInfinite(value)) {
            throw new SavedDataException("%s: number %d is %s, beyond the range of float32; save it as float32"
                    .formatted(name, place, value));
        }
        return nearest;
    }

    private static float exact(long value, String name, int place) {
        if (value < -LARGEST_INTEGER || value > LARGEST_INTEGER) {
            throw new SavedDataException(
                    "%s: number %d is %d, but integers are read up to %d, which float32 holds exactly"
                            .formatted(name, place, value, LARGEST_INTEGER));
        }
        return (float) value;
    }
}

package io.github.mopospark.protobuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Writes one message in the wire format of protocol buffers, a field at a time, in the order of the calls. A repeated field is
 * one call a value. Of the schema it knows nothing: the caller says each field's number and kind.
 */
public final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int GREATEST_FIELD = (1 << 29) - 1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /**
     * A field of type int32, int64, uint64, bool or enum.
     *
     * @param field its number
     * @param value its value; true is 1; of a negative int32 its value as a long
     * @return this
     */
    public ProtobufWriter varint(int field, long value) {
        key(field, VARINT);
        writeVarint(value);
        return this;
    }

    /**
     * A field of type double.
     *
     * @param field its number
     * @param value its value
     * @return this
     */
    public ProtobufWriter float64(int field, double value) {
        key(field, FIXED64);
        writeFixed(Double.doubleToRawLongBits(value), Long.BYTES);
        return this;
    }

    /**
     * A field of type float.
     *
     * @param field its number
     * @param value its value
     * @return this
     */
    public ProtobufWriter float32(int field, float value) {
        key(field, FIXED32);
        writeFixed(Float.floatToRawIntBits(value), Integer.BYTES);
        return this;
    }

    /**
     * A field of type bytes, or a packed one.
     *
     * @param field its number
     * @param value its value
     * @return this
     */
    public ProtobufWriter bytes(int field, byte[] value) {
        key(field, LENGTH_DELIMITED);
        writeVarint(value.length);
        out.writeBytes(value);
        return this;
    }

    /**
     * A field of type string.
     *
     * @param field its number
     * @param value its value
     * @return this
     */
    public ProtobufWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A field that is a message itself.
     *
     * @param field its number
     * @param value the message as it is now; what is added to it later does not count
     * @return this
     */
    public ProtobufWriter message(int field, ProtobufWriter value) {
        return bytes(field, Objects.requireNonNull(value, "value").toBytes());
    }

    /**
     * The message so far.
     *
     * @return its bytes, a copy
     */
    public byte[] toBytes() {
        return out.toByteArray();
    }

    private void key(int field, int type) {
        if (field < 1 || field > GREATEST_FIELD) {
            throw new IllegalArgumentException(
                    "a field's number must be from 1 to %d, but was %d".formatted(GREATEST_FIELD, field));
        }
        writeVarint((long) field << 3 | type);
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private void writeFixed(long bits, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (bits >>> (Byte.SIZE * i)) & 0xFF);
        }
    }
}

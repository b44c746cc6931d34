package io.github.mopospark.networks.saving;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/** What make_npy_fixtures.py wrote. */
final class NumpyFiles {
    private NumpyFiles() {}

    static byte[] bytes(String name) {
        try (InputStream in = NumpyFiles.class.getResourceAsStream("/npy/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InputStream open(String name) {
        return new ByteArrayInputStream(bytes(name));
    }

    /** The numbers of a fixture of a shape. */
    static NpyArray expected(float first, int... shape) {
        float[] values = new float[(int) NpyHeader.count(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + first;
        }
        return new NpyArray(shape, values);
    }

    static NpyArray expected(String name) {
        return switch (name) {
            case "number" -> expected(-2.5f);
            case "vector" -> expected(-2.5f, 5);
            case "matrix", "float64", "big-endian" -> expected(-2.5f, 3, 4);
            case "int32", "int64" -> expected(-2, 3, 4);
            case "cube", "fortran" -> expected(-2.5f, 2, 3, 4);
            case "empty" -> expected(-2.5f, 0, 4);
            case "least-padding" -> expected(-2.5f, onesAnd(10));
            case "most-padding" -> expected(-2.5f, onesAnd(100));
            case "special" -> {
                int[] bits = {
                    0, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC12345, 0x00000001, 0x807FFFFF, 0x7F7FFFFF
                };
                float[] values = new float[bits.length];
                for (int i = 0; i < bits.length; i++) {
                    values[i] = Float.intBitsToFloat(bits[i]);
                }
                yield new NpyArray(new int[] {bits.length}, values);
            }
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static int[] onesAnd(int last) {
        int[] shape = new int[14];
        Arrays.fill(shape, 1);
        shape[13] = last;
        return shape;
    }

    /** Equal to the bit. */
    static boolean isSame(NpyArray one, NpyArray other) {
        return Arrays.equals(one.shape(), other.shape()) && Arrays.equals(bits(one), bits(other));
    }

    private static int[] bits(NpyArray array) {
        int[] bits = new int[array.values().length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(array.values()[i]);
        }
        return bits;
    }
}

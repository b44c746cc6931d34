package io.github.mopospark.networks.saving;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands before the numbers of an {@code .npy} file of format version 1.0: a magic, the version, and a Python literal that
 * says what the numbers are. Who streams numbers that are too many for one array reads and writes it alone.
 *
 * @param type NumPy's descriptor of the numbers, such as {@code <f4}
 * @param fortranOrder whether the first index runs fastest, instead of the last
 * @param shape the numbers along each dimension; none for a single number
 */
public record NpyHeader(String type, boolean fortranOrder, int[] shape) {
    /** The descriptor of little-endian float32, which is what is written here. */
    public static final String FLOAT32 = "<f4";

    private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
    /** Magic, version and the length of what follows. */
    private static final int PREFIX = 10;
    /** NumPy lets the numbers start at a multiple of this. */
    private static final int ALIGNMENT = 64;
    /** NumPy leaves room for so many digits of the first dimension, so that a file can grow in place. */
    private static final int GROWTH_DIGITS = 21;

    /** NumPy gives the keys in this order, but lets readers not rely on it. */
    private static final Pattern ENTRY = Pattern.compile("'descr' *: *'(?<type>[^']*)'"
            + "|'fortran_order' *: *(?<fortran>True|False)"
            + "|'shape' *: *\\((?<shape>[0-9, ]*)\\)");

    private static final Pattern AROUND_ENTRIES = Pattern.compile("\\{[, ]*\\} *\n?");

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if a dimension is negative or the numbers are more than a long counts
     */
    public NpyHeader {
        Objects.requireNonNull(type, "type");
        count(shape);
    }

    /**
     * The header of numbers as they are written here: little-endian float32, the last index fastest.
     *
     * @param shape the numbers along each dimension
     * @return the header
     */
    public static NpyHeader float32(int... shape) {
        return new NpyHeader(FLOAT32, false, shape);
    }

    /**
     * How many numbers follow.
     *
     * @return the product of the shape
     */
    public long count() {
        return count(shape);
    }

    static long count(int[] shape) {
        long count = 1;
        for (int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException(
                        "the shape %s has a negative size".formatted(Arrays.toString(shape)));
            }
            try {
                count = Math.multiplyExact(count, size);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "the shape %s has more than 2^63 - 1 numbers".formatted(Arrays.toString(shape)), e);
            }
        }
        return count;
    }

    /** A shape as Python writes a tuple. */
    static String tuple(int[] shape) {
        String sizes = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return shape.length == 1 ? "(" + sizes + ",)" : "(" + sizes + ")";
    }

    /**
     * Writes the header, in C order byte for byte as NumPy does.
     *
     * @param out takes it; not closed
     * @throws IOException if it cannot be written
     */
    public void write(OutputStream out) throws IOException {
        String text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }"
                .formatted(type, fortranOrder ? "True" : "False", tuple(shape));
        if (shape.length > 0) {
            text += " ".repeat(GROWTH_DIGITS - Integer.toString(shape[0]).length());
        }
        // At least one space even where the length is right already, as NumPy has it.
        int padding = ALIGNMENT - (PREFIX + text.length() + 1) % ALIGNMENT;
        text += " ".repeat(padding) + "\n";
        if (text.length() > 0xFFFF) {
            throw new IllegalArgumentException("a header of %d characters is too long for version 1.0: %d dimensions"
                    .formatted(text.length(), shape.length));
        }
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) text.length(), (byte) (text.length() >> Byte.SIZE)});
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads a header and leaves the stream at the first number.
     *
     * @param in holds it
     * @param name what messages call the array
     * @return the header
     * @throws SavedDataException if it is none, or one of another version
     * @throws IOException if it cannot be read
     */
    public static NpyHeader read(InputStream in, String name) throws IOException {
        byte[] prefix = in.readNBytes(PREFIX);
        if (prefix.length < PREFIX || !Arrays.equals(prefix, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new SavedDataException(name
                    + ": does not begin as an .npy array, with \\x93NUMPY; save it with numpy.save or numpy.savez");
        }
        int major = prefix[MAGIC.length] & 0xFF;
        int minor = prefix[MAGIC.length + 1] & 0xFF;
        if (major != 1 || minor != 0) {
            throw new SavedDataException(
                    "%s: .npy format version is %d.%d, but this program reads 1.0".formatted(name, major, minor));
        }
        int length = (prefix[PREFIX - 2] & 0xFF) + ((prefix[PREFIX - 1] & 0xFF) << Byte.SIZE);
        byte[] text = in.readNBytes(length);
        if (text.length < length) {
            throw new SavedDataException("%s: ends after %d of the %d bytes of its header; it was cut off"
                    .formatted(name, text.length, length));
        }
        return parse(new String(text, StandardCharsets.ISO_8859_1), name);
    }

    private static NpyHeader parse(String text, String name) {
        String type = null;
        String fortranOrder = null;
        String sizes = null;
        int entries = 0;
        Matcher entry = ENTRY.matcher(text);
        while (entry.find()) {
            type = entry.group("type") == null ? type : entry.group("type");
            fortranOrder = entry.group("fortran") == null ? fortranOrder : entry.group("fortran");
            sizes = entry.group("shape") == null ? sizes : entry.group("shape");
            entries++;
        }
        boolean isComplete = type != null && fortranOrder != null && sizes != null && entries == 3;
        if (!isComplete || !AROUND_ENTRIES.matcher(entry.reset().replaceAll("")).matches()) {
            throw new SavedDataException(
                    "%s: the header is %s, but must have a single type as descr, fortran_order and shape, and nothing else"
                            .formatted(name, quoted(text)));
        }
        try {
            int[] shape = Arrays.stream(sizes.split(",", -1))
                    .map(String::strip)
                    .filter(size -> !size.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            return new NpyHeader(type, fortranOrder.equals("True"), shape);
        } catch (IllegalArgumentException e) {
            throw new SavedDataException(
                    "%s: the shape is (%s), but must be whole numbers up to 2^31 - 1, with a product below 2^63"
                            .formatted(name, sizes),
                    e);
        }
    }

    /** The text as a message can hold it. */
    static String quoted(String text) {
        String printable = text.strip().replaceAll("[^\\x20-\\x7E]", "?");
        return printable.length() <= 200 ? printable : printable.substring(0, 200) + "...";
    }
}

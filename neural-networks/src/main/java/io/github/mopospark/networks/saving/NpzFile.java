package io.github.mopospark.networks.saving;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The named arrays of an {@code .npz} file: a zip archive of {@code .npy} files, as {@code numpy.savez} writes and loads it. */
public final class NpzFile {
    private static final String SUFFIX = ".npy";
    /** One time for all, so that the same arrays are the same bytes; Java writes a month earlier with the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final String file;
    private final Map<String, NpyArray> arrays;

    private NpzFile(String file, Map<String, NpyArray> arrays) {
        this.file = file;
        this.arrays = Collections.unmodifiableMap(arrays);
    }

    /**
     * Writes arrays as an archive, uncompressed, in the order of their names: the same arrays are the same bytes.
     *
     * @param out takes the archive; not closed
     * @param arrays the arrays by name
     * @throws IllegalArgumentException if a name is empty
     * @throws IOException if it cannot be written
     */
    public static void write(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new Unclosed(out))) {
            for (Map.Entry<String, NpyArray> array : new TreeMap<>(arrays).entrySet()) {
                if (array.getKey().isBlank()) {
                    throw new IllegalArgumentException("the name of an array must not be empty");
                }
                zip.putNextEntry(entry(array.getKey() + SUFFIX, array.getValue()));
                array.getValue().write(zip);
                zip.closeEntry();
            }
        }
    }

    /** An uncompressed entry names its length and checksum before its bytes, so these are taken first. */
    private static ZipEntry entry(String name, NpyArray array) throws IOException {
        Counter counter = new Counter();
        CheckedOutputStream checked = new CheckedOutputStream(counter, new CRC32());
        array.write(checked);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(counter.bytes);
        entry.setCrc(checked.getChecksum().getValue());
        entry.setTimeLocal(TIME);
        return entry;
    }

    /**
     * Reads an archive, compressed or not.
     *
     * @param in holds it; read to its end and not closed
     * @param file what messages call it
     * @return its arrays
     * @throws SavedDataException if it is no such archive, was cut off or damaged, or holds anything but arrays
     * @throws IOException if it cannot be read
     */
    public static NpzFile read(InputStream in, String file) throws IOException {
        Objects.requireNonNull(file, "file");
        ZipEnd end = new ZipEnd(in);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(end)) {
            for (ZipEntry entry = next(zip, file); entry != null; entry = next(zip, file)) {
                String name = entry.getName();
                if (!name.endsWith(SUFFIX)) {
                    throw new SavedDataException(
                            "%s: holds %s, but must hold only arrays, named *%s".formatted(file, name, SUFFIX));
                }
                String key = name.substring(0, name.length() - SUFFIX.length());
                if (arrays.put(key, NpyArray.read(zip, file + ": " + key)) != null) {
                    throw new SavedDataException("%s: holds the array %s twice".formatted(file, key));
                }
            }
            end.transferTo(OutputStream.nullOutputStream());
        } catch (ZipException | EOFException e) {
            throw damaged(file, e.getMessage(), e);
        }
        if (end.entries() != arrays.size()) {
            String fault = end.entries() < 0
                    ? "it has no zip directory at its end"
                    : "its zip directory names %d arrays, but %d were found".formatted(end.entries(), arrays.size());
            throw damaged(file, fault, null);
        }
        return new NpzFile(file, arrays);
    }

    private static ZipEntry next(ZipInputStream zip, String file) throws IOException {
        try {
            return zip.getNextEntry();
        } catch (IllegalArgumentException e) {
            // A name that is no UTF-8.
            throw damaged(file, e.getMessage(), e);
        }
    }

    private static SavedDataException damaged(String file, String fault, Exception cause) {
        return new SavedDataException(
                "%s: not an .npz archive, or cut off or damaged (%s)".formatted(file, fault), cause);
    }

    /**
     * The names of the arrays.
     *
     * @return the names in the order of the archive
     */
    public Set<String> names() {
        return arrays.keySet();
    }

    /**
     * An array.
     *
     * @param name its name
     * @return the array
     * @throws SavedDataException if there is none of that name
     */
    public NpyArray array(String name) {
        NpyArray array = arrays.get(name);
        if (array == null) {
            throw new SavedDataException("%s: has no array %s; it has %s"
                    .formatted(file, name, arrays.isEmpty() ? "none" : arrays.keySet()));
        }
        return array;
    }

    /**
     * The numbers of an array whose shape is known.
     *
     * @param name its name
     * @param shape the shape it must have
     * @return its numbers, in C order
     * @throws SavedDataException if there is none of that name and shape, or one of its numbers is not finite
     */
    public float[] finiteValues(String name, int... shape) {
        NpyArray array = array(name);
        if (!Arrays.equals(array.shape(), shape)) {
            throw new SavedDataException("%s: %s has the shape %s, but must have %s"
                    .formatted(file, name, NpyHeader.tuple(array.shape()), NpyHeader.tuple(shape)));
        }
        array.requireFinite(file + ": " + name);
        return array.values();
    }

    /** Counts bytes and forgets them. */
    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int value) {
            bytes++;
        }

        @Override
        public void write(byte[] values, int offset, int count) {
            bytes += count;
        }
    }

    /** Leaves the stream below open, whose owner may have more to do with it. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] values, int offset, int count) throws IOException {
            out.write(values, offset, count);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}

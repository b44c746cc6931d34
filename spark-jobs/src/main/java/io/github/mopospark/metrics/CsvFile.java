package io.github.mopospark.metrics;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * A file of comma-separated numbers that is written as a whole, since not every file system can append. Its first columns are
 * whole numbers that tell rows apart and order them. An empty cell is a number that is not there.
 */
final class CsvFile {
    /** Whole numbers below this are written as such; a double holds them exactly. */
    private static final double LARGEST_WHOLE = 1e15;

    private static final Comparator<List<Integer>> ORDER =
            Comparator.comparing((List<Integer> key) -> key.get(0)).thenComparing(key -> key.get(key.size() - 1));

    private final Storage storage;
    private final Path path;
    private final int keys;
    private final List<String> header;
    private final Map<List<Integer>, double[]> rows = new TreeMap<>(ORDER);

    /**
     * A file without rows.
     *
     * @param storage reads and writes it
     * @param path where it lies
     * @param keys names of the columns that tell rows apart, one or two
     * @param columns names of the others
     */
    CsvFile(Storage storage, Path path, List<String> keys, List<String> columns) {
        this.storage = storage;
        this.path = path;
        this.keys = keys.size();
        this.header = Stream.concat(keys.stream(), columns.stream()).toList();
    }

    /**
     * Takes the rows that are there; none if there is no file. Columns that it lacks were not measured when it was written.
     *
     * @throws DatasetException if the file is not such a file
     * @throws IOException if it cannot be read
     */
    void read() throws IOException {
        if (!storage.of(path).exists(path)) {
            return;
        }
        String[] lines = new String(storage.readFully(path), StandardCharsets.UTF_8).split("\n", -1);
        List<String> found = List.of(lines[0].split(",", -1));
        boolean isKnown = found.size() > keys
                && found.subList(0, keys).equals(header.subList(0, keys))
                && header.containsAll(found)
                && found.stream().distinct().count() == found.size();
        if (!isKnown) {
            throw wrong(1, "the columns must be of %s, but are %s".formatted(String.join(",", header), lines[0]));
        }
        if (!lines[lines.length - 1].isEmpty()) {
            throw wrong(lines.length, "the line must end with a line feed");
        }
        for (int i = 1; i < lines.length - 1; i++) {
            read(i + 1, found, lines[i].split(",", -1));
        }
    }

    private void read(int line, List<String> columns, String[] cells) {
        if (cells.length != columns.size()) {
            throw wrong(line, "it must have %d cells, but has %d".formatted(columns.size(), cells.length));
        }
        try {
            List<Integer> key = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                key.add(Integer.valueOf(cells[i]));
            }
            double[] values = new double[header.size() - keys];
            Arrays.fill(values, Double.NaN);
            for (int i = keys; i < cells.length; i++) {
                if (!cells[i].isEmpty()) {
                    values[header.indexOf(columns.get(i)) - keys] = Double.parseDouble(cells[i]);
                }
            }
            put(key, values);
        } catch (NumberFormatException e) {
            throw wrong(line, "a cell is no number (" + e.getMessage() + ")");
        }
    }

    private DatasetException wrong(int line, String what) {
        return new DatasetException(
                "%s, line %d: %s; put the file back as the run wrote it, or take it away, which loses what was measured so far"
                        .formatted(path, line, what));
    }

    /** Adds a row, or to the row that is there; NaN is no number, and leaves what is there. */
    void put(List<Integer> key, double[] values) {
        double[] row = rows.computeIfAbsent(List.copyOf(key), absent -> {
            double[] empty = new double[header.size() - keys];
            Arrays.fill(empty, Double.NaN);
            return empty;
        });
        for (int i = 0; i < row.length; i++) {
            row[i] = Double.isNaN(values[i]) ? row[i] : values[i];
        }
    }

    /** Drops the rows with other keys. */
    void keep(Predicate<List<Integer>> kept) {
        rows.keySet().removeIf(kept.negate());
    }

    /** The rows by their keys, in order; not a copy. */
    Map<List<Integer>, double[]> rows() {
        return rows;
    }

    /** Replaces the file by these rows. */
    void write() throws IOException {
        StringBuilder text = new StringBuilder(String.join(",", header)).append('\n');
        rows.forEach((key, values) -> {
            for (int i = 0; i < keys; i++) {
                text.append(i == 0 ? "" : ",").append(key.get(i));
            }
            for (double value : values) {
                text.append(',').append(cell(value));
            }
            text.append('\n');
        });
        storage.replace(path, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes the file if it exists. */
    void delete() throws IOException {
        storage.of(path).delete(path, false);
    }

    Path path() {
        return path;
    }

    /** A text that reads back as the same bits. */
    private static String cell(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        boolean isWhole = value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE;
        boolean isMinusZero = value == 0 && 1 / value < 0;
        return isWhole && !isMinusZero ? Long.toString((long) value) : Double.toString(value);
    }
}

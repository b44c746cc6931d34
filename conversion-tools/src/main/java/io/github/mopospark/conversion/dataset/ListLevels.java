package io.github.mopospark.conversion.dataset;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridValuesWriter;

/**
 * Parquet's repetition and definition levels of lists that all have one width: where each list starts, and which are null. Pages
 * of as many rows have the same, so the last ones are kept.
 */
final class ListLevels {
    private static final int SLAB_BYTES = 1 << 12;
    private static final int LARGEST_BYTES = 1 << 26;

    private record Key(int rows, int width, int defined) {}

    private final Map<Key, BytesInput> known = new HashMap<>();

    /**
     * Levels of lists of which none is null.
     *
     * @param rows how many lists
     * @param width numbers in each
     * @param defined the definition level of a number
     */
    BytesInput ofLists(int rows, int width, int defined) throws IOException {
        Key key = new Key(rows, width, defined);
        BytesInput levels = known.get(key);
        if (levels == null) {
            RunLengthBitPackingHybridValuesWriter repetition = writer(1);
            RunLengthBitPackingHybridValuesWriter definition = writer(defined);
            for (int row = 0; row < rows; row++) {
                list(repetition, definition, width, defined);
            }
            levels = bytes(repetition, definition);
            // Three widths of a full block and three of a last one are in use.
            if (known.size() < 8) {
                known.put(key, levels);
            }
        }
        return levels;
    }

    /** Levels of lists that are null where not present. */
    static BytesInput ofNullableLists(boolean[] isPresent, int width) throws IOException {
        RunLengthBitPackingHybridValuesWriter repetition = writer(1);
        RunLengthBitPackingHybridValuesWriter definition = writer(2);
        for (boolean present : isPresent) {
            if (present) {
                list(repetition, definition, width, 2);
            } else {
                repetition.writeInteger(0);
                definition.writeInteger(0);
            }
        }
        return bytes(repetition, definition);
    }

    private static void list(
            RunLengthBitPackingHybridValuesWriter repetition,
            RunLengthBitPackingHybridValuesWriter definition,
            int width,
            int defined) {
        for (int i = 0; i < width; i++) {
            repetition.writeInteger(i == 0 ? 0 : 1);
            definition.writeInteger(defined);
        }
    }

    private static RunLengthBitPackingHybridValuesWriter writer(int largest) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(largest);
        return new RunLengthBitPackingHybridValuesWriter(
                bits, SLAB_BYTES, LARGEST_BYTES, HeapByteBufferAllocator.getInstance());
    }

    private static BytesInput bytes(
            RunLengthBitPackingHybridValuesWriter repetition, RunLengthBitPackingHybridValuesWriter definition)
            throws IOException {
        return BytesInput.copy(BytesInput.concat(repetition.getBytes(), definition.getBytes()));
    }
}

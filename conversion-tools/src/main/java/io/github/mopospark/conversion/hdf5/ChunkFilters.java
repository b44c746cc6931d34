package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes the filters of a chunk: gzip, shuffle and fletcher32. jHDF can too, but it passes over fletcher32's checksum and does
 * not take its four bytes away, inflates without a limit, and believes what a damaged file says of shuffle.
 */
final class ChunkFilters {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER32 = 3;
    private static final int CHECKSUM_BYTES = 4;
    private static final List<Integer> KNOWN = List.of(DEFLATE, SHUFFLE, FLETCHER32);

    private final List<PipelineFilterWithData> filters;
    private final int chunkBytes;

    /**
     * The filters of a dataset.
     *
     * @param place what messages call it
     * @param filters in the order in which they were applied
     * @param chunkBytes bytes of a chunk
     * @param elementBytes bytes of a number
     * @throws DatasetException if shuffle is for numbers of another size
     */
    ChunkFilters(String place, List<PipelineFilterWithData> filters, int chunkBytes, int elementBytes) {
        this.filters = filters;
        this.chunkBytes = chunkBytes;
        for (PipelineFilterWithData filter : filters) {
            if (filter.getId() == SHUFFLE && !Arrays.equals(filter.getFilterData(), new int[] {elementBytes})) {
                throw new DatasetException(
                        "%s has the filter shuffle for %s-byte numbers, but its numbers have %d bytes"
                                .formatted(place, Arrays.toString(filter.getFilterData()), elementBytes));
            }
        }
    }

    /** Whether all of the filters are of those that are undone here. */
    static boolean areKnown(List<PipelineFilterWithData> filters) {
        return filters.stream().allMatch(filter -> KNOWN.contains(filter.getId()));
    }

    /**
     * Undoes the filters.
     *
     * @param stored the chunk as it is in the file
     * @return the numbers' bytes, as many as they are
     * @throws IllegalStateException if the chunk is damaged
     */
    byte[] undo(ByteBuffer stored) {
        byte[] bytes = new byte[stored.remaining()];
        stored.get(bytes);
        for (int i = filters.size() - 1; i >= 0; i--) {
            PipelineFilterWithData filter = filters.get(i);
            bytes = switch (filter.getId()) {
                case DEFLATE -> inflated(bytes, chunkBytes + CHECKSUM_BYTES * checksums(i));
                case SHUFFLE -> unshuffled(bytes, filter.getFilterData()[0]);
                case FLETCHER32 -> withoutChecksum(bytes);
                default -> throw new IllegalStateException("filter " + filter.getName());
            };
        }
        return bytes;
    }

    /** How many checksums were added before a filter was applied. */
    private int checksums(int before) {
        return (int) filters.stream()
                .limit(before)
                .filter(filter -> filter.getId() == FLETCHER32)
                .count();
    }

    private static byte[] inflated(byte[] bytes, int length) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes);
            // One byte more than there should be, so that a chunk that goes on is seen, and its end is read in any
            // case.
            byte[] inflated = new byte[length + 1];
            int done = 0;
            while (!inflater.finished()) {
                int taken = inflater.inflate(inflated, done, inflated.length - done);
                if (taken == 0 && !inflater.finished()) {
                    throw new IllegalStateException("a gzip chunk is cut or too long");
                }
                done += taken;
            }
            return Arrays.copyOf(inflated, done);
        } catch (DataFormatException e) {
            throw new IllegalStateException("a gzip chunk is damaged: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private static byte[] unshuffled(byte[] bytes, int elementBytes) {
        if (bytes.length % elementBytes != 0) {
            throw new IllegalStateException("a shuffled chunk is no whole number of numbers");
        }
        int elements = bytes.length / elementBytes;
        byte[] ordered = new byte[bytes.length];
        int position = 0;
        for (int i = 0; i < elementBytes; i++) {
            for (int element = 0; element < elements; element++) {
                ordered[element * elementBytes + i] = bytes[position++];
            }
        }
        return ordered;
    }

    private static byte[] withoutChecksum(byte[] bytes) {
        int length = bytes.length - CHECKSUM_BYTES;
        if (length < 0) {
            throw new IllegalStateException("a chunk is too short for its checksum");
        }
        int stored = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(length);
        int computed = fletcher32(bytes, length);
        // HDF5 before 1.6.3 swapped the bytes of each half on little-endian machines, and such files are still read.
        int swapped = ((computed & 0x00ff00ff) << 8) | ((computed >>> 8) & 0x00ff00ff);
        if (stored != computed && stored != swapped) {
            throw new IllegalStateException("a chunk differs from its fletcher32 checksum");
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Fletcher's checksum as HDF5 takes it: over big-endian 16-bit words, an odd last byte filled up with zero. */
    static int fletcher32(byte[] bytes, int length) {
        long first = 0;
        long second = 0;
        for (int i = 0; i < length; i += 2) {
            int low = i + 1 < length ? bytes[i + 1] & 0xff : 0;
            first = folded(first + ((bytes[i] & 0xff) << 8 | low));
            second = folded(second + first);
        }
        return (int) (second << 16 | first);
    }

    private static long folded(long sum) {
        return (sum & 0xffff) + (sum >>> 16);
    }
}

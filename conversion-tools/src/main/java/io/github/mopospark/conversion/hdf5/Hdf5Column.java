package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.filter.PipelineFilterWithData;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.OrderedDataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one dataset, {@code [rows]} or {@code [rows, width]}, read a band at a time. A band is as many rows as a chunk
 * has (for an unchunked dataset, a fixed number); the last one decoded is kept, so that reading in order decodes each once.
 */
abstract class Hdf5Column {
    /** Rows read at once from a dataset without chunks. */
    private static final int UNCHUNKED_BAND_ROWS = 4096;

    /** Deflate cannot shrink more than this; a shape beyond it is damaged, and must not be given memory. */
    private static final long LARGEST_COMPRESSION = 1100;

    /** What HDF5 writes for a dimension that may grow without end. */
    private static final long UNLIMITED = -1;

    private static final long LARGEST_BAND_BYTES = 1L << 30;

    private final Hdf5File file;
    private final String key;
    private final Dataset dataset;
    private final long rows;
    private final int width;
    private final int elementBytes;
    private final ByteOrder order;
    private final int bandRows;
    private final int bandColumns;

    /** How chunks are decoded; empty where that is left to jHDF, or there are none. */
    private final Optional<ChunkFilters> filters;

    private long band = -1;

    Hdf5Column(Hdf5File file, String key, Dataset dataset, int rank) {
        this.file = file;
        this.key = key;
        this.dataset = dataset;
        long[] shape = Hdf5File.guarded(place(), dataset::getDimensionsAsLong);
        if (shape.length != rank) {
            throw new DatasetException("%s has the shape %s but must be %s"
                    .formatted(place(), Arrays.toString(shape), rank == 1 ? "[rows]" : "[rows, numbers]"));
        }
        this.rows = shape[0];
        this.elementBytes =
                Hdf5File.guarded(place(), () -> dataset.getDataType().getSize());
        long columns = rank == 1 ? 1 : shape[1];
        long ceiling = Math.multiplyExact(file.bytes(), LARGEST_COMPRESSION);
        if (rows < 0
                || columns < 1
                || columns > Integer.MAX_VALUE
                || elementBytes < 1
                || rows > ceiling / columns / elementBytes) {
            throw new DatasetException(
                    "%s has the shape %s of %d-byte numbers, more than its file of %,d bytes can hold"
                            .formatted(place(), Arrays.toString(shape), elementBytes, file.bytes()));
        }
        this.width = (int) columns;
        this.order = order(dataset.getDataType());
        if (dataset instanceof ChunkedDataset chunked) {
            int[] chunk = Hdf5File.guarded(place(), chunked::getChunkDimensions);
            requireChunkFits(chunk, Hdf5File.guarded(place(), dataset::getMaxSize));
            this.bandRows = chunk[0];
            this.bandColumns = rank == 1 ? 1 : chunk[1];
        } else {
            this.bandRows = UNCHUNKED_BAND_ROWS;
            this.bandColumns = width;
        }
        if (bandRows < 1
                || bandColumns < 1
                || (long) bandRows * Math.max(bandColumns, width) > LARGEST_BAND_BYTES / elementBytes) {
            throw new DatasetException("%s has chunks of [%d, %d] numbers; the largest that are read are 1 GiB"
                    .formatted(place(), bandRows, bandColumns));
        }
        this.filters = dataset instanceof ChunkedDataset chunked ? filters(chunked) : Optional.empty();
    }

    private static ByteOrder order(DataType type) {
        DataType numbers = type instanceof EnumDataType enumeration ? enumeration.getBaseType() : type;
        return numbers instanceof OrderedDataType ordered ? ordered.getByteOrder() : ByteOrder.LITTLE_ENDIAN;
    }

    /** HDF5 makes no chunk that is larger than its dataset can become, so one that is tells of a damaged shape. */
    private void requireChunkFits(int[] chunk, long[] largest) {
        boolean fits = chunk.length == largest.length;
        for (int i = 0; fits && i < chunk.length; i++) {
            fits = largest[i] == UNLIMITED || chunk[i] <= largest[i];
        }
        if (!fits) {
            throw new DatasetException("%s has chunks of %s numbers, which do not fit in %s; the file is damaged"
                    .formatted(place(), Arrays.toString(chunk), Arrays.toString(largest)));
        }
    }

    private Optional<ChunkFilters> filters(ChunkedDataset chunked) {
        List<PipelineFilterWithData> found = Hdf5File.guarded(place(), chunked::getFilters);
        return ChunkFilters.areKnown(found)
                ? Optional.of(new ChunkFilters(place(), found, chunkBytes(), elementBytes))
                : Optional.empty();
    }

    private int chunkBytes() {
        return bandRows * bandColumns * elementBytes;
    }

    /** How messages name this column. */
    final String place() {
        return file.name() + ": /" + key;
    }

    final long rows() {
        return rows;
    }

    /** Numbers in a row. */
    final int width() {
        return width;
    }

    final int bandRows() {
        return bandRows;
    }

    /** Rows that a band of decoded values needs room for. */
    final int bandArrayRows() {
        return Math.toIntExact(Math.min(bandRows, Math.max(1, rows)));
    }

    final int elementBytes() {
        return elementBytes;
    }

    /** Makes the band that holds a row the current one, and returns its first row. */
    private long load(long row) {
        long wanted = row / bandRows;
        if (wanted != band) {
            band = -1;
            Hdf5File.guarded(place() + " near row " + row, () -> {
                decodeBand(wanted * bandRows);
                return null;
            });
            band = wanted;
        }
        return wanted * bandRows;
    }

    private void decodeBand(long firstRow) {
        if (dataset instanceof ChunkedDataset chunked) {
            for (int column = 0; column < width; column += bandColumns) {
                decode(chunk(chunked, firstRow, column), firstRow, bandRows, column, bandColumns);
            }
            return;
        }
        int count = (int) Math.min(bandRows, rows - firstRow);
        ByteBuffer bytes;
        if (dataset instanceof ContiguousDataset contiguous) {
            bytes = contiguousRows(contiguous, firstRow, count);
        } else {
            bytes = ((DatasetBase) dataset).getDataBuffer();
            int rowBytes = width * elementBytes;
            bytes = bytes.slice((int) firstRow * rowBytes, count * rowBytes);
        }
        decode(bytes.order(order), firstRow, count, 0, width);
    }

    private ByteBuffer chunk(ChunkedDataset chunked, long firstRow, int column) {
        int row = Math.toIntExact(firstRow);
        int[] offset = chunked.getDimensionsAsLong().length == 1 ? new int[] {row} : new int[] {row, column};
        byte[] bytes = filters.isPresent()
                ? filters.get().undo(chunked.getRawChunkBuffer(offset))
                : chunked.getDecompressedChunk(offset);
        if (bytes.length != chunkBytes()) {
            throw new DatasetException("%s: the chunk at row %d has %,d bytes instead of %,d; the file is damaged"
                    .formatted(place(), firstRow, bytes.length, chunkBytes()));
        }
        return ByteBuffer.wrap(bytes).order(order);
    }

    private ByteBuffer contiguousRows(ContiguousDataset contiguous, long firstRow, int count) {
        if (contiguous.getDataAddress() < 0) {
            throw new DatasetException(place() + " was never written; the file is not complete");
        }
        int rowBytes = width * elementBytes;
        ByteBuffer bytes = ByteBuffer.allocate(count * rowBytes);
        long position = file.userBlockSize() + contiguous.getDataAddress() + firstRow * rowBytes;
        try {
            while (bytes.hasRemaining()) {
                if (file.channel().read(bytes, position + bytes.position()) < 0) {
                    throw new DatasetException(
                            place() + " ends early, in the rows from " + firstRow + " on; the file is truncated");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.flip();
    }

    /**
     * Takes the values of a band's chunk.
     *
     * @param bytes the values, row-major {@code [count, columns]}; rows and columns beyond the dataset's shape are padding
     * @param firstRow the band's first row
     * @param count rows in {@code bytes}
     * @param column the first column
     * @param columns columns in {@code bytes}
     */
    abstract void decode(ByteBuffer bytes, long firstRow, int count, int column, int columns);

    /**
     * Refuses the current band if a value of it cannot be taken.
     *
     * @throws DatasetException if there is one
     */
    abstract void requireUsableBand();

    /**
     * Copies rows, band by band.
     *
     * @param from the first row
     * @param count how many
     * @param values the array that {@link #decode} fills with a band
     * @param target an array of the same type that takes {@code [count, width]} from its start
     */
    final void copyRows(long from, int count, Object values, Object target) {
        requireRange(from, count);
        int done = 0;
        while (done < count) {
            long row = from + done;
            int offset = (int) (row - load(row));
            requireUsableBand();
            int taken = Math.min(count - done, bandRows - offset);
            System.arraycopy(values, offset * width, target, done * width, taken * width);
            done += taken;
        }
    }

    private void requireRange(long from, int count) {
        if (from < 0 || count < 0 || from + count > rows) {
            throw new IndexOutOfBoundsException(
                    "rows " + from + " to " + (from + count) + " of " + place() + ", which has " + rows);
        }
    }
}

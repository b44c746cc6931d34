package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import io.jhdf.api.Dataset;
import io.jhdf.object.datatype.BitField;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Flags: h5py's booleans (an enumeration of FALSE and TRUE), or integers that are 0 or 1. */
final class FlagColumn extends Hdf5Column {
    private final boolean[] values;
    private long firstOther = -1;

    FlagColumn(Hdf5File file, String key, Dataset dataset) {
        super(file, key, dataset, 1);
        boolean known = dataset.getDataType() instanceof FixedPoint
                || dataset.getDataType() instanceof EnumDataType
                || dataset.getDataType() instanceof BitField;
        if (!known || elementBytes() > Long.BYTES) {
            throw new DatasetException("%s has %d-byte %s; it must be boolean, or an integer of 0 and 1"
                    .formatted(
                            place(),
                            elementBytes(),
                            dataset.getDataType().getClass().getSimpleName()));
        }
        this.values = Hdf5File.guarded(place(), () -> new boolean[bandArrayRows()]);
    }

    /**
     * Reads rows.
     *
     * @param from the first row
     * @param count how many
     * @param target takes {@code [count]} from its start
     * @throws DatasetException if the rows cannot be decoded, or a number is neither 0 nor 1
     */
    void read(long from, int count, boolean[] target) {
        copyRows(from, count, values, target);
    }

    @Override
    void requireUsableBand() {
        if (firstOther >= 0) {
            throw new DatasetException(
                    place() + " is neither 0 nor 1 in row " + firstOther + "; the file is damaged or not D4RL");
        }
    }

    @Override
    void decode(ByteBuffer bytes, long firstRow, int count, int column, int columns) {
        firstOther = -1;
        int valid = (int) Math.min(count, rows() - firstRow);
        boolean bigEndian = bytes.order() == ByteOrder.BIG_ENDIAN;
        for (int row = 0; row < valid; row++) {
            long value = 0;
            for (int i = 0; i < elementBytes(); i++) {
                int shift = Byte.SIZE * (bigEndian ? elementBytes() - 1 - i : i);
                value |= (bytes.get(row * elementBytes() + i) & 0xffL) << shift;
            }
            if (value != 0 && value != 1 && firstOther < 0) {
                firstOther = firstRow + row;
            }
            values[row] = value == 1;
        }
    }
}

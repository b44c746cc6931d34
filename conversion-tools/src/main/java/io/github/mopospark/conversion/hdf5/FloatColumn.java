package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import io.jhdf.api.Dataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** Numbers, float32 or float64; the latter are rounded to float32. */
final class FloatColumn extends Hdf5Column {
    private final float[] values;

    /** The first row of the current band whose finite double is too large for a float, or -1. */
    private long firstOverflow = -1;

    FloatColumn(Hdf5File file, String key, Dataset dataset, int rank) {
        super(file, key, dataset, rank);
        if (!isFloatOrDouble(dataset.getDataType())) {
            throw new DatasetException("%s has %d-byte %s; it must be float32 or float64"
                    .formatted(
                            place(),
                            elementBytes(),
                            dataset.getDataType().getClass().getSimpleName()));
        }
        this.values = Hdf5File.guarded(place(), () -> new float[bandArrayRows() * width()]);
    }

    /** Whether numbers are laid out as Java's are; HDF5 can describe others, and a damaged file does. */
    private static boolean isFloatOrDouble(DataType type) {
        return type instanceof FloatingPoint number
                && (isLaidOutAs(FloatingPoint.FLOAT, number) || isLaidOutAs(FloatingPoint.DOUBLE, number));
    }

    private static boolean isLaidOutAs(FloatingPoint wanted, FloatingPoint type) {
        return type.getSize() == wanted.getSize()
                && type.getBitOffset() == wanted.getBitOffset()
                && type.getBitPrecision() == wanted.getBitPrecision()
                && type.getSignLocation() == wanted.getSignLocation()
                && type.getExponentLocation() == wanted.getExponentLocation()
                && type.getExponentSize() == wanted.getExponentSize()
                && type.getExponentBias() == wanted.getExponentBias()
                && type.getMantissaLocation() == wanted.getMantissaLocation()
                && type.getMantissaSize() == wanted.getMantissaSize()
                && type.getMantissaNormalization() == wanted.getMantissaNormalization();
    }

    /**
     * Reads rows.
     *
     * @param from the first row
     * @param count how many
     * @param target takes {@code [count, width]}, row-major, from its start
     * @throws DatasetException if the rows cannot be decoded, or a finite double is beyond float32
     */
    void read(long from, int count, float[] target) {
        copyRows(from, count, values, target);
    }

    @Override
    void requireUsableBand() {
        if (firstOverflow >= 0) {
            throw new DatasetException(place() + " has a finite double in row " + firstOverflow
                    + " that is too large for float32; clip or rescale it first");
        }
    }

    @Override
    void decode(ByteBuffer bytes, long firstRow, int count, int column, int columns) {
        if (column == 0) {
            firstOverflow = -1;
        }
        int validRows = (int) Math.min(count, rows() - firstRow);
        int validColumns = Math.min(columns, width() - column);
        if (elementBytes() == Float.BYTES) {
            FloatBuffer floats = bytes.asFloatBuffer();
            if (columns == width()) {
                floats.get(values, 0, validRows * width());
                return;
            }
            // Out of the buffer at once, then scattered: several times as fast as number by number.
            float[] chunk = new float[validRows * columns];
            floats.get(chunk);
            for (int i = 0; i < validColumns; i++) {
                for (int row = 0, to = column + i; row < validRows; row++, to += width()) {
                    values[to] = chunk[row * columns + i];
                }
            }
        } else {
            DoubleBuffer doubles = bytes.asDoubleBuffer();
            for (int row = 0; row < validRows; row++) {
                for (int i = 0; i < validColumns; i++) {
                    double value = doubles.get(row * columns + i);
                    float rounded = (float) value;
                    if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
                        firstOverflow = firstOverflow < 0 ? firstRow + row : Math.min(firstOverflow, firstRow + row);
                    }
                    values[row * width() + column + i] = rounded;
                }
            }
        }
    }
}

package io.github.mopospark.ml;

import io.github.mopospark.conversion.DatasetException;
import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import scala.collection.Seq;

/**
 * A column of lists of numbers: an observation or an action a row.
 *
 * @param name what messages call it
 * @param index its place in a row
 * @param size how many numbers a list must have
 * @param needed what has so many, for messages
 */
record NumbersColumn(String name, int index, int size, String needed) implements Serializable {
    boolean isNull(Row row) {
        return row.isNullAt(index);
    }

    /**
     * Reads a row's numbers; doubles are rounded to floats.
     *
     * @param row the row
     * @param place where it is, for messages
     * @param target gets the numbers
     * @param offset where
     * @throws DatasetException if there are none, or too few or too many
     */
    void read(Row row, RowPlace place, float[] target, int offset) {
        if (isNull(row)) {
            throw new DatasetException("%s: %s is null; leave such rows out".formatted(place, name));
        }
        if (row.get(index) instanceof Vector vector) {
            requireSize(vector.size(), place);
            for (int i = 0; i < size; i++) {
                target[offset + i] = (float) vector.apply(i);
            }
        } else {
            Seq<Number> numbers = row.getSeq(index);
            requireSize(numbers.size(), place);
            for (int i = 0; i < size; i++) {
                Number number = numbers.apply(i);
                if (number == null) {
                    throw new DatasetException(
                            "%s: number %d of %s is null; leave such rows out".formatted(place, i, name));
                }
                target[offset + i] = number.floatValue();
            }
        }
    }

    private void requireSize(int found, RowPlace place) {
        if (found != size) {
            throw new DatasetException(
                    "%s: %s must have %d numbers, as %s, but has %d".formatted(place, name, size, needed, found));
        }
    }
}

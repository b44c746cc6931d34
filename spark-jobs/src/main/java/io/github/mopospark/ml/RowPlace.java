package io.github.mopospark.ml;

/**
 * Where a row is.
 *
 * @param partition the number of its partition
 * @param row its number in the partition, from 0
 */
record RowPlace(int partition, long row) {
    @Override
    public String toString() {
        return "row %,d of partition %,d".formatted(row, partition);
    }
}

package io.github.mopospark.policy.buffers;

import java.util.Arrays;
import java.util.Collection;

/**
 * The rows of closed rounds as numbers from 0: the rounds from the oldest, in each the shards by number, in each the rows as they
 * came from the shard. Never changes.
 */
final class ClosedRows {
    /** {@code [pieces]}: for each shard with rows, the rows up to its last. */
    private final long[] ends;
    /** {@code [pieces]}: where its first row lies. */
    private final int[] firstRows;

    private final RowStorage[] storages;

    ClosedRows(Collection<Round> rounds) {
        int shards = rounds.stream().mapToInt(Round::shards).sum();
        long[] allEnds = new long[shards];
        int[] allFirstRows = new int[shards];
        RowStorage[] allStorages = new RowStorage[shards];
        int pieces = 0;
        long end = 0;
        for (Round round : rounds) {
            for (int shard = 0; shard < round.shards(); shard++) {
                if (round.rowsOf(shard) > 0) {
                    end += round.rowsOf(shard);
                    allEnds[pieces] = end;
                    allFirstRows[pieces] = round.firstRow(shard);
                    allStorages[pieces] = round.storage();
                    pieces++;
                }
            }
        }
        this.ends = Arrays.copyOf(allEnds, pieces);
        this.firstRows = Arrays.copyOf(allFirstRows, pieces);
        this.storages = Arrays.copyOf(allStorages, pieces);
    }

    long rows() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /** The piece that holds a row. */
    int piece(long number) {
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] > number) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    RowStorage storage(int piece) {
        return storages[piece];
    }

    /** Where a row lies in the storage of its piece. */
    int place(int piece, long number) {
        long start = piece == 0 ? 0 : ends[piece - 1];
        return firstRows[piece] + (int) (number - start);
    }
}

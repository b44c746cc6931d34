package io.github.mopospark.jobs;

import io.github.mopospark.conversion.preparation.Episodes;
import io.github.mopospark.conversion.preparation.RowSelection;
import java.io.Serializable;

/**
 * Consecutive rows of a file, the work of one task.
 *
 * @param uri the file
 * @param sha256 of its bytes
 * @param bytes its size
 * @param modified when it was changed last
 * @param from the first row
 * @param to the row after the last
 * @param episodes those that have a row in it, numbered as in the dataset
 * @param selection which rows are kept
 */
record Slice(
        String uri,
        String sha256,
        long bytes,
        long modified,
        long from,
        long to,
        Episodes episodes,
        RowSelection selection)
        implements Serializable {

    Slice keeping(RowSelection rows) {
        return new Slice(uri, sha256, bytes, modified, from, to, episodes, rows);
    }
}

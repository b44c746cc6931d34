package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.Transitions;
import java.io.IOException;
import java.util.Optional;

/** Rows of a dataset in order, block by block. */
interface RowSource {
    /** The next rows, at least one; empty behind the last. */
    Optional<Transitions> next() throws IOException;
}

package io.github.mopospark.conversion.export;

import java.io.IOException;

/** A layout that takes rows in order. */
interface RowSink {
    /** Writes the rows of a window. */
    void write(RowWindow window) throws IOException;

    /** Writes what comes after the last row. */
    void finish() throws IOException;
}

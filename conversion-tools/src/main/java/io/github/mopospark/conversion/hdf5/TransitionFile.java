package io.github.mopospark.conversion.hdf5;

import io.github.mopospark.conversion.DatasetException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of recorded transitions, read in slices of rows. Not safe for use by several threads.
 *
 * @see <a href="https://github.com/Farama-Foundation/D4RL/wiki/Tasks">D4RL</a>
 * @see <a href="https://minari.farama.org/content/dataset_standards/">Minari</a>
 */
public sealed interface TransitionFile extends AutoCloseable permits D4rlFile, MinariFile {

    /** The layouts that are read. */
    enum Layout {
        /** D4RL with {@code next_observations}. */
        D4RL_V2,
        /** D4RL without: the next row's observation stands in for it. */
        D4RL_V0,
        /** A group for each episode, with one observation more than actions. */
        MINARI
    }

    /**
     * Opens a file of any layout.
     *
     * @param path a local file
     * @param name what messages call it
     * @return the open file
     * @throws DatasetException if it is no such file: not HDF5, damaged, without a needed dataset, with unequal row counts,
     *     wrong shapes or types, or empty
     * @throws IOException if it cannot be read
     */
    static TransitionFile open(Path path, String name) throws IOException {
        Hdf5File file = Hdf5File.open(path, name);
        try {
            return file.groupsNamed(MinariFile.EPISODE_PREFIX).isEmpty() ? new D4rlFile(file) : new MinariFile(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The layout.
     *
     * @return which of the three
     */
    Layout layout();

    /**
     * All rows.
     *
     * @return at least 1
     */
    long rows();

    /**
     * Numbers in an observation.
     *
     * @return at least 1
     */
    int observationSize();

    /**
     * Numbers in an action.
     *
     * @return at least 1
     */
    int actionSize();

    /**
     * Whether the file says which rows were cut by time.
     *
     * @return false for a D4RL file without {@code timeouts}
     */
    boolean recordsTimeouts();

    /**
     * Where the layout itself ends episodes.
     *
     * @return for Minari the row after each episode's last, ascending; empty for D4RL
     */
    long[] groupEnds();

    /**
     * What was found besides the transitions and is not converted.
     *
     * @return paths of datasets
     */
    List<String> skippedKeys();

    /**
     * Reads flags only.
     *
     * @param from the first row
     * @param terminals takes as many rows as it has places
     * @param timeouts takes as many, all false where the file has none
     * @throws DatasetException if they cannot be decoded
     */
    void readFlags(long from, boolean[] terminals, boolean[] timeouts);

    /**
     * Reads rows.
     *
     * @param from the first row
     * @param count how many
     * @return the rows
     * @throws DatasetException if they cannot be decoded
     */
    RecordedRows read(long from, int count);

    @Override
    void close() throws IOException;
}

package io.github.mopospark.runs;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the trials of a sweep have learned from, so that changed data are noticed whichever trials come later.
 *
 * @param formatVersion of the file
 * @param checksums by the data's names in the configuration: SHA-256 of a file's bytes, or a dataset's checksum
 */
public record SweepData(int formatVersion, Map<String, String> checksums) {
    /** The version that this program writes and reads. */
    public static final int VERSION = 1;

    /** Copies the map. */
    public SweepData {
        checksums = Collections.unmodifiableMap(new TreeMap<>(checksums));
    }

    /**
     * Of a sweep that nobody has begun.
     *
     * @return no data
     */
    public static SweepData none() {
        return new SweepData(VERSION, Map.of());
    }

    /**
     * Adds data.
     *
     * @param data the name in the configuration
     * @param checksum of what lies there
     * @return all of them
     */
    public SweepData with(String data, String checksum) {
        Map<String, String> all = new TreeMap<>(checksums);
        all.put(data, checksum);
        return new SweepData(formatVersion, all);
    }
}

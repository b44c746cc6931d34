package io.github.mopospark.reports;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import java.io.IOException;

/**
 * What a report needs of a dataset's rows besides what its manifest says.
 *
 * @param rewards of all rows
 * @param terminals rows at which the MDP ended
 * @param timeouts rows at which an episode was cut
 */
public record DatasetRows(Histogram rewards, long terminals, long timeouts) {
    private static final long ROWS_AT_ONCE = 100_000;

    /**
     * Reads all rows, a range at a time.
     *
     * @param folder the dataset
     * @param manifest of the dataset
     * @return what was counted
     * @throws DatasetException if a part is damaged, differs from its checksum, or has other rewards than the manifest says
     * @throws IOException if it cannot be read
     */
    public static DatasetRows read(DatasetFolder folder, Manifest manifest) throws IOException {
        double low = manifest.statistics().reward().min()[0];
        double high = manifest.statistics().reward().max()[0];
        Histogram rewards = new Histogram(low, high, 0);
        long terminals = 0;
        long timeouts = 0;
        long start = 0;
        for (Manifest.Part part : manifest.parts()) {
            long end = start + part.rows();
            // A range never spans two parts: each part would be read twice.
            for (long from = start; from < end; from += ROWS_AT_ONCE) {
                Transitions rows = folder.read(manifest, from, Math.min(from + ROWS_AT_ONCE, end));
                for (int i = 0; i < rows.rows(); i++) {
                    double reward = rows.rewards()[i];
                    if (!(reward >= low && reward <= high)) {
                        throw new DatasetException(
                                "%s: row %,d has the reward %s but %s says %s to %s; convert it again"
                                        .formatted(folder.path(), from + i, reward, DatasetFolder.MANIFEST, low, high));
                    }
                    rewards.add(reward);
                    terminals += rows.terminals()[i] ? 1 : 0;
                    timeouts += rows.timeouts()[i] ? 1 : 0;
                }
            }
            start = end;
        }
        return new DatasetRows(rewards, terminals, timeouts);
    }
}

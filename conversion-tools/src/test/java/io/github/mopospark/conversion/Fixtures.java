package io.github.mopospark.conversion;

import io.github.mopospark.conversion.hdf5.RecordedRows;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The files of {@code make_fixtures.py} and its formulas, and files that a test makes itself. */
public final class Fixtures {
    /** Numbers in an observation. */
    public static final int WIDTH = 5;

    /** Numbers in an action. */
    public static final int ACTIONS = 3;

    /** Rows of an episode. */
    public static final int EPISODE = 50;

    private Fixtures() {}

    /** A file that h5py wrote. */
    public static Path path(String name) {
        URL url = Objects.requireNonNull(Fixtures.class.getResource("/hdf5/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens a file that h5py wrote. */
    public static TransitionFile open(String name) throws IOException {
        return TransitionFile.open(path(name), name);
    }

    public static float observation(long row, int column) {
        return row + column / 8f;
    }

    public static float action(long row, int column) {
        return (float) ((Math.floorMod(7 * row + 3L * column, 21L) - 10) / 10.0);
    }

    public static float reward(long row) {
        return row / 4f;
    }

    public static boolean ends(long row) {
        return (row + 1) % EPISODE == 0;
    }

    public static boolean isTerminal(long row) {
        return ends(row) && (row + 1) / EPISODE % 2 == 1;
    }

    public static boolean isTimeout(long row) {
        return ends(row) && (row + 1) / EPISODE % 2 == 0;
    }

    /** The rows that a D4RL file of the formulas has, from a row on. */
    public static RecordedRows expected(long from, int count, boolean recordsNext, boolean isLastOfFile) {
        RecordedRows rows = new RecordedRows(
                from,
                new float[count * WIDTH],
                new float[count * ACTIONS],
                new float[count],
                new float[count * WIDTH],
                new boolean[count],
                new boolean[count]);
        for (int i = 0; i < count; i++) {
            long row = from + i;
            for (int k = 0; k < WIDTH; k++) {
                rows.observations()[i * WIDTH + k] = observation(row, k);
                rows.nextObservations()[i * WIDTH + k] = recordsNext && ends(row)
                        ? observation(row, k) + 0.5f
                        : observation(!recordsNext && isLastOfFile && i + 1 == count ? row : row + 1, k);
            }
            for (int k = 0; k < ACTIONS; k++) {
                rows.actions()[i * ACTIONS + k] = action(row, k);
            }
            rows.rewards()[i] = reward(row);
            rows.terminals()[i] = isTerminal(row);
            rows.timeouts()[i] = isTimeout(row);
        }
        return rows;
    }

    /** Writes a file of arrays; a key may have one slash. */
    public static Path write(Path path, Map<String, Object> datasets) {
        try (var file = HdfFile.write(path)) {
            datasets.forEach((key, values) -> {
                int slash = key.indexOf('/');
                if (slash < 0) {
                    file.putDataset(key, values);
                } else {
                    var group = file.getChildren().containsKey(key.substring(0, slash))
                            ? (io.jhdf.api.WritableGroup) file.getChild(key.substring(0, slash))
                            : file.putGroup(key.substring(0, slash));
                    group.putDataset(key.substring(slash + 1), values);
                }
            });
        }
        return path;
    }
}

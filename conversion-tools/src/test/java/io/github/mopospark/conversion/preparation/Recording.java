package io.github.mopospark.conversion.preparation;

import io.github.mopospark.conversion.Fixtures;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.tasks.JumpReward;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A D4RL file that a test makes: row i has the observation [i, i + 1/2], its next observation the next row's. */
final class Recording {
    final float[][] observations;
    final float[][] next;
    final float[][] actions;
    final float[] rewards;
    final byte[] terminals;
    final byte[] timeouts;
    boolean recordsNext = true;
    boolean recordsTimeouts = true;

    Recording(int rows) {
        observations = new float[rows][];
        next = new float[rows][];
        actions = new float[rows][1];
        rewards = new float[rows];
        terminals = new byte[rows];
        timeouts = new byte[rows];
        for (int i = 0; i < rows; i++) {
            observations[i] = new float[] {i, i + 0.5f};
            next[i] = new float[] {i + 1, i + 1.5f};
            rewards[i] = i;
        }
    }

    Recording v0() {
        recordsNext = false;
        return this;
    }

    Recording withoutTimeouts() {
        recordsTimeouts = false;
        return this;
    }

    Recording terminal(int... rows) {
        for (int row : rows) {
            terminals[row] = 1;
        }
        return this;
    }

    Recording timeout(int... rows) {
        for (int row : rows) {
            timeouts[row] = 1;
        }
        return this;
    }

    /** Makes the next observation another than the next row's. */
    Recording jump(int... rows) {
        for (int row : rows) {
            next[row][1] = -7;
        }
        return this;
    }

    TransitionFile open(Path folder) throws IOException {
        Map<String, Object> datasets = new LinkedHashMap<>();
        datasets.put("observations", observations);
        datasets.put("actions", actions);
        datasets.put("rewards", rewards);
        datasets.put("terminals", terminals);
        if (recordsNext) {
            datasets.put("next_observations", next);
        }
        if (recordsTimeouts) {
            datasets.put("timeouts", timeouts);
        }
        return TransitionFile.open(Fixtures.write(folder.resolve("r.hdf5"), datasets), "r.hdf5");
    }

    static Preparation preparation(String boundary) {
        return new Preparation(Boundary.parse(boundary), null, JumpReward.SpeedCap.MIN, false);
    }

    /** The blocks of the rows from one on. */
    static List<PreparedBlock> blocks(TransitionFile file, Preparation preparation, int timeLimit, long from) {
        Episodes episodes = Episodes.of(file, "r.hdf5", preparation.boundary(), timeLimit);
        SliceReader reader = new SliceReader(
                file, preparation, episodes.slice(from, file.rows()), RowSelection.ALL, from, file.rows());
        List<PreparedBlock> blocks = new ArrayList<>();
        for (var block = reader.next(); block.isPresent(); block = reader.next()) {
            blocks.add(block.get());
        }
        return blocks;
    }
}

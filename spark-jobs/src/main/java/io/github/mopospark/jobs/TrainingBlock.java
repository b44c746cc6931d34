package io.github.mopospark.jobs;

import java.io.Serializable;

/**
 * Standardised rows from all over a dataset, or of one of its parts: what a task trains a member on.
 *
 * @param block which block
 * @param rows how many rows
 * @param inputs {@code [rows, inputSize]}
 * @param targets {@code [rows, outputs]}
 */
record TrainingBlock(int block, int rows, float[] inputs, float[] targets) implements Serializable {
    int inputSize() {
        return inputs.length / rows;
    }

    int outputs() {
        return targets.length / rows;
    }
}

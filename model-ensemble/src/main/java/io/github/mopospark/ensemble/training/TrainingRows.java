package io.github.mopospark.ensemble.training;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;

/** Rows as a member's network takes them: standardised inputs, and targets in the units that are learned. Never changed. */
final class TrainingRows {
    private final Kernels kernels;
    private final int targetSize;
    private final Matrix inputs;
    private final float[] targets;

    /**
     * Takes rows over.
     *
     * @param kernels whose memory
     * @param inputs {@code [rows, inputSize]}, standardised
     * @param targets {@code [rows, outputs]}
     * @param targetSize numbers in a target
     */
    TrainingRows(Kernels kernels, Matrix inputs, float[] targets, int targetSize) {
        this.kernels = kernels;
        this.inputs = inputs;
        this.targets = targets;
        this.targetSize = targetSize;
    }

    /** Some rows of a dataset. */
    static TrainingRows of(Kernels kernels, Transitions rows, int[] numbers, Scaler inputScaler, Scaler targetScaler) {
        int inputSize = inputScaler.size();
        int targetSize = new OutputLayout(rows.observationSize()).size();
        Matrix inputs = kernels.allocate(numbers.length, inputSize);
        float[] targets = new float[Math.multiplyExact(numbers.length, targetSize)];
        float[] input = new float[inputSize];
        for (int i = 0; i < numbers.length; i++) {
            DynamicsRows.readInput(rows, numbers[i], input, 0);
            inputScaler.standardise(input, 1);
            inputs.write(i, 0, input, 0, inputSize);
            DynamicsRows.readTarget(rows, numbers[i], targets, i * targetSize);
        }
        targetScaler.standardise(targets, numbers.length);
        return new TrainingRows(kernels, inputs, targets, targetSize);
    }

    int count() {
        return inputs.rows();
    }

    /**
     * Copies rows by number.
     *
     * @param numbers which
     * @param count how many of them, from the first
     * @param input {@code [count, inputSize]}, written
     * @param target {@code [count, outputs]}, written
     */
    void gather(int[] numbers, int count, Matrix input, float[] target) {
        kernels.gather(inputs, numbers, 0, count, input);
        for (int i = 0; i < count; i++) {
            System.arraycopy(targets, numbers[i] * targetSize, target, i * targetSize, targetSize);
        }
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Scaler;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Which rows of a dataset in parts are learned, and what they are standardised by, on its way to the executors. Rows that may be
 * learned, those with a next observation, have numbers through all parts.
 *
 * @param seed the run's
 * @param firstNumber {@code [parts]}: the number of each part's first such row
 * @param heldOut the numbers of those that are held out, ascending
 * @param inputMean of the inputs' scaler
 * @param inputStd of the inputs' scaler
 * @param targetMean of the targets' scaler
 * @param targetStd of the targets' scaler
 */
record SharedScaling(
        long seed,
        int[] firstNumber,
        int[] heldOut,
        float[] inputMean,
        float[] inputStd,
        float[] targetMean,
        float[] targetStd)
        implements Serializable {

    /** Before the rows were looked at. */
    static SharedScaling ofRows(long seed, int[] firstNumber, int[] heldOut) {
        float[] none = new float[0];
        return new SharedScaling(seed, firstNumber, heldOut, none, none, none, none);
    }

    SharedScaling with(Scaler inputs, Scaler targets) {
        return new SharedScaling(
                seed, firstNumber, heldOut, inputs.mean(), inputs.std(), targets.mean(), targets.std());
    }

    Scaler inputs() {
        return new Scaler(inputMean, inputStd);
    }

    Scaler targets() {
        return new Scaler(targetMean, targetStd);
    }

    /**
     * Goes through a part.
     *
     * @param part its number
     * @param rows its rows
     * @param learned is given those that are learned
     * @param held is given those that are held out
     */
    void forEach(int part, Transitions rows, IntConsumer learned, IntConsumer held) {
        int number = firstNumber[part];
        for (int row = 0; row < rows.rows(); row++) {
            if (rows.hasNextObservation()[row]) {
                (Arrays.binarySearch(heldOut, number++) >= 0 ? held : learned).accept(row);
            }
        }
    }
}

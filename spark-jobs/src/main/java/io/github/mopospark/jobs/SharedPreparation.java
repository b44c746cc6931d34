package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.ensemble.training.Preparation;
import java.io.Serializable;

/**
 * A {@link Preparation} on its way to the executors.
 *
 * @param seed the run's
 * @param trainingRows numbers of rows
 * @param holdoutRows numbers of rows
 * @param inputMean of the inputs' scaler
 * @param inputStd of the inputs' scaler
 * @param targetMean of the targets' scaler
 * @param targetStd of the targets' scaler
 */
record SharedPreparation(
        long seed,
        int[] trainingRows,
        int[] holdoutRows,
        float[] inputMean,
        float[] inputStd,
        float[] targetMean,
        float[] targetStd)
        implements Serializable {
    static SharedPreparation of(Preparation preparation) {
        return new SharedPreparation(
                preparation.seed(),
                preparation.trainingRows(),
                preparation.holdoutRows(),
                preparation.inputs().mean(),
                preparation.inputs().std(),
                preparation.targets().mean(),
                preparation.targets().std());
    }

    Preparation preparation() {
        return new Preparation(
                seed, trainingRows, holdoutRows, new Scaler(inputMean, inputStd), new Scaler(targetMean, targetStd));
    }
}

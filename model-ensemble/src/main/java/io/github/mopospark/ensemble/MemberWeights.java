package io.github.mopospark.ensemble;

import io.github.mopospark.networks.MlpShape;

/**
 * What a trained member predicts with: standardised inputs in, raw units out. The arrays are not copied.
 *
 * @param parameters the network's, layer after layer the weights {@code [in, out]} and the biases {@code [out]}; the last
 *     layer puts out the means and then the log-variances
 * @param bounds the greatest log-variance of each output, then the least {@code [2 * outputs]}
 */
public record MemberWeights(float[] parameters, float[] bounds) {
    /**
     * The member that predicts what this one does, scaled back: means times the standard deviation plus the mean, variances
     * times its square. Exact but for rounding, since the soft clamp looks at differences only.
     *
     * @param shape the network's
     * @param targets what this member's targets were standardised by
     * @return new weights
     */
    public MemberWeights inRawUnits(MlpShape shape, Scaler targets) {
        int size = targets.size();
        float[] weights = parameters.clone();
        float[] newBounds = bounds.clone();
        int biases = weights.length - 2 * size;
        int inputs = shape.in(shape.layers() - 1);
        for (int j = 0; j < size; j++) {
            float std = targets.std()[j];
            for (int i = 0; i <= inputs; i++) {
                weights[biases - 2 * size * i + j] *= std;
            }
            weights[biases + j] += targets.mean()[j];
            float shift = (float) (2 * StrictMath.log(std));
            weights[biases + size + j] += shift;
            newBounds[j] += shift;
            newBounds[size + j] += shift;
        }
        return new MemberWeights(weights, newBounds);
    }
}

package io.github.mopospark.ensemble.training;

import java.util.List;
import java.util.OptionalInt;

/**
 * When members that stop together do: after more than 5 epochs in which none of them gained. It looks at nothing but holdout
 * errors, so that it says the same whether members train together or apart, in one go or in blocks of epochs.
 */
final class StoppingRule {
    /** A member gains in its first epoch, and where its error falls by more than this share of that at its last gain. */
    private static final double GAIN = 0.01;

    private static final int PATIENCE = 5;

    private StoppingRule() {}

    /**
     * Looks at the errors so far.
     *
     * @param curves each member's holdout error after each epoch
     * @return after how many epochs they stop; empty if they go on after the shortest curve
     */
    static OptionalInt stop(List<float[]> curves) {
        double[] last = new double[curves.size()];
        int without = 0;
        int length = curves.stream().mapToInt(curve -> curve.length).min().orElse(0);
        for (int epoch = 0; epoch < length; epoch++) {
            boolean gained = false;
            for (int member = 0; member < last.length; member++) {
                double error = curves.get(member)[epoch];
                if (epoch == 0 || (last[member] - error) / last[member] > GAIN) {
                    last[member] = error;
                    gained = true;
                }
            }
            without = gained ? 0 : without + 1;
            if (without > PATIENCE) {
                return OptionalInt.of(epoch + 1);
            }
        }
        return OptionalInt.empty();
    }
}

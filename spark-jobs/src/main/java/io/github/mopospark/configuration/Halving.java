package io.github.mopospark.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Early stopping of trials by successive halving (Jamieson and Talwalkar 2016): after some epochs only the best part of the settings
 * of a dataset goes on, and again after that many epochs times the factor.
 *
 * @param firstEpochs epochs after which trials are compared first
 * @param factor one of so many settings goes on, rounded up; and how much longer they go on
 * @param by what tells the best, the mean over seeds
 */
public record Halving(int firstEpochs, int factor, By by) {
    /** What trials are compared by. */
    public enum By {
        /** The mean of the last evaluations in the simulator. */
        SCORE,
        /** Fitted Q evaluation of the policy of the epoch at which they are compared, which needs no simulator. */
        FITTED_Q_VALUE,
        /** The return of that policy in the model minus penalties, which needs no simulator. */
        PENALISED_MODEL_RETURN
    }

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its rule
     */
    public Halving {
        Require.atLeast(1, "halving.first-epochs", firstEpochs);
        Require.atLeast(2, "halving.factor", factor);
        Objects.requireNonNull(by, "by");
    }

    /**
     * When trials are compared.
     *
     * @param epochs of the longest trial
     * @return numbers of epochs below that, ascending
     */
    public List<Integer> rungs(int epochs) {
        List<Integer> rungs = new ArrayList<>();
        for (long rung = firstEpochs; rung < epochs; rung *= factor) {
            rungs.add((int) rung);
        }
        return rungs;
    }

    /**
     * How many settings go on.
     *
     * @param settings how many are compared
     * @return at least 1, unless there are none
     */
    public int kept(int settings) {
        return (settings + factor - 1) / factor;
    }
}

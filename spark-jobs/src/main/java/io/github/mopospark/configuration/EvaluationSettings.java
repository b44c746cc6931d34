package io.github.mopospark.configuration;

/**
 * The block {@code evaluation}.
 *
 * @param every epochs from one evaluation to the next; 0 for the last epoch alone
 * @param episodes episodes of an evaluation
 * @param fittedQUpdates updates of the fitted Q evaluation after the last epoch; 0 for no evaluation without a simulator
 * @param penaltyCoefficient of the penalties in the return in the model that such an evaluation tells
 */
public record EvaluationSettings(int every, int episodes, int fittedQUpdates, double penaltyCoefficient) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its rule; the message names its key, its value and the rule
     */
    public EvaluationSettings {
        Require.atLeast(0, "evaluation.every", every);
        Require.atLeast(1, "evaluation.episodes", episodes);
        Require.atLeast(0, "evaluation.fitted-q-updates", fittedQUpdates);
        if (!(penaltyCoefficient >= 0 && Double.isFinite(penaltyCoefficient))) {
            throw new IllegalArgumentException(
                    "evaluation.penalty-coefficient must be at least 0 and finite, but was " + penaltyCoefficient);
        }
    }

    /**
     * Whether the policy is evaluated after an epoch; after the last it always is.
     *
     * @param epoch its number, from 1
     * @param epochs the epochs of the run
     * @return true if it is
     */
    public boolean isDueAfter(int epoch, int epochs) {
        return epoch == epochs || (every > 0 && epoch % every == 0);
    }
}

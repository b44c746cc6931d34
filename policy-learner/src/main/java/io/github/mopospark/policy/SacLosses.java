package io.github.mopospark.policy;

/**
 * What one update saw, for a report: means over its batch, before the update changed anything but the critics that the
 * actor's loss is measured with.
 *
 * @param firstCriticLoss mean squared Bellman error of the first critic
 * @param secondCriticLoss of the second
 * @param actorLoss mean of {@code alpha log probability - min Q}
 * @param temperatureLoss {@code -log(alpha) (mean log probability + target entropy)}
 * @param temperature alpha
 * @param meanTarget mean of the Bellman target
 * @param meanLogProbability mean log probability of the sampled actions: minus the policy's entropy
 */
public record SacLosses(
        double firstCriticLoss,
        double secondCriticLoss,
        double actorLoss,
        double temperatureLoss,
        double temperature,
        double meanTarget,
        double meanLogProbability) {}

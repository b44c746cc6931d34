package io.github.mopospark.policy;

import io.github.mopospark.networks.Initialiser;
import java.util.List;
import java.util.Objects;

/**
 * The settings of soft actor-critic: the block {@code learner} of a configuration.
 *
 * @param hiddenSizes the widths of the hidden layers of the actor and of each critic, all ReLU
 * @param initialiser how the networks start
 * @param batchSize transitions in an update
 * @param discount gamma, in [0, 1]
 * @param polyak the weight tau with which a target network follows its critic, in (0, 1]
 * @param criticRate the critics' learning rate
 * @param actorRate the actor's learning rate, at the start if it decays
 * @param actorDecayUpdates over how many updates the actor's rate falls to 0 along half a cosine; 0 for never
 * @param temperatureRate the learning rate of the entropy temperature's logarithm; 0 keeps the temperature
 * @param initialTemperature alpha at the start, greater than 0
 * @param targetEntropy the entropy that the temperature is tuned for
 * @param leastLogStd below it the actor's log standard deviation is cut
 * @param greatestLogStd above it the actor's log standard deviation is cut
 */
public record SacConfig(
        List<Integer> hiddenSizes,
        Initialiser initialiser,
        int batchSize,
        double discount,
        double polyak,
        double criticRate,
        double actorRate,
        long actorDecayUpdates,
        double temperatureRate,
        double initialTemperature,
        double targetEntropy,
        double leastLogStd,
        double greatestLogStd) {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of its range; the message names its key, its value and the rule
     */
    public SacConfig {
        hiddenSizes = List.copyOf(hiddenSizes);
        Objects.requireNonNull(initialiser, "initialiser");
        require(batchSize >= 1, "batch-size", batchSize, "at least 1");
        require(discount >= 0 && discount <= 1, "discount", discount, "in [0, 1]");
        require(polyak > 0 && polyak <= 1, "polyak", polyak, "in (0, 1]");
        requireRate("critic-rate", criticRate);
        requireRate("actor-rate", actorRate);
        requireRate("temperature-rate", temperatureRate);
        require(actorDecayUpdates >= 0, "actor-decay-updates", actorDecayUpdates, "at least 0");
        require(
                initialTemperature > 0 && initialTemperature < Double.POSITIVE_INFINITY,
                "initial-temperature",
                initialTemperature,
                "positive and finite");
        require(Double.isFinite(targetEntropy), "target-entropy", targetEntropy, "finite");
        require(Double.isFinite(leastLogStd), "least-log-std", leastLogStd, "finite");
        require(
                greatestLogStd > leastLogStd && greatestLogStd < Double.POSITIVE_INFINITY,
                "greatest-log-std",
                greatestLogStd,
                "finite and greater than learner.least-log-std = " + leastLogStd);
    }

    private static void requireRate(String key, double rate) {
        require(rate >= 0 && rate < Double.POSITIVE_INFINITY, key, rate, "at least 0 and finite");
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("learner.%s must be %s, but was %s".formatted(key, rule, value));
        }
    }

    /**
     * The settings of MOPO's authors: all rates 3e-4 and a target entropy of -3 for every task.
     *
     * @return the preset {@code paper}
     */
    public static SacConfig paper() {
        return new SacConfig(
                List.of(256, 256), Initialiser.GLOROT_UNIFORM, 256, 0.99, 0.005, 3e-4, 3e-4, 0, 3e-4, 1, -3, -20, 2);
    }

    /**
     * The settings of OfflineRL-Kit: a slower actor whose rate decays, and a target entropy of minus the action's size.
     *
     * @param actionSize numbers in an action
     * @param updates updates of the whole training, over which the actor's rate decays
     * @return the preset {@code offlinerl-kit}
     */
    public static SacConfig offlineRlKit(int actionSize, long updates) {
        return new SacConfig(
                List.of(256, 256),
                Initialiser.FAN_IN_UNIFORM,
                256,
                0.99,
                0.005,
                3e-4,
                1e-4,
                updates,
                1e-4,
                1,
                -actionSize,
                -5,
                2);
    }

    /**
     * The actor's learning rate in an update.
     *
     * @param update its number, from 0
     * @return the rate: {@code actorRate (1 + cos(pi update / actorDecayUpdates)) / 2} where it decays
     */
    public double actorRate(long update) {
        if (actorDecayUpdates == 0) {
            return actorRate;
        }
        double progress = Math.min(1, (double) update / actorDecayUpdates);
        return actorRate * (1 + StrictMath.cos(Math.PI * progress)) / 2;
    }
}

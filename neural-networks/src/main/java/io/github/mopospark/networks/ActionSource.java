package io.github.mopospark.networks;

import io.github.mopospark.networks.random.RandomStream;

/** What acts: a policy, or chance. For one thread at a time. */
@FunctionalInterface
public interface ActionSource {
    /**
     * Draws an action for each observation.
     *
     * @param observations {@code [rows, observationSize]}, packed; longer arrays are cut
     * @param rows how many there are
     * @param actions {@code [rows, actionSize]}, written, each number in [-1, 1]
     * @param random where chance comes from
     */
    void actions(float[] observations, int rows, float[] actions, RandomStream random);

    /**
     * Actions drawn uniformly, as the out-of-distribution tasks take them.
     *
     * @param actionSize numbers in an action
     * @return what draws each number from [-1, 1)
     */
    static ActionSource uniform(int actionSize) {
        return (observations, rows, actions, random) -> random.fillUniform(actions, 0, rows * actionSize, -1, 1);
    }
}

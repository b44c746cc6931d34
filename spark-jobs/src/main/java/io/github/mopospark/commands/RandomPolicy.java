package io.github.mopospark.commands;

import io.github.mopospark.environments.Box;
import java.util.SplittableRandom;

/** Draws each number of an action uniformly from the action space. */
final class RandomPolicy {
    private final Box actionSpace;
    private final SplittableRandom random;

    RandomPolicy(Box actionSpace, long seed) {
        this.actionSpace = actionSpace;
        this.random = new SplittableRandom(seed);
    }

    /** Writes the next action, {@code [actionSize]}. */
    void act(float[] action) {
        for (int i = 0; i < action.length; i++) {
            action[i] = (float) (actionSpace.low() + (actionSpace.high() - actionSpace.low()) * random.nextDouble());
        }
    }
}

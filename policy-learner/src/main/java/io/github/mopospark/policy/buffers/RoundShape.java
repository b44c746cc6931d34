package io.github.mopospark.policy.buffers;

import java.util.Objects;

/**
 * The room that a round of rollouts needs, and which shard has which part of it. A rollout that ends early leaves its rest of the
 * room empty, so that the place of a shard's rows does not depend on the others.
 *
 * @param starts rollouts in a round
 * @param horizon the most steps of a rollout, also called h
 * @param shards parts that the starts are cut into, as even as can be
 */
public record RoundShape(int starts, int horizon, int shards) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is less than 1, there are more shards than starts, or more than 2^31 - 1 rows
     */
    public RoundShape {
        requirePositive("rollout starts", starts);
        requirePositive("the rollout length h", horizon);
        requirePositive("rollout shards", shards);
        if (shards > starts) {
            throw new IllegalArgumentException(
                    "rollout shards must be at most the rollout starts, %d, but are %d".formatted(starts, shards));
        }
        if ((long) starts * horizon > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a round of %,d starts and %,d steps has %,d rows, but may have at most %,d"
                            .formatted(starts, horizon, (long) starts * horizon, Integer.MAX_VALUE));
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, but was %d".formatted(name, value));
        }
    }

    /**
     * The most rows a round can have.
     *
     * @return starts times horizon
     */
    public int rows() {
        return starts * horizon;
    }

    /**
     * The first start of a shard; its last is the one before the first of the next shard.
     *
     * @param shard from 0, or the number of shards for the end
     * @return the start's number
     */
    public int firstStart(int shard) {
        Objects.checkIndex(shard, shards + 1);
        return (int) ((long) starts * shard / shards);
    }

    /**
     * Where the rows of a shard begin.
     *
     * @param shard from 0, or the number of shards for the end
     * @return the row's number
     */
    public int firstRow(int shard) {
        return firstStart(shard) * horizon;
    }

    /**
     * The most rows a shard can have.
     *
     * @param shard from 0
     * @return its starts times horizon
     */
    public int rowsOf(int shard) {
        return firstRow(shard + 1) - firstRow(shard);
    }
}

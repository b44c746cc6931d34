package io.github.mopospark.ml;

import java.io.Serializable;

/**
 * Transitions of a partition on their way to the driver.
 *
 * @param count how many
 * @param numbers of each row its observation, action, reward and next observation, and 1 if that is recorded, else 0
 */
record PackedRows(int count, float[] numbers) implements Serializable {}

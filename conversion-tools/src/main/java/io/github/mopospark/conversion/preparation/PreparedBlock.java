package io.github.mopospark.conversion.preparation;

import io.github.mopospark.conversion.Transitions;
import java.util.BitSet;

/**
 * A block of rows, ready for a dataset.
 *
 * @param transitions the rows that are kept
 * @param findings what was found in all rows
 * @param dropped which rows of the block were left out whatever the selection: not finite, or by D4RL's rule
 */
public record PreparedBlock(Transitions transitions, Findings findings, BitSet dropped) {}

package io.github.mopospark.conversion.preparation;

import io.github.mopospark.conversion.Transitions;
import java.util.BitSet;

/**
 * A block of rows, ready for a dataset.
 *
 * @param transitions the rows that are kept
 * @param findings what was found in the rows of the selection
 * @param dropped which of these were left out, by their place in the block: not finite, or by D4RL's rule
 */
public record PreparedBlock(Transitions transitions, Findings findings, BitSet dropped) {}

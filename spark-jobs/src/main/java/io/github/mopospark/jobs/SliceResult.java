package io.github.mopospark.jobs;

import io.github.mopospark.conversion.dataset.Manifest;
import java.io.Serializable;
import java.util.ArrayList;

/**
 * What became of a slice.
 *
 * @param parts what was written, in the order of its rows
 * @param blocks of its rows, in order
 */
record SliceResult(ArrayList<Manifest.Part> parts, ArrayList<BlockSummary> blocks) implements Serializable {}

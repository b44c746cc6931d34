package io.github.mopospark.jobs;

import java.io.Serializable;
import java.util.LinkedHashMap;

/**
 * Where the parts of a slice go.
 *
 * @param folder the dataset's folder
 * @param parts the folder of its parts, in that folder
 * @param footer what each part's footer says
 */
record SliceTarget(String folder, String parts, LinkedHashMap<String, String> footer) implements Serializable {}

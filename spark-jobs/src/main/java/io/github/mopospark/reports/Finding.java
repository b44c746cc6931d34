package io.github.mopospark.reports;

/**
 * Something found in what a report is about.
 *
 * @param isWarning whether the reader may want to do something
 * @param what the finding, a sentence
 * @param meaning what follows from it, in sentences
 */
public record Finding(boolean isWarning, String what, String meaning) {}

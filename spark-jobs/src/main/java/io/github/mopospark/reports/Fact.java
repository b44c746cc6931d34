package io.github.mopospark.reports;

/**
 * One of the numbers that come first in a report.
 *
 * @param name what it is
 * @param value the number
 * @param remark what to know of it; may be empty
 */
record Fact(String name, String value, String remark) {}

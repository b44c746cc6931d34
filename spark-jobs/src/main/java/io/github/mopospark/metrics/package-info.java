/** What is measured in a run, and where it goes: CSV files, TensorBoard. */
package io.github.mopospark.metrics;

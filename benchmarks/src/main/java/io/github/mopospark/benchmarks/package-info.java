/** The Java sides of the side-by-side measurements. */
package io.github.mopospark.benchmarks;

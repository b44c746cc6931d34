/** Kernels in ND4J's operations, for its backends; the only code that needs ND4J. */
package io.github.mopospark.networks.kernels.nd4j;

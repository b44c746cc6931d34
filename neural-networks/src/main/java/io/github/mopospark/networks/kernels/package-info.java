/** The operations that networks are made of, and the memory they work on. */
package io.github.mopospark.networks.kernels;

/** Kernels in Java, on the heap: plain loops, or the Vector API where the JVM has it, with the same bits. */
package io.github.mopospark.networks.kernels.cpu;

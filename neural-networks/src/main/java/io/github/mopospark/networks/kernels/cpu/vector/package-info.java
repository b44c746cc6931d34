/** The loops of {@code CpuKernels} in the Vector API; the only code that needs its incubator module. */
package io.github.mopospark.networks.kernels.cpu.vector;

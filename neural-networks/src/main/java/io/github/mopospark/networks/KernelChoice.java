package io.github.mopospark.networks;

import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.kernels.nd4j.Nd4jKernels;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What networks compute with: the setting {@code kernels}. */
public enum KernelChoice {
    /** {@link #ND4J} where ND4J's CUDA backend is on the classpath and runs, else {@link #CPU}. */
    AUTO("auto") {
        @Override
        public Kernels open() {
            if (isCudaOn(KernelChoice.class.getClassLoader())) {
                try {
                    Nd4jKernels kernels = new Nd4jKernels();
                    if (!kernels.isOnHost()) {
                        return kernels;
                    }
                } catch (LinkageError absent) {
                    // No device that ND4J can use, and no other backend of it: the CPU computes.
                }
            }
            return CPU.open();
        }
    },

    /** {@link CpuKernels}, in the Vector API if this JVM has it. */
    CPU("cpu") {
        @Override
        public Kernels open() {
            return CpuKernels.fastest();
        }
    },

    /** {@link CpuKernels} in plain loops: slower, with the same bits. */
    CPU_PLAIN("cpu-plain") {
        @Override
        public Kernels open() {
            return CpuKernels.plain();
        }
    },

    /** {@link Nd4jKernels}, on whatever backend of ND4J is on the classpath. */
    ND4J("nd4j") {
        @Override
        public Kernels open() {
            try {
                return new Nd4jKernels();
            } catch (LinkageError absent) {
                throw new IllegalStateException(
                        "kernels = nd4j needs ND4J and a backend of it that runs on this machine, such as nd4j-native, on"
                                + " the classpath",
                        absent);
            }
        }
    };

    private final String value;

    KernelChoice(String value) {
        this.value = value;
    }

    /**
     * Reads a value of the setting.
     *
     * @param value the value
     * @return the choice of that name
     * @throws IllegalArgumentException if there is none, with the allowed values
     */
    public static KernelChoice parse(String value) {
        for (KernelChoice choice : values()) {
            if (choice.value.equals(value)) {
                return choice;
            }
        }
        throw new IllegalArgumentException("kernels must be one of %s, but was '%s'"
                .formatted(
                        Arrays.stream(values()).map(KernelChoice::toString).collect(Collectors.joining(", ")), value));
    }

    /**
     * Makes the kernels ready.
     *
     * @return kernels, for any number of threads
     * @throws IllegalStateException if they cannot run here
     */
    public abstract Kernels open();

    /** Whether ND4J's CUDA backend could be loaded; nothing of ND4J is. */
    static boolean isCudaOn(ClassLoader classpath) {
        return classpath.getResource("org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }

    /** The value of the setting. */
    @Override
    public String toString() {
        return value;
    }
}

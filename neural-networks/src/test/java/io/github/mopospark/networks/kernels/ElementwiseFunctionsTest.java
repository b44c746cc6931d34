package io.github.mopospark.networks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseFunctionsTest {
    private static final String CPU = "io.github.mopospark.networks.kernels.KernelSets#cpu";

    /** Every so many floats one is tried; with 1, which takes a minute, the bounds below hold too. */
    private static final int STRIDE = 1_999;

    private static final float[] NANS = {
        Float.NaN, Float.intBitsToFloat(0x7fc00001), Float.intBitsToFloat(0x7fc000ff), Float.intBitsToFloat(0xffedcba9)
    };

    private interface Function {
        void apply(float[] x, float[] y, int from, int to);
    }

    private static double worst(Function function, DoubleUnaryOperator exact, float least, float greatest, int sign) {
        float[] x = new float[4_096];
        float[] y = new float[x.length];
        double worst = 0;
        int end = Float.floatToIntBits(greatest);
        for (long bits = Float.floatToIntBits(least); bits <= end; ) {
            int count = 0;
            for (; count < x.length && bits <= end; bits += STRIDE) {
                x[count++] = sign * Float.intBitsToFloat((int) bits);
            }
            function.apply(x, y, 0, count);
            for (int i = 0; i < count; i++) {
                double expected = exact.applyAsDouble(x[i]);
                double error = Math.abs(y[i] - expected) / Math.ulp((float) expected);
                // A NaN is the worst.
                worst = error <= worst ? worst : error;
            }
        }
        return worst;
    }

    @ParameterizedTest
    @MethodSource(CPU)
    void raisesEWithinItsBound(Kernels kernels) {
        Function exp = kernels.functions()::exp;

        assertThat(worst(exp, Math::exp, 0f, 88.3f, 1)).isLessThan(1.1);
        assertThat(worst(exp, Math::exp, 0f, 87.3f, -1)).isLessThan(1.1);
    }

    @ParameterizedTest
    @MethodSource(CPU)
    void takesLogarithmsWithinTheirBound(Kernels kernels) {
        Function log = kernels.functions()::log;

        assertThat(worst(log, Math::log, Float.MIN_NORMAL, Float.MAX_VALUE, 1)).isLessThan(2);
        // Where the logarithm is small, every float counts.
        assertThat(worst(log, Math::log, 0.999f, 1.001f, 1)).isLessThan(2);
    }

    @ParameterizedTest
    @MethodSource(CPU)
    void boundsExponents(Kernels kernels) {
        float[] x = {-87.3f, -88, -1e10f, Float.NEGATIVE_INFINITY, 88.3f, 89, 1e10f, Float.POSITIVE_INFINITY, 0f, -0f};
        float[] y = new float[x.length];

        kernels.functions().exp(x, y, 0, x.length);

        assertThat(y[0]).isBetween(Float.MIN_NORMAL, 1.3e-38f);
        assertThat(Arrays.copyOfRange(y, 1, 4)).containsOnly(y[0]);
        assertThat(y[4]).isBetween(2e38f, Float.MAX_VALUE);
        assertThat(Arrays.copyOfRange(y, 5, 8)).containsOnly(y[4]);
        assertThat(y[8]).isEqualTo(1f);
        assertThat(y[9]).isEqualTo(1f);
    }

    @ParameterizedTest
    @MethodSource(CPU)
    void keepsWhatIsNotANumber(Kernels kernels) {
        for (float nan : NANS) {
            float[] x = new float[40];
            Arrays.fill(x, nan);
            float[] y = new float[40];

            kernels.functions().exp(x, y, 0, 40);
            assertThat(y).containsOnly(Float.NaN);

            Arrays.fill(y, 0f);
            kernels.functions().log(x, y, 0, 40);
            assertThat(y).containsOnly(Float.NaN);
        }
        float[] infinite = new float[40];
        Arrays.fill(infinite, Float.POSITIVE_INFINITY);
        kernels.functions().log(infinite, infinite, 0, 40);
        assertThat(infinite).containsOnly(Float.POSITIVE_INFINITY);
        float[] ones = {1f};
        kernels.functions().log(ones, ones, 0, 1);
        assertThat(ones).containsExactly(0f);
    }

    @ParameterizedTest
    @MethodSource("io.github.mopospark.networks.kernels.KernelSets#all")
    void touchesOnlyItsRangeAndWorksInPlace(Kernels kernels) {
        for (int from = 0; from < 20; from++) {
            for (int to = from; to < 41; to += 3) {
                float[] numbers = new float[41];
                Arrays.fill(numbers, 1f);

                kernels.functions().exp(numbers, numbers, from, to);
                for (int i = 0; i < 41; i++) {
                    assertThat(numbers[i]).isEqualTo(i >= from && i < to ? (float) Math.E : 1f);
                }

                kernels.functions().log(numbers, numbers, from, to);
                for (int i = 0; i < 41; i++) {
                    assertThat(numbers[i]).isEqualTo(1f);
                }
            }
        }
    }
}

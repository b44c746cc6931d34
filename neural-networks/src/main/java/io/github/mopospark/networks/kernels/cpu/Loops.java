package io.github.mopospark.networks.kernels.cpu;

import io.github.mopospark.networks.kernels.AdamStep;
import io.github.mopospark.networks.kernels.ElementwiseFunctions;

/**
 * The inner loops of {@link CpuKernels} on heap arrays. Every result is defined by one chain of single operations an
 * element (a sum over k is one chain of fused multiply-adds in the order of k), never by the width of a vector, so that all
 * implementations on all machines give the same bits. Found by {@link java.util.ServiceLoader}.
 */
public interface Loops extends ElementwiseFunctions {
    /**
     * {@code 1.5 2^23 + 127}: added to a float of less than 2^22, it leaves the nearest whole number plus a float's exponent
     * bias in the low bits.
     */
    float ROUNDING = 0x1.8p23f + 127;

    /** log2(e). */
    float LOG2_E = 1.442695f;

    /** The high part of ln 2, of few bits. */
    float LN2_HIGH = 0x1.63p-1f;

    /** The rest of ln 2. */
    float LN2_LOW = -2.1219444e-4f;

    /** The least argument of exp that gives a normal float. */
    float LEAST_EXPONENT = -87.3f;

    /** About the greatest argument of exp that gives a finite float. */
    float GREATEST_EXPONENT = 88.3f;

    /** Beyond it a sigmoid is 0 or 1 to a float's precision; a bound that keeps it a normal number. */
    float SIGMOID_BOUND = 80f;

    /** Coefficients of r^2 to r^6 in exp(r) for |r| at most ln(2)/2: a Chebyshev fit, relative error 1.1e-8. */
    float EXP_2 = 0.5f;

    /** Of r^3. */
    float EXP_3 = 0.16666576f;

    /** Of r^4. */
    float EXP_4 = 0.041666467f;

    /** Of r^5. */
    float EXP_5 = 0.008363175f;

    /** Of r^6. */
    float EXP_6 = 0.0013933644f;

    /** The bits of sqrt(1/2), where the mantissa's range of log starts. */
    int ROOT_HALF_BITS = 0x3f3504f3;

    /** What was chosen and how wide it is, for a log. */
    @Override
    String toString();

    /** Whether this JVM can run them; if not, no other method may be called. */
    boolean isSupported();

    /**
     * {@code c[i, j] = init[i, j] + sum over k of a[i, k] b[k, j]}.
     *
     * @param a the left factor; its element (i, k) is at {@code aOffset + i aRowStride + k aStep}
     * @param b the right factor; its element (k, j) is at {@code bOffset + k bStride + j}
     * @param init where the sums start; its element (i, j) is at {@code initOffset + i initStride + j}: a bias has stride 0
     * @param c the result; its element (i, j) is at {@code cOffset + i cStride + j}
     * @param rows how many i
     * @param columns how many j, a multiple of {@code Matrix.ALIGNMENT}
     * @param steps how many k, at least 1
     */
    void multiply(
            float[] a,
            int aOffset,
            int aRowStride,
            int aStep,
            float[] b,
            int bOffset,
            int bStride,
            float[] init,
            int initOffset,
            int initStride,
            float[] c,
            int cOffset,
            int cStride,
            int rows,
            int columns,
            int steps);

    /** {@code y = max(0, y)} in place; NaN stays. */
    void relu(float[] y, int offset, int count);

    /** {@code y = y sigmoid(y)} in place. */
    void swish(float[] y, int offset, int count);

    /** {@code y = y sigmoid(y)} in place, and its derivative at the same offset plus a shift. */
    void swish(float[] y, int offset, float[] slope, int slopeOffset, int count);

    /** {@code x *= slope}. */
    void multiplyBy(float[] x, int xOffset, float[] slope, int slopeOffset, int count);

    /** {@code x = 0} where {@code y} is not positive. */
    void maskBy(float[] x, int xOffset, float[] y, int yOffset, int count);

    /** {@code sums[j] = sum over i of x[i, j]} in the order of i; the columns a multiple of the alignment. */
    void columnSums(float[] x, int offset, int stride, int rows, int columns, float[] sums, int sumsOffset);

    /** {@code target += scale source} with one rounding. */
    void addScaled(float[] target, int targetOffset, float[] source, int sourceOffset, float scale, int count);

    /** {@code target += weight (source - target)}. */
    void average(float[] target, int targetOffset, float[] source, int sourceOffset, float weight, int count);

    /** One step of Adam. */
    void adam(
            AdamStep step,
            float[] parameters,
            int parametersOffset,
            float[] gradient,
            int gradientOffset,
            float[] firstMoment,
            int firstOffset,
            float[] secondMoment,
            int secondOffset,
            int count);
}

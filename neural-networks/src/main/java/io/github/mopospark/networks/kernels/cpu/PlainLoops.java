package io.github.mopospark.networks.kernels.cpu;

import io.github.mopospark.networks.kernels.AdamStep;
import java.util.Arrays;

/**
 * Loops without the Vector API. The just-in-time compiler turns the simple ones into vector code by itself, where an index
 * has no offset in all its arrays: so rows are copied to the start of arrays first.
 */
public final class PlainLoops implements Loops {
    /** Rows of the right factor that one pass takes: with more, the loop is too long for the compiler to unroll. */
    private static final int STEPS = 4;

    private final ThreadLocal<Rows> rows = ThreadLocal.withInitial(Rows::new);

    /** Made by {@link java.util.ServiceLoader}, too. */
    public PlainLoops() {}

    /** Room for the rows of one pass; an object a thread. */
    private static final class Rows {
        private float[] sums = new float[0];
        private final float[][] factors = new float[STEPS][0];

        private void reserve(int columns) {
            if (sums.length < columns) {
                sums = new float[columns];
                Arrays.setAll(factors, i -> new float[columns]);
            }
        }
    }

    @Override
    public String toString() {
        return "plain loops";
    }

    @Override
    public boolean isSupported() {
        return true;
    }

    @Override
    public void multiply(
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
            int rowCount,
            int columns,
            int steps) {
        Rows room = rows.get();
        room.reserve(columns);
        float[] sums = room.sums;
        float[][] factors = room.factors;
        for (int k = 0; k < steps; k += STEPS) {
            int width = Math.min(STEPS, steps - k);
            for (int i = 0; i < width; i++) {
                System.arraycopy(b, bOffset + (k + i) * bStride, factors[i], 0, columns);
            }
            for (int i = 0; i < rowCount; i++) {
                if (k == 0) {
                    System.arraycopy(init, initOffset + i * initStride, sums, 0, columns);
                } else {
                    System.arraycopy(c, cOffset + i * cStride, sums, 0, columns);
                }
                int start = aOffset + i * aRowStride + k * aStep;
                if (width == STEPS) {
                    addFour(
                            sums,
                            factors[0],
                            factors[1],
                            factors[2],
                            factors[3],
                            a[start],
                            a[start + aStep],
                            a[start + 2 * aStep],
                            a[start + 3 * aStep],
                            columns);
                } else {
                    for (int j = 0; j < width; j++) {
                        addOne(sums, factors[j], a[start + j * aStep], columns);
                    }
                }
                System.arraycopy(sums, 0, c, cOffset + i * cStride, columns);
            }
        }
    }

    private static void addFour(
            float[] sums,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float a0,
            float a1,
            float a2,
            float a3,
            int columns) {
        for (int j = 0; j < columns; j++) {
            sums[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], sums[j]))));
        }
    }

    private static void addOne(float[] sums, float[] factors, float a, int columns) {
        for (int j = 0; j < columns; j++) {
            sums[j] = Math.fma(a, factors[j], sums[j]);
        }
    }

    private static float exp(float x) {
        float bounded = x < LEAST_EXPONENT ? LEAST_EXPONENT : x;
        bounded = bounded > GREATEST_EXPONENT ? GREATEST_EXPONENT : bounded;
        return boundedExp(bounded);
    }

    private static float boundedExp(float x) {
        float shifted = Math.fma(x, LOG2_E, ROUNDING);
        float whole = shifted - ROUNDING;
        float r = Math.fma(whole, -LN2_LOW, Math.fma(whole, -LN2_HIGH, x));
        float series = Math.fma(Math.fma(Math.fma(Math.fma(EXP_6, r, EXP_5), r, EXP_4), r, EXP_3), r, EXP_2);
        float power = Math.fma(series, r * r, r) + 1f;
        // A product, not a sum of bits, so that a NaN stays one whatever its bits.
        return power * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
    }

    private static float sigmoid(float x) {
        float bounded = x < -SIGMOID_BOUND ? -SIGMOID_BOUND : x;
        bounded = bounded > SIGMOID_BOUND ? SIGMOID_BOUND : bounded;
        return 1f / (1f + boundedExp(-bounded));
    }

    private static float log(float x) {
        int bits = Float.floatToRawIntBits(x) - ROOT_HALF_BITS;
        float exponent = bits >> 23;
        float mantissa = Float.intBitsToFloat((bits & 0x007fffff) + ROOT_HALF_BITS);
        float f = mantissa - 1f;
        float s = f / (2f + f);
        float square = s * s;
        float series = Math.fma(Math.fma(Math.fma(2f / 9, square, 2f / 7), square, 2f / 5), square, 2f / 3);
        float result = Math.fma(series, square * s, 2f * s);
        result = Math.fma(exponent, LN2_HIGH, Math.fma(exponent, LN2_LOW, result));
        return x < Float.POSITIVE_INFINITY ? result : x;
    }

    @Override
    public void exp(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = exp(x[i]);
        }
    }

    @Override
    public void log(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = log(x[i]);
        }
    }

    @Override
    public void relu(float[] y, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            y[i] = y[i] <= 0 ? 0 : y[i];
        }
    }

    @Override
    public void swish(float[] y, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            y[i] = y[i] * sigmoid(y[i]);
        }
    }

    @Override
    public void swish(float[] y, int offset, float[] slope, int slopeOffset, int count) {
        int shift = slopeOffset - offset;
        for (int i = offset; i < offset + count; i++) {
            float sigmoid = sigmoid(y[i]);
            float result = y[i] * sigmoid;
            slope[i + shift] = Math.fma(result, 1f - sigmoid, sigmoid);
            y[i] = result;
        }
    }

    @Override
    public void multiplyBy(float[] x, int xOffset, float[] slope, int slopeOffset, int count) {
        for (int i = 0; i < count; i++) {
            x[xOffset + i] *= slope[slopeOffset + i];
        }
    }

    @Override
    public void maskBy(float[] x, int xOffset, float[] y, int yOffset, int count) {
        for (int i = 0; i < count; i++) {
            x[xOffset + i] = y[yOffset + i] > 0f ? x[xOffset + i] : 0f;
        }
    }

    @Override
    public void columnSums(float[] x, int offset, int stride, int rowCount, int columns, float[] sums, int sumsOffset) {
        Arrays.fill(sums, sumsOffset, sumsOffset + columns, 0f);
        for (int i = 0; i < rowCount; i++) {
            int row = offset + i * stride;
            for (int j = 0; j < columns; j++) {
                sums[sumsOffset + j] += x[row + j];
            }
        }
    }

    @Override
    public void addScaled(float[] target, int targetOffset, float[] source, int sourceOffset, float scale, int count) {
        for (int i = 0; i < count; i++) {
            target[targetOffset + i] = Math.fma(scale, source[sourceOffset + i], target[targetOffset + i]);
        }
    }

    @Override
    public void average(float[] target, int targetOffset, float[] source, int sourceOffset, float weight, int count) {
        for (int i = 0; i < count; i++) {
            float old = target[targetOffset + i];
            target[targetOffset + i] = Math.fma(weight, source[sourceOffset + i] - old, old);
        }
    }

    @Override
    public void adam(
            AdamStep step,
            float[] parameters,
            int parametersOffset,
            float[] gradient,
            int gradientOffset,
            float[] firstMoment,
            int firstOffset,
            float[] secondMoment,
            int secondOffset,
            int count) {
        for (int i = 0; i < count; i++) {
            float slope = gradient[gradientOffset + i];
            float oldFirst = firstMoment[firstOffset + i];
            float first = normal(Math.fma(step.firstRate(), slope - oldFirst, oldFirst));
            float oldSecond = secondMoment[secondOffset + i];
            float second = normal(Math.fma(step.secondRate(), Math.fma(slope, slope, -oldSecond), oldSecond));
            float scale = Math.fma((float) Math.sqrt(second), step.secondCorrection(), step.epsilon());
            firstMoment[firstOffset + i] = first;
            secondMoment[secondOffset + i] = second;
            parameters[parametersOffset + i] =
                    Math.fma(-step.stepSize(), first / scale, parameters[parametersOffset + i]);
        }
    }

    private static float normal(float moment) {
        return Math.abs(moment) < Float.MIN_NORMAL ? 0f : moment;
    }
}

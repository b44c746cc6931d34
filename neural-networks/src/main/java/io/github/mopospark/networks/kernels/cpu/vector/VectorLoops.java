package io.github.mopospark.networks.kernels.cpu.vector;

import io.github.mopospark.networks.kernels.AdamStep;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.kernels.cpu.Loops;
import io.github.mopospark.networks.kernels.cpu.PlainLoops;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops in the Vector API, at the width that the machine prefers. No method takes or gives a vector: the compiler does not
 * inline what it has compiled into a large method before, and then puts every vector on the heap, for good, in one JVM of
 * ten.
 */
public final class VectorLoops implements Loops {
    /** The widest vectors that the machine is fast with. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final int LANES = SPECIES.length();

    /** Finishes what does not fill a vector: the same operations, so the same bits. */
    private final PlainLoops remainder = new PlainLoops();

    /** Made by {@link java.util.ServiceLoader}; fails to link where the incubator module is absent. */
    public VectorLoops() {}

    @Override
    public String toString() {
        return "Vector API, %d bits".formatted(SPECIES.vectorBitSize());
    }

    @Override
    public boolean isSupported() {
        // A machine of wider vectors would step over the padding.
        return Matrix.ALIGNMENT % LANES == 0;
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
            int rows,
            int columns,
            int steps) {
        if (rows >= VectorTiles.ROWS) {
            VectorTiles.multiply(
                    a,
                    aOffset,
                    aRowStride,
                    aStep,
                    b,
                    bOffset,
                    bStride,
                    init,
                    initOffset,
                    initStride,
                    c,
                    cOffset,
                    cStride,
                    rows,
                    columns,
                    steps);
            return;
        }
        for (int i = 0; i < rows; i++) {
            multiplyRow(
                    a,
                    aOffset + i * aRowStride,
                    aStep,
                    b,
                    bOffset,
                    bStride,
                    init,
                    initOffset + i * initStride,
                    c,
                    cOffset + i * cStride,
                    columns,
                    steps);
        }
    }

    private static void multiplyRow(
            float[] a,
            int aOffset,
            int aStep,
            float[] b,
            int bOffset,
            int bStride,
            float[] init,
            int initOffset,
            float[] c,
            int cOffset,
            int columns,
            int steps) {
        for (int j = 0; j < columns; j += LANES) {
            FloatVector sum = FloatVector.fromArray(SPECIES, init, initOffset + j);
            int row = bOffset + j;
            int step = aOffset;
            for (int k = 0; k < steps; k++) {
                sum = FloatVector.broadcast(SPECIES, a[step]).fma(FloatVector.fromArray(SPECIES, b, row), sum);
                row += bStride;
                step += aStep;
            }
            sum.intoArray(c, cOffset + j);
        }
    }

    @Override
    public void exp(float[] x, float[] y, int from, int to) {
        FloatVector rounding = FloatVector.broadcast(SPECIES, ROUNDING);
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector argument = FloatVector.fromArray(SPECIES, x, i);
            // Not min and max, whose rules for NaN cost several instructions; a NaN stays here too.
            FloatVector bounded = argument.blend(LEAST_EXPONENT, argument.lt(LEAST_EXPONENT))
                    .blend(GREATEST_EXPONENT, argument.compare(VectorOperators.GT, GREATEST_EXPONENT));
            FloatVector shifted = bounded.fma(FloatVector.broadcast(SPECIES, LOG2_E), rounding);
            FloatVector whole = shifted.sub(rounding);
            FloatVector r = whole.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), bounded);
            r = whole.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
            FloatVector series = r.fma(FloatVector.broadcast(SPECIES, EXP_6), FloatVector.broadcast(SPECIES, EXP_5));
            series = series.fma(r, FloatVector.broadcast(SPECIES, EXP_4));
            series = series.fma(r, FloatVector.broadcast(SPECIES, EXP_3));
            series = series.fma(r, FloatVector.broadcast(SPECIES, EXP_2));
            series.fma(r.mul(r), r)
                    .add(1f)
                    .mul(shifted.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 23)
                            .reinterpretAsFloats())
                    .intoArray(y, i);
        }
        remainder.exp(x, y, i, to);
    }

    @Override
    public void log(float[] x, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector argument = FloatVector.fromArray(SPECIES, x, i);
            IntVector bits = argument.reinterpretAsInts().sub(ROOT_HALF_BITS);
            FloatVector exponent =
                    (FloatVector) bits.lanewise(VectorOperators.ASHR, 23).convert(VectorOperators.I2F, 0);
            FloatVector mantissa = bits.lanewise(VectorOperators.AND, 0x007fffff)
                    .add(ROOT_HALF_BITS)
                    .reinterpretAsFloats();
            FloatVector f = mantissa.sub(1f);
            FloatVector s = f.div(f.add(2f));
            FloatVector square = s.mul(s);
            FloatVector series =
                    square.fma(FloatVector.broadcast(SPECIES, 2f / 9), FloatVector.broadcast(SPECIES, 2f / 7));
            series = series.fma(square, FloatVector.broadcast(SPECIES, 2f / 5));
            series = series.fma(square, FloatVector.broadcast(SPECIES, 2f / 3));
            FloatVector result = series.fma(square.mul(s), s.mul(2f));
            FloatVector low = exponent.fma(FloatVector.broadcast(SPECIES, LN2_LOW), result);
            result = exponent.fma(FloatVector.broadcast(SPECIES, LN2_HIGH), low);
            argument.blend(result, argument.lt(Float.POSITIVE_INFINITY)).intoArray(y, i);
        }
        remainder.log(x, y, i, to);
    }

    @Override
    public void relu(float[] y, int offset, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, y, offset + i);
            x.blend(0f, x.compare(VectorOperators.LE, 0f)).intoArray(y, offset + i);
        }
        remainder.relu(y, offset + i, count - i);
    }

    @Override
    public void swish(float[] y, int offset, int count) {
        // The slope goes where the result goes right after it: that costs less than to ask each time whether there is
        // one, and
        // where a branch was never taken before, the compiler could put vectors on the heap.
        int done = swishVectors(y, offset, y, offset, count);
        remainder.swish(y, offset + done, count - done);
    }

    @Override
    public void swish(float[] y, int offset, float[] slope, int slopeOffset, int count) {
        int done = swishVectors(y, offset, slope, slopeOffset, count);
        remainder.swish(y, offset + done, slope, slopeOffset + done, count - done);
    }

    /** Does whole vectors; returns how many numbers that were. */
    private static int swishVectors(float[] y, int offset, float[] slope, int slopeOffset, int count) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        FloatVector rounding = FloatVector.broadcast(SPECIES, ROUNDING);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector z = FloatVector.fromArray(SPECIES, y, offset + i);
            FloatVector bounded = z.blend(-SIGMOID_BOUND, z.lt(-SIGMOID_BOUND))
                    .blend(SIGMOID_BOUND, z.compare(VectorOperators.GT, SIGMOID_BOUND))
                    .neg();
            // exp, as above.
            FloatVector shifted = bounded.fma(FloatVector.broadcast(SPECIES, LOG2_E), rounding);
            FloatVector whole = shifted.sub(rounding);
            FloatVector r = whole.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), bounded);
            r = whole.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
            FloatVector series = r.fma(FloatVector.broadcast(SPECIES, EXP_6), FloatVector.broadcast(SPECIES, EXP_5));
            series = series.fma(r, FloatVector.broadcast(SPECIES, EXP_4));
            series = series.fma(r, FloatVector.broadcast(SPECIES, EXP_3));
            series = series.fma(r, FloatVector.broadcast(SPECIES, EXP_2));
            FloatVector power = series.fma(r.mul(r), r)
                    .add(1f)
                    .mul(shifted.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 23)
                            .reinterpretAsFloats());
            FloatVector sigmoid = one.div(power.add(one));
            FloatVector result = z.mul(sigmoid);
            result.fma(one.sub(sigmoid), sigmoid).intoArray(slope, slopeOffset + i);
            result.intoArray(y, offset + i);
        }
        return i;
    }

    @Override
    public void multiplyBy(float[] x, int xOffset, float[] slope, int slopeOffset, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i)
                    .mul(FloatVector.fromArray(SPECIES, slope, slopeOffset + i))
                    .intoArray(x, xOffset + i);
        }
        remainder.multiplyBy(x, xOffset + i, slope, slopeOffset + i, count - i);
    }

    @Override
    public void maskBy(float[] x, int xOffset, float[] y, int yOffset, int count) {
        FloatVector zero = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector output = FloatVector.fromArray(SPECIES, y, yOffset + i);
            zero.blend(FloatVector.fromArray(SPECIES, x, xOffset + i), output.compare(VectorOperators.GT, 0f))
                    .intoArray(x, xOffset + i);
        }
        remainder.maskBy(x, xOffset + i, y, yOffset + i, count - i);
    }

    @Override
    public void columnSums(float[] x, int offset, int stride, int rows, int columns, float[] sums, int sumsOffset) {
        for (int j = 0; j < columns; j += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            int row = offset + j;
            for (int i = 0; i < rows; i++) {
                sum = sum.add(FloatVector.fromArray(SPECIES, x, row));
                row += stride;
            }
            sum.intoArray(sums, sumsOffset + j);
        }
    }

    @Override
    public void addScaled(float[] target, int targetOffset, float[] source, int sourceOffset, float scale, int count) {
        FloatVector factor = FloatVector.broadcast(SPECIES, scale);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            factor.fma(
                            FloatVector.fromArray(SPECIES, source, sourceOffset + i),
                            FloatVector.fromArray(SPECIES, target, targetOffset + i))
                    .intoArray(target, targetOffset + i);
        }
        remainder.addScaled(target, targetOffset + i, source, sourceOffset + i, scale, count - i);
    }

    @Override
    public void average(float[] target, int targetOffset, float[] source, int sourceOffset, float weight, int count) {
        FloatVector factor = FloatVector.broadcast(SPECIES, weight);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector old = FloatVector.fromArray(SPECIES, target, targetOffset + i);
            FloatVector difference =
                    FloatVector.fromArray(SPECIES, source, sourceOffset + i).sub(old);
            factor.fma(difference, old).intoArray(target, targetOffset + i);
        }
        remainder.average(target, targetOffset + i, source, sourceOffset + i, weight, count - i);
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
        FloatVector firstRate = FloatVector.broadcast(SPECIES, step.firstRate());
        FloatVector secondRate = FloatVector.broadcast(SPECIES, step.secondRate());
        FloatVector negativeStep = FloatVector.broadcast(SPECIES, -step.stepSize());
        FloatVector correction = FloatVector.broadcast(SPECIES, step.secondCorrection());
        FloatVector epsilon = FloatVector.broadcast(SPECIES, step.epsilon());
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector slope = FloatVector.fromArray(SPECIES, gradient, gradientOffset + i);
            FloatVector oldFirst = FloatVector.fromArray(SPECIES, firstMoment, firstOffset + i);
            FloatVector first = firstRate.fma(slope.sub(oldFirst), oldFirst);
            first = first.blend(0f, first.abs().lt(Float.MIN_NORMAL));
            FloatVector oldSecond = FloatVector.fromArray(SPECIES, secondMoment, secondOffset + i);
            FloatVector second = secondRate.fma(slope.fma(slope, oldSecond.neg()), oldSecond);
            second = second.blend(0f, second.abs().lt(Float.MIN_NORMAL));
            FloatVector scale = second.sqrt().fma(correction, epsilon);
            first.intoArray(firstMoment, firstOffset + i);
            second.intoArray(secondMoment, secondOffset + i);
            negativeStep
                    .fma(first.div(scale), FloatVector.fromArray(SPECIES, parameters, parametersOffset + i))
                    .intoArray(parameters, parametersOffset + i);
        }
        remainder.adam(
                step,
                parameters,
                parametersOffset + i,
                gradient,
                gradientOffset + i,
                firstMoment,
                firstOffset + i,
                secondMoment,
                secondOffset + i,
                count - i);
    }
}

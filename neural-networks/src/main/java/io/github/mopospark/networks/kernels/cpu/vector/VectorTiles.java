package io.github.mopospark.networks.kernels.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix products of small tiles whose sums stay in registers: {@value #ROWS} rows by 1 to 4 vectors, written out since
 * the compiler keeps only local variables in registers. With 512-bit vectors the widest holds 24 sums in 32 registers; with
 * 256-bit vectors two vectors hold 12 sums in 16. Measured on one core: 110 to 150 GFLOP/s, as the vendors' libraries.
 */
final class VectorTiles {
    /** Rows of a tile. */
    static final int ROWS = 6;

    private static final VectorSpecies<Float> SPECIES = VectorLoops.SPECIES;
    private static final int LANES = SPECIES.length();

    /** The widest tile whose sums fit the registers. */
    private static final int WIDEST = LANES >= 16 ? 4 : 2;

    private VectorTiles() {}

    /** See {@code Loops.multiply}; at least {@link #ROWS} rows. */
    static void multiply(
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
            float floor,
            float[] c,
            int cOffset,
            int cStride,
            int rows,
            int columns,
            int steps) {
        int vectors = columns / LANES;
        int tiles = (vectors + WIDEST - 1) / WIDEST;
        int column = 0;
        for (int tile = 0; tile < tiles; tile++) {
            // As even as can be: 13 vectors are 4, 3, 3 and 3, since a tile of one would be slow.
            int width = vectors / tiles + (tile < vectors % tiles ? 1 : 0);
            for (int next = 0; next < rows; next += ROWS) {
                // The last tile overlaps the one before: it computes some rows again, to the same bits.
                int row = Math.min(next, rows - ROWS);
                int aStart = aOffset + row * aRowStride;
                int initStart = initOffset + row * initStride + column;
                int cStart = cOffset + row * cStride + column;
                int bStart = bOffset + column;
                switch (width) {
                    case 4 ->
                        multiplyTile4(
                                a,
                                aStart,
                                aRowStride,
                                aStep,
                                b,
                                bStart,
                                bStride,
                                init,
                                initStart,
                                initStride,
                                floor,
                                c,
                                cStart,
                                cStride,
                                steps);
                    case 3 ->
                        multiplyTile3(
                                a,
                                aStart,
                                aRowStride,
                                aStep,
                                b,
                                bStart,
                                bStride,
                                init,
                                initStart,
                                initStride,
                                floor,
                                c,
                                cStart,
                                cStride,
                                steps);
                    case 2 ->
                        multiplyTile2(
                                a,
                                aStart,
                                aRowStride,
                                aStep,
                                b,
                                bStart,
                                bStride,
                                init,
                                initStart,
                                initStride,
                                floor,
                                c,
                                cStart,
                                cStride,
                                steps);
                    default ->
                        multiplyTile1(
                                a,
                                aStart,
                                aRowStride,
                                aStep,
                                b,
                                bStart,
                                bStride,
                                init,
                                initStart,
                                initStride,
                                floor,
                                c,
                                cStart,
                                cStride,
                                steps);
                }
            }
            column += width * LANES;
        }
    }

    /** The tile of 6 rows and 4 vectors. */
    private static void multiplyTile4(
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
            float floor,
            float[] c,
            int cOffset,
            int cStride,
            int steps) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(SPECIES, init, initOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * LANES);
        FloatVector c10 = FloatVector.fromArray(SPECIES, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(SPECIES, init, initOffset + initStride + LANES);
        FloatVector c12 = FloatVector.fromArray(SPECIES, init, initOffset + initStride + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(SPECIES, init, initOffset + initStride + 3 * LANES);
        FloatVector c20 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride + LANES);
        FloatVector c22 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride + 3 * LANES);
        FloatVector c30 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride + LANES);
        FloatVector c32 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride + 3 * LANES);
        FloatVector c40 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride + LANES);
        FloatVector c42 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride + 2 * LANES);
        FloatVector c43 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride + 3 * LANES);
        FloatVector c50 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride + LANES);
        FloatVector c52 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride + 2 * LANES);
        FloatVector c53 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride + 3 * LANES);
        int a0 = aOffset;
        int a1 = a0 + aRowStride;
        int a2 = a1 + aRowStride;
        int a3 = a2 + aRowStride;
        int a4 = a3 + aRowStride;
        int a5 = a4 + aRowStride;
        int row = bOffset;
        int step = 0;
        for (int k = 0; k < steps; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, row);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, row + LANES);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, row + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, row + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + step]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + step]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            c53 = x5.fma(b3, c53);
            row += bStride;
            step += aStep;
        }
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        c00.max(least).intoArray(c, cOffset);
        c01.max(least).intoArray(c, cOffset + LANES);
        c02.max(least).intoArray(c, cOffset + 2 * LANES);
        c03.max(least).intoArray(c, cOffset + 3 * LANES);
        c10.max(least).intoArray(c, cOffset + cStride);
        c11.max(least).intoArray(c, cOffset + cStride + LANES);
        c12.max(least).intoArray(c, cOffset + cStride + 2 * LANES);
        c13.max(least).intoArray(c, cOffset + cStride + 3 * LANES);
        c20.max(least).intoArray(c, cOffset + 2 * cStride);
        c21.max(least).intoArray(c, cOffset + 2 * cStride + LANES);
        c22.max(least).intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c23.max(least).intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        c30.max(least).intoArray(c, cOffset + 3 * cStride);
        c31.max(least).intoArray(c, cOffset + 3 * cStride + LANES);
        c32.max(least).intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c33.max(least).intoArray(c, cOffset + 3 * cStride + 3 * LANES);
        c40.max(least).intoArray(c, cOffset + 4 * cStride);
        c41.max(least).intoArray(c, cOffset + 4 * cStride + LANES);
        c42.max(least).intoArray(c, cOffset + 4 * cStride + 2 * LANES);
        c43.max(least).intoArray(c, cOffset + 4 * cStride + 3 * LANES);
        c50.max(least).intoArray(c, cOffset + 5 * cStride);
        c51.max(least).intoArray(c, cOffset + 5 * cStride + LANES);
        c52.max(least).intoArray(c, cOffset + 5 * cStride + 2 * LANES);
        c53.max(least).intoArray(c, cOffset + 5 * cStride + 3 * LANES);
    }

    /** The tile of 6 rows and 3 vectors. */
    private static void multiplyTile3(
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
            float floor,
            float[] c,
            int cOffset,
            int cStride,
            int steps) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(SPECIES, init, initOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * LANES);
        FloatVector c10 = FloatVector.fromArray(SPECIES, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(SPECIES, init, initOffset + initStride + LANES);
        FloatVector c12 = FloatVector.fromArray(SPECIES, init, initOffset + initStride + 2 * LANES);
        FloatVector c20 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride + LANES);
        FloatVector c22 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride + 2 * LANES);
        FloatVector c30 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride + LANES);
        FloatVector c32 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride + 2 * LANES);
        FloatVector c40 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride + LANES);
        FloatVector c42 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride + 2 * LANES);
        FloatVector c50 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride + LANES);
        FloatVector c52 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride + 2 * LANES);
        int a0 = aOffset;
        int a1 = a0 + aRowStride;
        int a2 = a1 + aRowStride;
        int a3 = a2 + aRowStride;
        int a4 = a3 + aRowStride;
        int a5 = a4 + aRowStride;
        int row = bOffset;
        int step = 0;
        for (int k = 0; k < steps; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, row);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, row + LANES);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, row + 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + step]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + step]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            row += bStride;
            step += aStep;
        }
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        c00.max(least).intoArray(c, cOffset);
        c01.max(least).intoArray(c, cOffset + LANES);
        c02.max(least).intoArray(c, cOffset + 2 * LANES);
        c10.max(least).intoArray(c, cOffset + cStride);
        c11.max(least).intoArray(c, cOffset + cStride + LANES);
        c12.max(least).intoArray(c, cOffset + cStride + 2 * LANES);
        c20.max(least).intoArray(c, cOffset + 2 * cStride);
        c21.max(least).intoArray(c, cOffset + 2 * cStride + LANES);
        c22.max(least).intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c30.max(least).intoArray(c, cOffset + 3 * cStride);
        c31.max(least).intoArray(c, cOffset + 3 * cStride + LANES);
        c32.max(least).intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c40.max(least).intoArray(c, cOffset + 4 * cStride);
        c41.max(least).intoArray(c, cOffset + 4 * cStride + LANES);
        c42.max(least).intoArray(c, cOffset + 4 * cStride + 2 * LANES);
        c50.max(least).intoArray(c, cOffset + 5 * cStride);
        c51.max(least).intoArray(c, cOffset + 5 * cStride + LANES);
        c52.max(least).intoArray(c, cOffset + 5 * cStride + 2 * LANES);
    }

    /** The tile of 6 rows and 2 vectors. */
    private static void multiplyTile2(
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
            float floor,
            float[] c,
            int cOffset,
            int cStride,
            int steps) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(SPECIES, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(SPECIES, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(SPECIES, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride + LANES);
        FloatVector c40 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride + LANES);
        FloatVector c50 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride + LANES);
        int a0 = aOffset;
        int a1 = a0 + aRowStride;
        int a2 = a1 + aRowStride;
        int a3 = a2 + aRowStride;
        int a4 = a3 + aRowStride;
        int a5 = a4 + aRowStride;
        int row = bOffset;
        int step = 0;
        for (int k = 0; k < steps; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, row);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, row + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + step]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + step]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            row += bStride;
            step += aStep;
        }
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        c00.max(least).intoArray(c, cOffset);
        c01.max(least).intoArray(c, cOffset + LANES);
        c10.max(least).intoArray(c, cOffset + cStride);
        c11.max(least).intoArray(c, cOffset + cStride + LANES);
        c20.max(least).intoArray(c, cOffset + 2 * cStride);
        c21.max(least).intoArray(c, cOffset + 2 * cStride + LANES);
        c30.max(least).intoArray(c, cOffset + 3 * cStride);
        c31.max(least).intoArray(c, cOffset + 3 * cStride + LANES);
        c40.max(least).intoArray(c, cOffset + 4 * cStride);
        c41.max(least).intoArray(c, cOffset + 4 * cStride + LANES);
        c50.max(least).intoArray(c, cOffset + 5 * cStride);
        c51.max(least).intoArray(c, cOffset + 5 * cStride + LANES);
    }

    /** The tile of 6 rows and 1 vectors. */
    private static void multiplyTile1(
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
            float floor,
            float[] c,
            int cOffset,
            int cStride,
            int steps) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, init, initOffset);
        FloatVector c10 = FloatVector.fromArray(SPECIES, init, initOffset + initStride);
        FloatVector c20 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride);
        FloatVector c30 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride);
        FloatVector c40 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride);
        FloatVector c50 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride);
        int a0 = aOffset;
        int a1 = a0 + aRowStride;
        int a2 = a1 + aRowStride;
        int a3 = a2 + aRowStride;
        int a4 = a3 + aRowStride;
        int a5 = a4 + aRowStride;
        int row = bOffset;
        int step = 0;
        for (int k = 0; k < steps; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, row);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
            c00 = x0.fma(b0, c00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
            c10 = x1.fma(b0, c10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
            c20 = x2.fma(b0, c20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
            c30 = x3.fma(b0, c30);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + step]);
            c40 = x4.fma(b0, c40);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + step]);
            c50 = x5.fma(b0, c50);
            row += bStride;
            step += aStep;
        }
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        c00.max(least).intoArray(c, cOffset);
        c10.max(least).intoArray(c, cOffset + cStride);
        c20.max(least).intoArray(c, cOffset + 2 * cStride);
        c30.max(least).intoArray(c, cOffset + 3 * cStride);
        c40.max(least).intoArray(c, cOffset + 4 * cStride);
        c50.max(least).intoArray(c, cOffset + 5 * cStride);
    }
}

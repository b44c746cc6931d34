package io.github.mopospark.networks.kernels.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix products of small tiles whose sums stay in registers: {@value #ROWS} rows by 1 to 4 vectors, written out since
 * the compiler keeps only local variables in registers. With 512-bit vectors the widest holds 24 sums in 32 registers; with
 * 256-bit vectors two vectors hold 12 sums in 16. Measured on one core: 110 to 150 GFLOP/s, as the vendors' libraries. There is nothing but loads,
 * multiply-adds and stores in a tile: with a maximum at its end the compiler put vectors on the heap in a third of all JVMs.
 */
final class VectorTiles {
    /** Rows of a tile. */
    static final int ROWS = 6;

    private static final VectorSpecies<Float> SPECIES = VectorLoops.SPECIES;
    private static final int LANES = SPECIES.length();

    /** The widest tile whose sums fit the registers. */
    private static final int WIDEST = LANES >= 16 ? 4 : 2;

    /** Rows of a tile of one vector. */
    private static final int TALL_ROWS = 12;

    /** Floats of the right factor that tiles go over again and again: with the rest of a tile they stay in the nearest cache. */
    private static final int NEAR = 9_216;

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
            multiplyColumns(
                    width,
                    rows,
                    a,
                    aOffset,
                    aRowStride,
                    aStep,
                    b,
                    bOffset + column,
                    bStride,
                    init,
                    initOffset + column,
                    initStride,
                    c,
                    cOffset + column,
                    cStride,
                    steps);
            column += width * LANES;
        }
    }

    /** A column of tiles, down through all rows. */
    private static void multiplyColumns(
            int width,
            int rows,
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
            int steps) {
        int whole = rows - rows % ROWS;
        int blocks = (steps * width * LANES + NEAR - 1) / NEAR;
        for (int block = 0; block < blocks; block++) {
            int from = (int) ((long) steps * block / blocks);
            int to = (int) ((long) steps * (block + 1) / blocks);
            // After the first block sums go on from where they are.
            boolean isFirst = block == 0;
            multiplyRows(
                    width,
                    0,
                    whole,
                    a,
                    aOffset + from * aStep,
                    aRowStride,
                    aStep,
                    b,
                    bOffset + from * bStride,
                    bStride,
                    isFirst ? init : c,
                    isFirst ? initOffset : cOffset,
                    isFirst ? initStride : cStride,
                    c,
                    cOffset,
                    cStride,
                    to - from);
        }
        if (whole < rows) {
            // The last tile overlaps the one before and computes some rows again, from their start to the same bits.
            multiplyRows(
                    width,
                    rows - ROWS,
                    rows,
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
                    steps);
        }
    }

    /** Whole tiles, one below the other. */
    private static void multiplyRows(
            int width,
            int from,
            int to,
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
            int steps) {
        int row = from;
        if (width == 1) {
            for (; row <= to - TALL_ROWS; row += TALL_ROWS) {
                multiplyTallTile(
                        a,
                        aOffset + row * aRowStride,
                        aRowStride,
                        aStep,
                        b,
                        bOffset,
                        bStride,
                        init,
                        initOffset + row * initStride,
                        initStride,
                        c,
                        cOffset + row * cStride,
                        cStride,
                        steps);
            }
        }
        for (; row < to; row += ROWS) {
            int aStart = aOffset + row * aRowStride;
            int initStart = initOffset + row * initStride;
            int cStart = cOffset + row * cStride;
            switch (width) {
                case 4 ->
                    multiplyTile4(
                            a,
                            aStart,
                            aRowStride,
                            aStep,
                            b,
                            bOffset,
                            bStride,
                            init,
                            initStart,
                            initStride,
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
                            bOffset,
                            bStride,
                            init,
                            initStart,
                            initStride,
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
                            bOffset,
                            bStride,
                            init,
                            initStart,
                            initStride,
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
                            bOffset,
                            bStride,
                            init,
                            initStart,
                            initStride,
                            c,
                            cStart,
                            cStride,
                            steps);
            }
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
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c12.intoArray(c, cOffset + cStride + 2 * LANES);
        c13.intoArray(c, cOffset + cStride + 3 * LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c33.intoArray(c, cOffset + 3 * cStride + 3 * LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c42.intoArray(c, cOffset + 4 * cStride + 2 * LANES);
        c43.intoArray(c, cOffset + 4 * cStride + 3 * LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
        c52.intoArray(c, cOffset + 5 * cStride + 2 * LANES);
        c53.intoArray(c, cOffset + 5 * cStride + 3 * LANES);
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
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c12.intoArray(c, cOffset + cStride + 2 * LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c42.intoArray(c, cOffset + 4 * cStride + 2 * LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
        c52.intoArray(c, cOffset + 5 * cStride + 2 * LANES);
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
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
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
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
        c40.intoArray(c, cOffset + 4 * cStride);
        c50.intoArray(c, cOffset + 5 * cStride);
    }

    /** The tile of 12 rows and 1 vector: 6 sums are too few to keep the multipliers busy. */
    private static void multiplyTallTile(
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
            int steps) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, init, initOffset);
        FloatVector c1 = FloatVector.fromArray(SPECIES, init, initOffset + initStride);
        FloatVector c2 = FloatVector.fromArray(SPECIES, init, initOffset + 2 * initStride);
        FloatVector c3 = FloatVector.fromArray(SPECIES, init, initOffset + 3 * initStride);
        FloatVector c4 = FloatVector.fromArray(SPECIES, init, initOffset + 4 * initStride);
        FloatVector c5 = FloatVector.fromArray(SPECIES, init, initOffset + 5 * initStride);
        FloatVector c6 = FloatVector.fromArray(SPECIES, init, initOffset + 6 * initStride);
        FloatVector c7 = FloatVector.fromArray(SPECIES, init, initOffset + 7 * initStride);
        FloatVector c8 = FloatVector.fromArray(SPECIES, init, initOffset + 8 * initStride);
        FloatVector c9 = FloatVector.fromArray(SPECIES, init, initOffset + 9 * initStride);
        FloatVector c10 = FloatVector.fromArray(SPECIES, init, initOffset + 10 * initStride);
        FloatVector c11 = FloatVector.fromArray(SPECIES, init, initOffset + 11 * initStride);
        int a0 = aOffset;
        int a1 = a0 + aRowStride;
        int a2 = a1 + aRowStride;
        int a3 = a2 + aRowStride;
        int a4 = a3 + aRowStride;
        int a5 = a4 + aRowStride;
        int a6 = a5 + aRowStride;
        int a7 = a6 + aRowStride;
        int a8 = a7 + aRowStride;
        int a9 = a8 + aRowStride;
        int a10 = a9 + aRowStride;
        int a11 = a10 + aRowStride;
        int row = bOffset;
        int step = 0;
        for (int k = 0; k < steps; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, row);
            c0 = FloatVector.broadcast(SPECIES, a[a0 + step]).fma(b0, c0);
            c1 = FloatVector.broadcast(SPECIES, a[a1 + step]).fma(b0, c1);
            c2 = FloatVector.broadcast(SPECIES, a[a2 + step]).fma(b0, c2);
            c3 = FloatVector.broadcast(SPECIES, a[a3 + step]).fma(b0, c3);
            c4 = FloatVector.broadcast(SPECIES, a[a4 + step]).fma(b0, c4);
            c5 = FloatVector.broadcast(SPECIES, a[a5 + step]).fma(b0, c5);
            c6 = FloatVector.broadcast(SPECIES, a[a6 + step]).fma(b0, c6);
            c7 = FloatVector.broadcast(SPECIES, a[a7 + step]).fma(b0, c7);
            c8 = FloatVector.broadcast(SPECIES, a[a8 + step]).fma(b0, c8);
            c9 = FloatVector.broadcast(SPECIES, a[a9 + step]).fma(b0, c9);
            c10 = FloatVector.broadcast(SPECIES, a[a10 + step]).fma(b0, c10);
            c11 = FloatVector.broadcast(SPECIES, a[a11 + step]).fma(b0, c11);
            row += bStride;
            step += aStep;
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + cStride);
        c2.intoArray(c, cOffset + 2 * cStride);
        c3.intoArray(c, cOffset + 3 * cStride);
        c4.intoArray(c, cOffset + 4 * cStride);
        c5.intoArray(c, cOffset + 5 * cStride);
        c6.intoArray(c, cOffset + 6 * cStride);
        c7.intoArray(c, cOffset + 7 * cStride);
        c8.intoArray(c, cOffset + 8 * cStride);
        c9.intoArray(c, cOffset + 9 * cStride);
        c10.intoArray(c, cOffset + 10 * cStride);
        c11.intoArray(c, cOffset + 11 * cStride);
    }
}

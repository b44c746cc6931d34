package io.github.mopospark.networks.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of every set of kernels against the same in double precision. */
class KernelsTest {
    private static final String ALL = "io.github.mopospark.networks.kernels.KernelSets#all";

    /** {batch, in, out} of layers: odd, even, of one, and those of the project's networks. */
    private static final int[][] LAYERS = {
        {1, 1, 1},
        {1, 23, 256},
        {5, 23, 6},
        {6, 17, 16},
        {7, 200, 36},
        {23, 36, 200},
        {12, 256, 1},
        {50, 1, 17},
        {33, 40, 48},
        {2, 16, 7},
        {64, 23, 256},
        {13, 200, 200},
    };

    private final Random random = new Random(42);

    private static void assertClose(float[] actual, IntToDoubleFunction expected, IntToDoubleFunction scale) {
        for (int i = 0; i < actual.length; i++) {
            double tolerance = 1e-6 * scale.applyAsDouble(i);
            // Asked before, since assertions take long; negated, so that a NaN fails.
            if (!(Math.abs(actual[i] - expected.applyAsDouble(i)) <= tolerance)) {
                assertThat((double) actual[i])
                        .as("number %d of %d", i, actual.length)
                        .isCloseTo(expected.applyAsDouble(i), within(tolerance));
            }
        }
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    /** {@code init[j] + sum over k of a[i, k] b[k, j]}, or the sum of magnitudes. */
    private static double[] product(
            float[] a, float[] b, float[] init, int rows, int steps, int columns, boolean sizes) {
        double[] c = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = init == null ? 0 : size(init[j], sizes);
                for (int k = 0; k < steps; k++) {
                    sum += size((double) a[i * steps + k] * b[k * columns + j], sizes);
                }
                c[i * columns + j] = sum;
            }
        }
        return c;
    }

    private static double size(double number, boolean sizes) {
        return sizes ? Math.abs(number) : number;
    }

    private static float[] transposed(float[] a, int rows, int columns) {
        float[] b = new float[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                b[j * rows + i] = a[i * columns + j];
            }
        }
        return b;
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void readsWhatWasWritten(Kernels kernels) {
        Framed framed = Framed.of(kernels, 3, 17, Framed.numbers(3 * 17, random));
        float[] before = framed.numbers();

        framed.matrix().write(1, 15, new float[] {0, 5, 6, 0}, 1, 2);
        float[] part = new float[4];
        framed.matrix().read(1, 14, part, 1, 3);

        assertThat(part).containsExactly(0, before[17 + 14], 5, 6);
        float[] after = framed.numbers();
        before[17 + 15] = 5;
        before[17 + 16] = 6;
        assertThat(after).containsExactly(before);
        float[] rows = new float[35];
        framed.matrix().readRows(1, 3, rows, 1);
        assertThat(rows).startsWith(0, before[17], before[18]).endsWith(before[49], before[50]);
        framed.matrix().writeRows(0, 2, rows, 1);
        framed.matrix().readRows(0, 0, rows, 0);
        assertThat(framed.numbers()).startsWith(before[17]).endsWith(before[50]);
        framed.requireFrameAndPadding();
        assertThat(framed.matrix()).hasToString("3 x 17 matrix");
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void refusesPlacesOutsideAMatrix(Kernels kernels) {
        Matrix matrix = kernels.allocate(3, 17);
        float[] numbers = new float[60];

        for (Runnable outside : List.<Runnable>of(
                () -> matrix.read(3, 0, numbers, 0, 1),
                () -> matrix.read(-1, 0, numbers, 0, 1),
                // The padding is not to be seen.
                () -> matrix.read(0, 17, numbers, 0, 1),
                () -> matrix.write(0, 16, numbers, 0, 2),
                () -> matrix.write(0, -1, numbers, 0, 2),
                () -> matrix.read(0, 0, numbers, 59, 2),
                () -> matrix.readRows(2, 4, numbers, 0),
                () -> matrix.writeRows(2, 4, numbers, 0),
                () -> matrix.writeRows(0, 3, numbers, 10))) {
            assertThatThrownBy(outside::run).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(matrix.toArray()).containsOnly(0f);
        assertThatThrownBy(() -> kernels.allocate(0, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 x 4");
        Matrix vector = kernels.allocate(1, 64);
        assertThatThrownBy(() -> kernels.view(vector, 8, 1, 4)).hasMessageContaining("multiple of 16");
        assertThatThrownBy(() -> kernels.view(matrix, 0, 1, 4)).hasMessageContaining("3 x 17 matrix");
        assertThatThrownBy(() -> kernels.view(vector, 32, 2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void showsAVectorsNumbersInItsViews(Kernels kernels) {
        Matrix vector = kernels.allocate(1, 32 + 256);
        Matrix view = kernels.view(vector, 32, 2, 5);

        view.writeRows(0, 2, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0);

        float[] memory = vector.toArray();
        assertThat(memory[32]).isEqualTo(1);
        assertThat(memory[48 + 4]).isEqualTo(10);
        vector.write(0, 49, new float[] {-7}, 0, 1);
        assertThat(view.toArray()).containsExactly(1, 2, 3, 4, 5, 6, -7, 8, 9, 10);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void computesLayers(Kernels kernels) {
        for (int[] layer : LAYERS) {
            int batch = layer[0];
            int in = layer[1];
            int out = layer[2];
            Framed x = Framed.random(kernels, batch, in, random);
            Framed w = Framed.random(kernels, in, out, random);
            Framed b = Framed.random(kernels, 1, out, random);
            double[] z = product(x.numbers(), w.numbers(), b.numbers(), batch, in, out, false);
            double[] sizes = product(x.numbers(), w.numbers(), b.numbers(), batch, in, out, true);
            // What was there must not matter, not even a NaN.
            Framed y = Framed.filled(kernels, batch, out, Float.NaN);
            Framed slope = Framed.filled(kernels, batch, out, Float.NaN);

            kernels.forward(x.matrix(), w.matrix(), b.matrix(), Activation.IDENTITY, y.matrix(), null, 0, batch);
            assertClose(y.numbers(), i -> z[i], i -> sizes[i]);
            y.requireFrameAndPadding();

            kernels.forward(x.matrix(), w.matrix(), b.matrix(), Activation.RELU, y.matrix(), null, 0, batch);
            assertClose(y.numbers(), i -> Math.max(z[i], 0), i -> sizes[i]);
            y.requireFrameAndPadding();

            kernels.forward(x.matrix(), w.matrix(), b.matrix(), Activation.SWISH, y.matrix(), null, 0, batch);
            assertClose(y.numbers(), i -> z[i] * sigmoid(z[i]), i -> 2 * sizes[i]);
            float[] withoutSlope = y.numbers();
            y.requireFrameAndPadding();

            kernels.forward(x.matrix(), w.matrix(), b.matrix(), Activation.SWISH, y.matrix(), slope.matrix(), 0, batch);
            assertThat(y.numbers()).isEqualTo(withoutSlope);
            assertClose(slope.numbers(), i -> sigmoid(z[i]) * (1 + z[i] * (1 - sigmoid(z[i]))), i -> 2 * sizes[i]);
            y.requireFrameAndPadding();
            slope.requireFrame();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void computesSwishFarOut(Kernels kernels) {
        float[] far = {-200, -100, -90, -80, -30, -3, -1e-6f, 0, 1e-6f, 3, 30, 80, 90, 100, 1e30f};
        Framed x = Framed.of(kernels, far.length, 1, far);
        Framed one = Framed.of(kernels, 1, 1, 1);
        Framed zero = Framed.of(kernels, 1, 1, 0);
        Framed y = Framed.filled(kernels, far.length, 1, 0);
        Framed slope = Framed.filled(kernels, far.length, 1, 0);

        kernels.forward(
                x.matrix(), one.matrix(), zero.matrix(), Activation.SWISH, y.matrix(), slope.matrix(), 0, far.length);

        assertClose(
                y.numbers(), i -> far[i] * sigmoid(far[i]), i -> Math.max(1e-20, Math.abs(far[i] * sigmoid(far[i]))));
        assertClose(
                slope.numbers(),
                i -> sigmoid(far[i]) * (1 + far[i] * (1 - sigmoid(far[i]))),
                i -> Math.max(1e-20, sigmoid(far[i]) * (1 + Math.abs(far[i]) * (1 - sigmoid(far[i])))));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void carriesGradientsBack(Kernels kernels) {
        for (int[] layer : LAYERS) {
            int batch = layer[0];
            int in = layer[1];
            int out = layer[2];
            Framed dy = Framed.random(kernels, batch, out, random);
            Framed transposed = Framed.random(kernels, out, in, random);
            Framed y = Framed.random(kernels, batch, in, random);
            y.matrix().write(0, 0, new float[] {0}, 0, 1);
            float[] outputs = y.numbers();
            Framed slope = Framed.random(kernels, batch, in, random);
            float[] slopes = slope.numbers();
            double[] sums = product(dy.numbers(), transposed.numbers(), null, batch, out, in, false);
            double[] sizes = product(dy.numbers(), transposed.numbers(), null, batch, out, in, true);
            Framed dx = Framed.filled(kernels, batch, in, Float.NaN);

            kernels.backward(dy.matrix(), transposed.matrix(), Activation.IDENTITY, null, null, dx.matrix(), 0, batch);
            assertClose(dx.numbers(), i -> sums[i], i -> sizes[i]);
            dx.requireFrameAndPadding();

            kernels.backward(
                    dy.matrix(), transposed.matrix(), Activation.RELU, y.matrix(), null, dx.matrix(), 0, batch);
            assertClose(dx.numbers(), i -> outputs[i] > 0 ? sums[i] : 0, i -> sizes[i]);
            dx.requireFrameAndPadding();

            kernels.backward(
                    dy.matrix(), transposed.matrix(), Activation.SWISH, null, slope.matrix(), dx.matrix(), 0, batch);
            assertClose(dx.numbers(), i -> sums[i] * slopes[i], i -> sizes[i]);
            dx.requireFrameAndPadding();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void computesGradientsOfParametersInParts(Kernels kernels) {
        for (int[] layer : LAYERS) {
            int batch = layer[0];
            int in = layer[1];
            int out = layer[2];
            // Of a larger batch only these rows count.
            int rows = Math.max(1, batch - 2);
            Framed x = Framed.random(kernels, batch, in, random);
            Framed dy = Framed.random(kernels, batch, out, random);
            float[] xt = transposed(Arrays.copyOf(x.numbers(), rows * in), rows, in);
            float[] dys = Arrays.copyOf(dy.numbers(), rows * out);
            float[] ones = new float[rows];
            Arrays.fill(ones, 1f);
            double[] weights = product(xt, dys, null, in, rows, out, false);
            double[] weightSizes = product(xt, dys, null, in, rows, out, true);
            double[] biases = product(ones, dys, null, 1, rows, out, false);
            double[] biasSizes = product(ones, dys, null, 1, rows, out, true);
            for (int parts : new int[] {1, 2, 3, 40}) {
                Framed dw = Framed.filled(kernels, in, out, Float.NaN);
                Framed db = Framed.filled(kernels, 1, out, Float.NaN);

                for (int part = parts - 1; part >= 0; part--) {
                    kernels.gradient(x.matrix(), dy.matrix(), rows, dw.matrix(), db.matrix(), part, parts);
                }

                assertClose(dw.numbers(), i -> weights[i], i -> weightSizes[i]);
                assertClose(db.numbers(), i -> biases[i], i -> biasSizes[i]);
                dw.requireFrameAndPadding();
                db.requireFrameAndPadding();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void transposes(Kernels kernels) {
        for (int[] layer : LAYERS) {
            Framed w = Framed.random(kernels, layer[1], layer[2], random);
            Framed transposed = Framed.filled(kernels, layer[2], layer[1], Float.NaN);

            kernels.transpose(w.matrix(), transposed.matrix());

            assertThat(transposed.numbers()).isEqualTo(transposed(w.numbers(), layer[1], layer[2]));
            transposed.requireFrameAndPadding();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void addsMultiples(Kernels kernels) {
        for (int[] shape : new int[][] {{1, 1}, {1, 200}, {7, 23}, {36, 48}}) {
            Framed target = Framed.random(kernels, shape[0], shape[1], random);
            Framed source = Framed.random(kernels, shape[0], shape[1], random);
            float[] before = target.numbers();
            float[] added = source.numbers();

            kernels.addScaled(target.matrix(), source.matrix(), -0.3f);

            assertClose(target.numbers(), i -> before[i] - (double) 0.3f * added[i], i -> 1);
            target.requireFrameAndPadding();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void averagesVectorsInParts(Kernels kernels) {
        for (int size : new int[] {1, 16, 200, 1000}) {
            for (int parts : new int[] {1, 2, 3, 100}) {
                Framed target = Framed.random(kernels, 1, size, random);
                Framed source = Framed.random(kernels, 1, size, random);
                float[] before = target.numbers();
                float[] goal = source.numbers();

                for (int part = 0; part < parts; part++) {
                    kernels.average(target.matrix(), source.matrix(), 0.25f, part, parts);
                }

                assertClose(target.numbers(), i -> 0.75 * before[i] + 0.25 * goal[i], i -> 1);
                target.requireFrameAndPadding();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void leavesOrTakesAllAtTheEndsOfAnAverage(Kernels kernels) {
        Framed target = Framed.random(kernels, 1, 50, random);
        Framed source = Framed.random(kernels, 1, 50, random);
        float[] before = target.numbers();

        kernels.average(target.matrix(), source.matrix(), 0f, 0, 1);
        assertThat(target.numbers()).containsExactly(before);

        kernels.average(target.matrix(), source.matrix(), 1f, 0, 1);
        float[] goal = source.numbers();
        assertClose(target.numbers(), i -> goal[i], i -> 1);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void stepsAsPyTorchsAdam(Kernels kernels) {
        double rate = 3e-4;
        for (int parts : new int[] {1, 2, 5}) {
            int size = 100;
            double[] parameters = new double[size];
            double[] first = new double[size];
            double[] second = new double[size];
            Framed p = Framed.filled(kernels, 1, size, 0f);
            Framed m = Framed.filled(kernels, 1, size, 0f);
            Framed v = Framed.filled(kernels, 1, size, 0f);
            for (int step = 1; step <= 6; step++) {
                // From 1e-10, where epsilon decides, to 1e3.
                float[] gradient = new float[size];
                for (int i = 0; i < size; i++) {
                    gradient[i] =
                            (float) (Math.pow(10, -10 + 13.0 * i / size) * (random.nextDouble() + 0.1) * (i % 3 - 1));
                }
                Framed g = Framed.of(kernels, 1, size, gradient);

                for (int part = 0; part < parts; part++) {
                    kernels.adam(AdamStep.of(rate, step), p.matrix(), g.matrix(), m.matrix(), v.matrix(), part, parts);
                }

                for (int i = 0; i < size; i++) {
                    first[i] = 0.9 * first[i] + 0.1 * gradient[i];
                    second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
                    double denominator = Math.sqrt(second[i]) / Math.sqrt(1 - Math.pow(0.999, step)) + 1e-8;
                    parameters[i] -= rate / (1 - Math.pow(0.9, step)) * first[i] / denominator;
                }
                assertThat(g.numbers()).as("the gradient is not changed").containsExactly(gradient);
                g.requireFrame();
            }
            // The first moment may nearly cancel, and parameters too: errors are those of the largest step.
            assertClose(p.numbers(), i -> parameters[i], i -> 4 * rate);
            assertClose(m.numbers(), i -> first[i], i -> Math.sqrt(second[i] * 1000) + 1e-30);
            assertClose(v.numbers(), i -> second[i], i -> 2 * second[i] + 1e-30);
            for (Framed framed : List.of(p, m, v)) {
                framed.requireFrameAndPadding();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void setsSubnormalMomentsToZero(Kernels kernels) {
        float least = Float.MIN_NORMAL;
        float[] moments = {
            least, -least, 1.05f * least, 1.2f * least, -1.2f * least, 1e-30f, 0f, 1f, -1f, Float.MIN_VALUE
        };
        Framed p = Framed.filled(kernels, 1, moments.length, 0f);
        Framed g = Framed.filled(kernels, 1, moments.length, 0f);
        Framed m = Framed.of(kernels, 1, moments.length, moments);
        float[] squares = {least, 1.0005f * least, 1.5f * least, 1e-30f, 0f, 1f, 1f, 1f, 1f, Float.MIN_VALUE};
        Framed v = Framed.of(kernels, 1, moments.length, squares);

        kernels.adam(AdamStep.of(1e-3, 1_000), p.matrix(), g.matrix(), m.matrix(), v.matrix(), 0, 1);

        float[] first = m.numbers();
        float[] second = v.numbers();
        for (int i = 0; i < moments.length; i++) {
            assertThat(first[i] == 0f)
                    .as("moment %s, now %s", moments[i], first[i])
                    .isEqualTo(Math.abs(0.9 * moments[i]) < least);
            assertThat(second[i] == 0f)
                    .as("square %s, now %s", squares[i], second[i])
                    .isEqualTo(0.999 * squares[i] < least);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void gathersRows(Kernels kernels) {
        for (int columns : new int[] {1, 16, 23, 200}) {
            Framed source = Framed.random(kernels, 40, columns, random);
            Framed target = Framed.filled(kernels, 7, columns, 99f);
            int[] rows = {39, 0, 5, 5, 17, 1, 8, 3};

            kernels.gather(source.matrix(), rows, 2, 5, target.matrix());
            kernels.gather(source.matrix(), rows, 6, 6, target.matrix());

            float[] from = source.numbers();
            float[] to = target.numbers();
            for (int i = 0; i < 7; i++) {
                for (int j = 0; j < columns; j++) {
                    float expected = i >= 2 && i < 5 ? from[rows[i] * columns + j] : 99f;
                    assertThat(to[i * columns + j]).isEqualTo(expected);
                }
            }
            target.requireFrameAndPadding();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void touchesOnlyTheRowsItIsGiven(Kernels kernels) {
        for (int[] layer : LAYERS) {
            int batch = layer[0];
            Framed x = Framed.random(kernels, batch, layer[1], random);
            Framed w = Framed.random(kernels, layer[1], layer[2], random);
            Framed b = Framed.random(kernels, 1, layer[2], random);
            Framed transposed = Framed.random(kernels, layer[1], layer[2], random);
            for (Activation activation : Activation.values()) {
                Framed y = Framed.filled(kernels, batch, layer[2], 99f);
                Framed slope = Framed.filled(kernels, batch, layer[2], 99f);
                Framed dx = Framed.filled(kernels, batch, layer[2], 99f);
                Framed wholeY = Framed.filled(kernels, batch, layer[2], 0f);
                Framed wholeSlope = Framed.filled(kernels, batch, layer[2], 1f);
                Framed wholeDx = Framed.filled(kernels, batch, layer[2], 0f);
                boolean swish = activation == Activation.SWISH;
                kernels.forward(
                        x.matrix(), w.matrix(), b.matrix(), activation, wholeY.matrix(), wholeSlope.matrix(), 0, batch);
                kernels.backward(
                        x.matrix(),
                        transposed.matrix(),
                        activation,
                        wholeY.matrix(),
                        wholeSlope.matrix(),
                        wholeDx.matrix(),
                        0,
                        batch);
                // Only these, the first and the last left out where there are three.
                int from = batch / 3;
                int to = batch - batch / 3;
                int middle = (from + to) / 2;

                for (int[] range : new int[][] {{middle, to}, {from, middle}, {from, from}}) {
                    kernels.forward(
                            x.matrix(),
                            w.matrix(),
                            b.matrix(),
                            activation,
                            y.matrix(),
                            swish ? slope.matrix() : null,
                            range[0],
                            range[1]);
                    kernels.backward(
                            x.matrix(),
                            transposed.matrix(),
                            activation,
                            wholeY.matrix(),
                            wholeSlope.matrix(),
                            dx.matrix(),
                            range[0],
                            range[1]);
                }

                requireRange(kernels, y, wholeY, from, to);
                requireRange(kernels, dx, wholeDx, from, to);
                if (swish) {
                    requireRange(kernels, slope, wholeSlope, from, to);
                }
            }
        }
    }

    /** Rows of the range are those of the whole, to the bit on the CPU, and others are as they were. */
    private static void requireRange(Kernels kernels, Framed framed, Framed whole, int from, int to) {
        int columns = framed.matrix().columns();
        float[] actual = framed.numbers();
        float[] expected = whole.numbers();
        for (int i = 0; i < actual.length; i++) {
            boolean inside = i >= from * columns && i < to * columns;
            if (!inside) {
                assertThat(actual[i]).as("row %d", i / columns).isEqualTo(99f);
            } else if (kernels instanceof CpuKernels) {
                assertThat(actual[i]).isEqualTo(expected[i]);
            } else {
                assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void takesThreadsAtOnce(Kernels kernels) throws Exception {
        Halves halves = new Halves(kernels, random);
        List<float[]> expected = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            expected.addAll(halves.compute(half));
        }

        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int half = i;
                both.add(threads.submit(() -> {
                    for (int round = 0; round < 80; round++) {
                        List<float[]> results = halves.compute(half);
                        for (int j = 0; j < results.size(); j++) {
                            assertThat(results.get(j))
                                    .as("result %d of half %d in round %d", j, half, round)
                                    .isEqualTo(expected.get(half * results.size() + j));
                        }
                    }
                }));
            }
            for (Future<?> thread : both) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** An update in two halves, which share everything but the rows and parts they write. */
    private static final class Halves {
        private static final int BATCH = 32;
        private static final int IN = 24;
        private static final int OUT = 100;

        private final Kernels kernels;
        private final Matrix x;
        private final Matrix w;
        private final Matrix b;
        private final Matrix transposed;
        private final Matrix dy;
        private final Matrix y;
        private final Matrix slope;
        private final Matrix dx;
        private final Matrix dw;
        private final Matrix db;
        private final Matrix g;
        private final Matrix p;
        private final Matrix m;
        private final Matrix v;

        Halves(Kernels kernels, Random random) {
            this.kernels = kernels;
            x = Framed.random(kernels, BATCH, IN, random).matrix();
            w = Framed.random(kernels, IN, OUT, random).matrix();
            b = Framed.random(kernels, 1, OUT, random).matrix();
            transposed = Framed.random(kernels, OUT, IN, random).matrix();
            dy = Framed.random(kernels, BATCH, OUT, random).matrix();
            y = kernels.allocate(BATCH, OUT);
            slope = kernels.allocate(BATCH, OUT);
            dx = kernels.allocate(BATCH, IN);
            dw = kernels.allocate(IN, OUT);
            db = kernels.allocate(1, OUT);
            g = Framed.random(kernels, 1, 4_096, random).matrix();
            p = kernels.allocate(1, 4_096);
            m = kernels.allocate(1, 4_096);
            v = kernels.allocate(1, 4_096);
        }

        /** What one half writes. */
        List<float[]> compute(int half) {
            int from = BATCH / 2 * half;
            int to = from + BATCH / 2;
            kernels.forward(x, w, b, Activation.SWISH, y, slope, from, to);
            kernels.backward(dy, transposed, Activation.RELU, x, null, dx, from, to);
            kernels.gradient(x, dy, BATCH, dw, db, half, 2);
            float[] numbers = new float[2_048];
            Arrays.fill(numbers, half + 1);
            for (Matrix vector : List.of(p, m, v)) {
                vector.write(0, 2_048 * half, numbers, 0, 2_048);
            }
            kernels.adam(AdamStep.of(1e-3, 5), p, g, m, v, half, 2);
            kernels.average(p, v, 0.1f, half, 2);
            List<float[]> results = new ArrayList<>();
            for (Matrix written : List.of(y, slope, dx)) {
                float[] rows = new float[BATCH / 2 * written.columns()];
                written.readRows(from, to, rows, 0);
                results.add(rows);
            }
            float[] rows = new float[IN / 2 * OUT];
            dw.readRows(IN / 2 * half, IN / 2 * (half + 1), rows, 0);
            results.add(rows);
            for (Matrix vector : List.of(p, m, v)) {
                float[] part = new float[2_048];
                vector.read(0, 2_048 * half, part, 0, 2_048);
                results.add(part);
            }
            return results;
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void letsNoNanAndNoInfinityVanish(Kernels kernels) {
        int batch = 8;
        int in = 23;
        int out = 17;
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (Activation activation : Activation.values()) {
                Framed x = Framed.random(kernels, batch, in, random);
                Framed w = Framed.random(kernels, in, out, random);
                Framed b = Framed.random(kernels, 1, out, random);
                Framed y = Framed.filled(kernels, batch, out, 0f);
                Framed slope = Framed.filled(kernels, batch, out, 0f);
                x.matrix().write(3, 22, new float[] {bad}, 0, 1);
                w.matrix().write(5, 4, new float[] {1}, 0, 1);
                w.matrix().write(22, 4, new float[] {1}, 0, 1);

                kernels.forward(x.matrix(), w.matrix(), b.matrix(), activation, y.matrix(), slope.matrix(), 0, batch);
                requireNotFinite(y, 3, 4);
                if (activation == Activation.SWISH && Float.isNaN(bad)) {
                    requireNotFinite(slope, 3, 4);
                }
                assertThat(y.numbers()[2 * out + 4]).isFinite();

                x.matrix().write(3, 22, new float[] {0}, 0, 1);
                b.matrix().write(0, 4, new float[] {bad}, 0, 1);
                kernels.forward(x.matrix(), w.matrix(), b.matrix(), activation, y.matrix(), slope.matrix(), 0, batch);
                requireNotFinite(y, 0, 4);
                requireNotFinite(y, 7, 4);
                assertThat(y.numbers()[7 * out + 5]).isFinite();
            }

            Framed dy = Framed.random(kernels, batch, out, random);
            Framed transposed = Framed.filled(kernels, out, in, 1f);
            Framed factors = Framed.filled(kernels, batch, in, 1f);
            Framed dx = Framed.filled(kernels, batch, in, 0f);
            dy.matrix().write(7, 16, new float[] {bad}, 0, 1);
            for (Activation activation : Activation.values()) {
                kernels.backward(
                        dy.matrix(),
                        transposed.matrix(),
                        activation,
                        factors.matrix(),
                        factors.matrix(),
                        dx.matrix(),
                        0,
                        batch);
                requireNotFinite(dx, 7, 0);
                requireNotFinite(dx, 7, 22);
                assertThat(dx.numbers()[6 * in]).isFinite();
            }

            Framed dw = Framed.filled(kernels, in, out, 0f);
            Framed db = Framed.filled(kernels, 1, out, 0f);
            kernels.gradient(factors.matrix(), dy.matrix(), batch, dw.matrix(), db.matrix(), 0, 1);
            requireNotFinite(dw, 0, 16);
            requireNotFinite(db, 0, 16);
            assertThat(db.numbers()[15]).isFinite();
            kernels.transpose(dw.matrix(), transposed.matrix());
            requireNotFinite(transposed, 16, 0);

            Framed p = Framed.filled(kernels, 1, out, 0f);
            Framed m = Framed.filled(kernels, 1, out, 0f);
            Framed v = Framed.filled(kernels, 1, out, 0f);
            kernels.adam(AdamStep.of(1e-3, 1), p.matrix(), db.matrix(), m.matrix(), v.matrix(), 0, 1);
            for (Framed framed : List.of(p, m, v)) {
                requireNotFinite(framed, 0, 16);
                assertThat(framed.numbers()[15]).isFinite();
            }

            Framed target = Framed.filled(kernels, 1, out, 0f);
            kernels.average(target.matrix(), db.matrix(), 0.5f, 0, 1);
            requireNotFinite(target, 0, 16);
            target = Framed.filled(kernels, 1, out, 0f);
            kernels.addScaled(target.matrix(), db.matrix(), 0.5f);
            requireNotFinite(target, 0, 16);
            target = Framed.filled(kernels, 1, out, 0f);
            kernels.gather(dy.matrix(), new int[] {7}, 0, 1, target.matrix());
            requireNotFinite(target, 0, 16);
        }
    }

    private static void requireNotFinite(Framed framed, int row, int column) {
        float number = framed.numbers()[row * framed.matrix().columns() + column];
        assertThat(Float.isFinite(number))
                .as("%s at row %d, column %d", number, row, column)
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void refusesShapesThatDoNotFit(Kernels kernels) {
        Matrix x = kernels.allocate(4, 3);
        Matrix w = kernels.allocate(3, 5);
        Matrix b = kernels.allocate(1, 5);
        Matrix y = kernels.allocate(4, 5);
        Matrix small = kernels.allocate(2, 5);
        Matrix wrong = kernels.allocate(4, 6);
        Matrix wt = kernels.allocate(5, 3);
        AdamStep step = AdamStep.of(1e-3, 1);

        List<Runnable> misfits = List.of(
                () -> kernels.forward(y, w, b, Activation.RELU, y, null, 0, 4),
                () -> kernels.forward(x, w, b, Activation.RELU, wrong, null, 0, 4),
                () -> kernels.forward(x, w, wrong, Activation.RELU, y, null, 0, 4),
                () -> kernels.forward(x, w, small, Activation.RELU, y, null, 0, 4),
                () -> kernels.forward(x, w, b, Activation.SWISH, y, wrong, 0, 4),
                () -> kernels.backward(x, wt, Activation.IDENTITY, null, null, x, 0, 4),
                () -> kernels.backward(y, wt, Activation.IDENTITY, null, null, y, 0, 4),
                () -> kernels.backward(y, wt, Activation.RELU, y, null, x, 0, 4),
                () -> kernels.backward(y, wt, Activation.SWISH, null, y, x, 0, 4),
                () -> kernels.gradient(x, y, 4, wt, b, 0, 1),
                () -> kernels.gradient(x, wrong, 4, w, b, 0, 1),
                () -> kernels.gradient(x, y, 4, w, small, 0, 1),
                () -> kernels.gradient(x, y, 0, w, b, 0, 1),
                () -> kernels.transpose(w, w),
                () -> kernels.addScaled(y, wrong, 1f),
                () -> kernels.addScaled(y, small, 1f),
                () -> kernels.average(y, y, 1f, 0, 1),
                () -> kernels.average(b, small, 1f, 0, 1),
                () -> kernels.adam(step, b, wrong, b, b, 0, 1),
                () -> kernels.adam(step, b, b, small, b, 0, 1),
                () -> kernels.adam(step, b, b, b, small, 0, 1),
                () -> kernels.gather(y, new int[] {0}, 0, 1, wrong));
        for (int i = 0; i < misfits.size(); i++) {
            assertThatThrownBy(misfits.get(i)::run).as("misfit %d", i).isInstanceOf(IllegalArgumentException.class);
        }
        List<Runnable> outside = List.of(
                () -> kernels.forward(x, w, b, Activation.RELU, y, null, 0, 5),
                () -> kernels.forward(x, w, b, Activation.RELU, y, null, -1, 4),
                () -> kernels.forward(x, w, b, Activation.RELU, y, null, 3, 2),
                () -> kernels.forward(x, w, b, Activation.RELU, small, null, 0, 4),
                () -> kernels.forward(x, w, b, Activation.SWISH, y, small, 0, 4),
                () -> kernels.backward(small, wt, Activation.IDENTITY, null, null, x, 0, 4),
                () -> kernels.backward(y, wt, Activation.RELU, kernels.allocate(2, 3), null, x, 0, 4),
                () -> kernels.gradient(x, small, 4, w, b, 0, 1),
                () -> kernels.gradient(x, y, 4, w, b, 1, 1),
                () -> kernels.average(b, b, 1f, -1, 1),
                () -> kernels.adam(step, b, b, b, b, 2, 2),
                () -> kernels.gather(y, new int[] {4}, 0, 1, y),
                () -> kernels.gather(y, new int[] {-1}, 0, 1, y),
                () -> kernels.gather(y, new int[] {0}, 0, 2, y));
        for (int i = 0; i < outside.size(); i++) {
            assertThatThrownBy(outside.get(i)::run).as("outside %d", i).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> kernels.forward(y, w, b, Activation.RELU, y, null, 0, 4))
                .hasMessage(
                        "the input's columns must be the weights' rows, but they are a 4 x 5 matrix and a 3 x 5 matrix");
        assertThatThrownBy(() -> kernels.backward(y, wt, Activation.RELU, null, null, x, 0, 4))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("y");
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void refusesMatricesOfOtherKernels(Kernels kernels) {
        Matrix other = new Matrix(1, 16) {
            @Override
            public void read(int row, int column, float[] target, int offset, int count) {}

            @Override
            public void write(int row, int column, float[] source, int offset, int count) {}
        };

        assertThatThrownBy(() -> kernels.addScaled(kernels.allocate(1, 16), other, 1f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a 1 x 16 matrix was not made by these kernels");
    }
}

package io.github.mopospark.networks.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.AdamStep;
import io.github.mopospark.networks.kernels.Framed;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CpuKernelsTest {
    private static final String CPU = "io.github.mopospark.networks.kernels.KernelSets#cpu";

    @Test
    void areInTheVectorApiWhereTheJvmHasIt() {
        assertThat(CpuKernels.fastest().description()).matches("cpu \\(Vector API, \\d+ bits\\)");
        assertThat(CpuKernels.plain().description()).isEqualTo("cpu (plain loops)");
        assertThat(CpuKernels.fastest().name())
                .as("the same bits, so the same name")
                .isEqualTo(CpuKernels.plain().name());
    }

    @Test
    void giveTheSameBitsInTheVectorApiAndInPlainLoops() {
        Random shapes = new Random(7);
        for (int round = 0; round < 150; round++) {
            int batch = 1 + shapes.nextInt(30);
            // Long sums are cut into blocks that stay in the cache.
            int in = 1 + shapes.nextInt(round % 5 == 0 ? 700 : 70);
            int out = 1 + shapes.nextInt(140);
            long seed = shapes.nextLong();

            List<float[]> vector = computeAll(CpuKernels.fastest(), batch, in, out, new Random(seed));
            List<float[]> plain = computeAll(CpuKernels.plain(), batch, in, out, new Random(seed));

            for (int i = 0; i < vector.size(); i++) {
                assertThat(bits(vector.get(i)))
                        .as("result %d of a batch of %d through %d x %d", i, batch, in, out)
                        .isEqualTo(bits(plain.get(i)));
            }
        }
    }

    /** The bits of numbers, all NaN alike. */
    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(numbers[i]);
        }
        return bits;
    }

    /** Numbers of all magnitudes, now and then zero, subnormal, infinite or none. */
    private static Framed wild(Kernels kernels, int rows, int columns, Random random) {
        float[] numbers = Framed.numbers(rows * columns, random);
        boolean strange = random.nextInt(3) == 0;
        for (int i = 0; i < numbers.length; i++) {
            if (random.nextInt(4) == 0) {
                numbers[i] *= (float) Math.pow(10, 8 * random.nextGaussian());
            }
            if (strange && random.nextInt(50) == 0) {
                float[] delicate = {
                    0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, 1e-39f, 3e38f
                };
                numbers[i] = delicate[random.nextInt(delicate.length)];
            }
        }
        return Framed.of(kernels, rows, columns, numbers);
    }

    private static List<float[]> computeAll(Kernels kernels, int batch, int in, int out, Random random) {
        List<float[]> results = new ArrayList<>();
        Framed x = wild(kernels, batch, in, random);
        Framed w = wild(kernels, in, out, random);
        Framed b = wild(kernels, 1, out, random);
        Framed y = Framed.filled(kernels, batch, out, 0f);
        Framed slope = Framed.filled(kernels, batch, out, 0f);
        Framed transposed = Framed.filled(kernels, out, in, 0f);
        Framed dx = Framed.filled(kernels, batch, in, 0f);
        Framed dw = Framed.filled(kernels, in, out, 0f);
        Framed db = Framed.filled(kernels, 1, out, 0f);
        int parts = 1 + random.nextInt(4);
        kernels.transpose(w.matrix(), transposed.matrix());
        results.add(transposed.numbers());
        for (Activation activation : Activation.values()) {
            kernels.forward(x.matrix(), w.matrix(), b.matrix(), activation, y.matrix(), null, 0, batch);
            results.add(y.numbers());
            kernels.forward(x.matrix(), w.matrix(), b.matrix(), activation, y.matrix(), slope.matrix(), 0, batch);
            results.add(y.numbers());
            results.add(slope.numbers());
            Framed outputs = wild(kernels, batch, in, random);
            kernels.backward(
                    y.matrix(),
                    transposed.matrix(),
                    activation,
                    outputs.matrix(),
                    outputs.matrix(),
                    dx.matrix(),
                    0,
                    batch);
            results.add(dx.numbers());
        }
        for (int part = 0; part < parts; part++) {
            kernels.gradient(x.matrix(), y.matrix(), batch, dw.matrix(), db.matrix(), part, parts);
        }
        results.add(dw.numbers());
        results.add(db.numbers());
        kernels.addScaled(dw.matrix(), w.matrix(), 0.1f);
        results.add(dw.numbers());
        Framed second = wild(kernels, 1, out, random);
        for (int part = 0; part < parts; part++) {
            kernels.average(b.matrix(), db.matrix(), 0.005f, part, parts);
        }
        results.add(b.numbers());
        for (int part = 0; part < parts; part++) {
            kernels.adam(
                    AdamStep.of(1e-3, 1 + random.nextInt(1000)),
                    b.matrix(),
                    db.matrix(),
                    wild(kernels, 1, out, random).matrix(),
                    second.matrix(),
                    part,
                    parts);
        }
        results.add(b.numbers());
        results.add(second.numbers());
        float[] numbers = wild(kernels, batch, in, random).numbers();
        float[] functions = numbers.clone();
        kernels.functions().exp(numbers, functions, 0, numbers.length);
        results.add(functions.clone());
        kernels.functions().log(numbers, functions, 0, numbers.length);
        results.add(functions);
        return results;
    }

    @ParameterizedTest
    @MethodSource(CPU)
    void giveTheSameBitsForAnyRangesAndParts(Kernels kernels) {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            int batch = 1 + random.nextInt(30);
            int in = 1 + random.nextInt(40);
            int out = 1 + random.nextInt(80);
            Framed x = Framed.random(kernels, batch, in, random);
            Framed w = Framed.random(kernels, in, out, random);
            Framed b = Framed.random(kernels, 1, out, random);
            Framed once = Framed.filled(kernels, batch, out, 0f);
            Framed twice = Framed.filled(kernels, batch, out, 0f);
            int cut = random.nextInt(batch + 1);

            kernels.forward(x.matrix(), w.matrix(), b.matrix(), Activation.SWISH, once.matrix(), null, 0, batch);
            kernels.forward(x.matrix(), w.matrix(), b.matrix(), Activation.SWISH, twice.matrix(), null, 0, cut);
            kernels.forward(x.matrix(), w.matrix(), b.matrix(), Activation.SWISH, twice.matrix(), null, cut, batch);
            assertThat(bits(twice.numbers())).isEqualTo(bits(once.numbers()));

            int parts = 2 + random.nextInt(5);
            List<float[]> whole = parameterGradientAndSteps(kernels, x, once, b, 1);
            List<float[]> inParts = parameterGradientAndSteps(kernels, x, once, b, parts);
            for (int i = 0; i < whole.size(); i++) {
                assertThat(bits(inParts.get(i))).as("result %d", i).isEqualTo(bits(whole.get(i)));
            }
        }
    }

    private static List<float[]> parameterGradientAndSteps(Kernels kernels, Framed x, Framed dy, Framed b, int parts) {
        int columns = dy.matrix().columns();
        Framed dw = Framed.filled(kernels, x.matrix().columns(), columns, Float.NaN);
        Framed db = Framed.filled(kernels, 1, columns, Float.NaN);
        Framed p = Framed.of(kernels, 1, columns, b.numbers());
        Framed m = Framed.filled(kernels, 1, columns, 1e-3f);
        Framed v = Framed.filled(kernels, 1, columns, 1e-3f);
        for (int part = 0; part < parts; part++) {
            kernels.gradient(x.matrix(), dy.matrix(), x.matrix().rows(), dw.matrix(), db.matrix(), part, parts);
        }
        for (int part = 0; part < parts; part++) {
            kernels.adam(AdamStep.of(1e-3, 3), p.matrix(), db.matrix(), m.matrix(), v.matrix(), part, parts);
            kernels.average(v.matrix(), b.matrix(), 0.1f, part, parts);
        }
        return List.of(dw.numbers(), db.numbers(), p.numbers(), m.numbers(), v.numbers());
    }

    @Test
    void refuseAProductTooWideForTheirZeros() {
        CpuKernels kernels = CpuKernels.fastest();
        int columns = 16_385;

        assertThatThrownBy(() -> kernels.gradient(
                        kernels.allocate(1, 1),
                        kernels.allocate(1, columns),
                        1,
                        kernels.allocate(1, columns),
                        kernels.allocate(1, columns),
                        0,
                        1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 16,384 columns")
                .hasMessageContaining("1 x 16385 matrix");
    }

    /**
     * Of plain kernels not a byte. With the Vector API the compiler may leave some vectors on the heap, which ones depends on
     * what ran before; a matrix of scratch memory for each product would still be more.
     */
    @ParameterizedTest
    @MethodSource(CPU)
    void allocateNothingOnceTheyAreCompiled(Kernels kernels) {
        long allowed = kernels.description().contains("Vector API") ? 100 * 32_768 : 0;
        Random random = new Random(5);
        Matrix x = Framed.random(kernels, 13, 23, random).matrix();
        Matrix w = Framed.random(kernels, 23, 112, random).matrix();
        Matrix b = Framed.random(kernels, 1, 112, random).matrix();
        Matrix y = Framed.filled(kernels, 13, 112, 0f).matrix();
        Matrix slope = Framed.filled(kernels, 13, 112, 0f).matrix();
        Matrix transposed = Framed.filled(kernels, 112, 23, 0f).matrix();
        Matrix dx = Framed.filled(kernels, 13, 23, 0f).matrix();
        Matrix dw = Framed.filled(kernels, 23, 112, 0f).matrix();
        Matrix db = Framed.filled(kernels, 1, 112, 0f).matrix();
        Matrix m = Framed.filled(kernels, 1, 112, 0f).matrix();
        Matrix v = Framed.filled(kernels, 1, 112, 0f).matrix();
        AdamStep step = AdamStep.of(1e-3, 1);
        float[] numbers = Framed.numbers(100, random);
        int[] rows = {3, 1, 4};
        Runnable all = () -> {
            kernels.forward(x, w, b, Activation.RELU, y, null, 0, 13);
            kernels.forward(x, w, b, Activation.SWISH, y, slope, 0, 4);
            kernels.forward(x, w, b, Activation.SWISH, y, null, 4, 13);
            kernels.transpose(w, transposed);
            kernels.backward(y, transposed, Activation.RELU, x, null, dx, 0, 13);
            kernels.backward(y, transposed, Activation.SWISH, null, x, dx, 0, 13);
            kernels.gradient(x, y, 13, dw, db, 0, 2);
            kernels.gradient(x, y, 13, dw, db, 1, 2);
            kernels.addScaled(dw, w, 0.1f);
            kernels.average(b, db, 0.1f, 0, 1);
            kernels.adam(step, b, db, m, v, 0, 1);
            kernels.gather(y, rows, 0, 3, slope);
            kernels.functions().exp(numbers, numbers, 0, 100);
            kernels.functions().log(numbers, numbers, 0, 100);
        };
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        long allocated;
        do {
            long before = threads.getThreadAllocatedBytes(self);
            for (int i = 0; i < 100; i++) {
                all.run();
            }
            allocated = threads.getThreadAllocatedBytes(self) - before;
        } while (allocated > allowed && System.nanoTime() < deadline);

        assertThat(allocated)
                .as("bytes that 100 rounds of every operation allocated")
                .isLessThanOrEqualTo(allowed);
    }
}

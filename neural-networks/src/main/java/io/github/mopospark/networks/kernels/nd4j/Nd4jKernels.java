package io.github.mopospark.networks.kernels.nd4j;

import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.AdamStep;
import io.github.mopospark.networks.kernels.ElementwiseFunctions;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.kernels.Operands;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import java.util.Arrays;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Kernels in ND4J's operations, on the backend that ND4J finds on the classpath. They use nothing of one backend; only
 * nd4j-native was tried. Results are those of {@code CpuKernels} within rounding, and depend on BLAS, which depends on the
 * processor.
 *
 * <p>On a CPU they are for comparison: {@code CpuKernels} are faster. What was found about nd4j-native 1.0.0-M2.1:
 *
 * <ul>
 *   <li>Its OpenBLAS 0.3.19 takes some processors newer than itself (seen: Intel's family 6, model 207) for a Prescott of
 *       2004 and multiplies at a quarter of their speed, unless the environment variable {@code OPENBLAS_CORETYPE} is set,
 *       even to nothing: then it looks at what they can do.
 *   <li>With {@code org.bytedeco:mkl:2022.0-1.5.7} and its classifiers {@code linux-x86_64} and {@code linux-x86_64-redist}
 *       on the classpath and {@code -Dorg.bytedeco.openblas.load=mkl}, ND4J multiplies with MKL, and {@link #name} says so.
 *   <li>Each operation is one thread's here, since callers bring their threads. Some operations of ND4J still ask OpenMP for
 *       more, and are slow where cores are shared, unless {@code OMP_NUM_THREADS=1} is in the environment.
 * </ul>
 */
public final class Nd4jKernels implements Kernels {
    private static final MMulTranspose AS_THEY_ARE = MMulTranspose.allFalse();
    private static final MMulTranspose SECOND_TRANSPOSED =
            MMulTranspose.builder().transposeB(true).build();

    /** The greatest number too small for a normal float. */
    private static final double GREATEST_SUBNORMAL = Math.nextDown(Float.MIN_NORMAL);

    private final boolean onHost;
    private final ElementwiseFunctions functions = CpuKernels.fastest().functions();
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** Kernels on ND4J's backend. The first in a JVM takes seconds, to load it. */
    public Nd4jKernels() {
        this(Nd4j.getEnvironment().isCPU());
    }

    /**
     * Kernels that reach their memory in place, or in transfers.
     *
     * @param onHost whether it is the host's memory
     */
    Nd4jKernels(boolean onHost) {
        this.onHost = onHost;
        if (System.getenv("OMP_NUM_THREADS") == null) {
            Nd4j.factory().blas().setMaxThreads(1);
            Nd4j.getEnvironment().setMaxMasterThreads(1);
        }
    }

    /**
     * Whether they run on the CPU.
     *
     * @return false on a device
     */
    public boolean isOnHost() {
        return onHost;
    }

    /** Arrays for results in between; one a thread, so that threads do not meet in them. */
    private final class Scratch {
        private Nd4jMatrix numbers;
        private Nd4jMatrix ones;

        /** Numbers to write to: {@code [count]}. */
        INDArray numbers(int count) {
            if (numbers == null || numbers.columns() < count) {
                numbers = allocate(1, count);
            }
            return numbers.flat(0, count);
        }

        /** Ones: {@code [count, 1]}. */
        INDArray ones(int count) {
            if (ones == null || ones.columns() < count) {
                ones = allocate(1, count);
                ones.flat(0, count).assign(1);
            }
            return ones.block(0, count, 0, 1);
        }
    }

    /**
     * What computes.
     *
     * @return the backend and its BLAS
     */
    @Override
    public String name() {
        return "nd4j (%s, %s)"
                .formatted(
                        Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend"),
                        Nd4j.factory().blas().getBlasVendor());
    }

    @Override
    public String description() {
        return "%s, %d BLAS thread(s), %s"
                .formatted(name(), Nd4j.factory().blas().getMaxThreads(), BlasProcessor.description());
    }

    @Override
    public ElementwiseFunctions functions() {
        return functions;
    }

    @Override
    public Nd4jMatrix allocate(int rows, int columns) {
        return new Nd4jMatrix(onHost, rows, columns);
    }

    @Override
    public Matrix view(Matrix vector, int offset, int rows, int columns) {
        Operands.requireView(vector, offset, rows, columns);
        return own(vector).view(offset, rows, columns);
    }

    private static Nd4jMatrix own(Matrix matrix) {
        if (matrix instanceof Nd4jMatrix own) {
            return own;
        }
        throw new IllegalArgumentException("a %s was not made by these kernels".formatted(matrix));
    }

    @Override
    public void forward(Matrix x, Matrix w, Matrix b, Activation activation, Matrix y, Matrix slope, int from, int to) {
        Operands.requireForward(x, w, b, y, slope, from, to);
        int rows = to - from;
        if (rows == 0) {
            return;
        }
        INDArray sums = own(y).block(from, rows);
        // As a product with ones, which takes a fifth of the time that adding a vector to each column takes.
        multiply(own(b).block(), scratch.get().ones(rows), SECOND_TRANSPOSED, sums, 0);
        multiply(own(w).block(), own(x).block(from, rows), AS_THEY_ARE, sums, 1);
        INDArray result = own(y).flatRows(from, rows);
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> Nd4j.getExecutioner().exec(new RectifiedLinear(result, result));
            case SWISH -> swish(result, slope == null ? null : own(slope).flatRows(from, rows));
        }
    }

    /** {@code c = beta c + a b}. */
    private static void multiply(INDArray a, INDArray b, MMulTranspose transposition, INDArray c, double beta) {
        Nd4j.exec(new Mmul(a, b, c, 1, beta, transposition));
    }

    private void swish(INDArray y, INDArray slope) {
        INDArray room = scratch.get().numbers((int) y.length());
        INDArray sigmoid = slope == null ? room : slope;
        Nd4j.getExecutioner().exec(new Sigmoid(y, sigmoid));
        y.muli(sigmoid);
        if (slope != null) {
            // Not ND4J's derivative, which is NaN from 89 on.
            sigmoid.rsub(1, room);
            room.muli(y);
            slope.addi(room);
        }
    }

    @Override
    public void backward(
            Matrix dy, Matrix transposed, Activation activation, Matrix y, Matrix slope, Matrix dx, int from, int to) {
        Operands.requireBackward(dy, transposed, activation, y, slope, dx, from, to);
        int rows = to - from;
        if (rows == 0) {
            return;
        }
        multiply(own(transposed).block(), own(dy).block(from, rows), AS_THEY_ARE, own(dx).block(from, rows), 0);
        INDArray result = own(dx).flatRows(from, rows);
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> {
                INDArray mask = scratch.get().numbers((int) result.length());
                Nd4j.getExecutioner().exec(new Step(own(y).flatRows(from, rows), mask));
                result.muli(mask);
            }
            case SWISH -> result.muli(own(slope).flatRows(from, rows));
        }
    }

    @Override
    public void gradient(Matrix x, Matrix dy, int rows, Matrix dw, Matrix db, int part, int parts) {
        Operands.requireGradient(x, dy, rows, dw, db, part, parts);
        INDArray sums = own(dy).block(0, rows);
        int first = dw.rows() * part / parts;
        int count = dw.rows() * (part + 1) / parts - first;
        if (count > 0) {
            INDArray inputs = own(x).block(first, count, 0, rows);
            multiply(sums, inputs, SECOND_TRANSPOSED, own(dw).block(first, count), 0);
        }
        if (part == 0) {
            multiply(sums, scratch.get().ones(rows), AS_THEY_ARE, own(db).block(), 0);
        }
    }

    @Override
    public void transpose(Matrix w, Matrix transposed) {
        Operands.requireTranspose(w, transposed);
        own(transposed).whole().assign(own(w).transposed());
    }

    @Override
    public void addScaled(Matrix target, Matrix source, float scale) {
        Operands.requireSameShape(target, source);
        addScaled(own(target).flatRows(0, target.rows()), own(source).flatRows(0, source.rows()), scale);
    }

    private static void addScaled(INDArray target, INDArray source, float scale) {
        Nd4j.getBlasWrapper().level1().axpy(target.length(), scale, source, target);
    }

    @Override
    public void average(Matrix target, Matrix source, float weight, int part, int parts) {
        Operands.requireVectors(target, source, part, parts);
        int first = Operands.boundary(target.stride(), part, parts);
        int count = Operands.boundary(target.stride(), part + 1, parts) - first;
        if (count > 0) {
            approach(own(target).flat(first, count), own(source).flat(first, count), weight);
        }
    }

    /** {@code target += weight (source - target)}. */
    private void approach(INDArray target, INDArray source, float weight) {
        INDArray difference = scratch.get().numbers((int) target.length());
        source.sub(target, difference);
        addScaled(target, difference, weight);
    }

    @Override
    public void adam(
            AdamStep step,
            Matrix parameters,
            Matrix gradient,
            Matrix firstMoment,
            Matrix secondMoment,
            int part,
            int parts) {
        Operands.requireVectors(parameters, gradient, part, parts);
        Operands.requireVectors(parameters, firstMoment, part, parts);
        Operands.requireVectors(parameters, secondMoment, part, parts);
        int first = Operands.boundary(parameters.stride(), part, parts);
        int count = Operands.boundary(parameters.stride(), part + 1, parts) - first;
        if (count > 0) {
            adam(
                    step,
                    own(parameters).flat(first, count),
                    own(gradient).flat(first, count),
                    own(firstMoment).flat(first, count),
                    own(secondMoment).flat(first, count));
        }
    }

    /** Not ND4J's AdamUpdater, which is no faster and lets moments become subnormal, which is a hundred times slower. */
    private void adam(AdamStep step, INDArray parameters, INDArray gradient, INDArray mean, INDArray square) {
        INDArray room = scratch.get().numbers((int) parameters.length());
        approach(mean, gradient, step.firstRate());
        flush(mean, room);
        gradient.mul(gradient, room);
        room.subi(square);
        addScaled(square, room, step.secondRate());
        flush(square, room);
        Nd4j.getExecutioner().exec(new Sqrt(square, room));
        room.muli(step.secondCorrection());
        room.addi(step.epsilon());
        mean.div(room, room);
        addScaled(parameters, room, -step.stepSize());
    }

    /** Sets subnormal numbers to zero. */
    private static void flush(INDArray numbers, INDArray room) {
        Nd4j.getExecutioner().exec(new Abs(numbers, room));
        Nd4j.getExecutioner().exec(new Step(room, room, GREATEST_SUBNORMAL));
        numbers.muli(room);
    }

    @Override
    public void gather(Matrix source, int[] rows, int from, int to, Matrix target) {
        Operands.requireGather(source, rows, from, to, target);
        if (from < to) {
            Nd4j.pullRows(
                    own(source).rows(0, source.rows()),
                    own(target).rows(from, to - from),
                    1,
                    Arrays.copyOfRange(rows, from, to));
        }
    }
}

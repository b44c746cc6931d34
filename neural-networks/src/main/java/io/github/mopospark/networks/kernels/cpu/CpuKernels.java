package io.github.mopospark.networks.kernels.cpu;

import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.AdamStep;
import io.github.mopospark.networks.kernels.ElementwiseFunctions;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.kernels.Operands;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Kernels in Java on heap arrays, with or without the Vector API: the same bits on every machine, at every vector width and
 * for every number of threads. Measured faster than cblas on native memory, since nothing is copied between the heap, where
 * the Vector API works, and the native memory, where BLAS does.
 */
public final class CpuKernels implements Kernels {
    /** Columns that a product without a bias may have: it starts from this many zeros. */
    private static final int MOST_COLUMNS = 16_384;

    /** Rows and columns of a block of a transposition: both blocks stay in the nearest cache. */
    private static final int BLOCK = 16;

    private static final float[] ZEROS = new float[MOST_COLUMNS];

    private final Loops loops;

    private CpuKernels(Loops loops) {
        this.loops = loops;
    }

    /**
     * The fastest kernels that this JVM can run.
     *
     * @return kernels in the Vector API if the JVM was started with {@code --add-modules jdk.incubator.vector}, else plain
     *     ones
     */
    public static CpuKernels fastest() {
        try {
            for (Loops loops : ServiceLoader.load(Loops.class, CpuKernels.class.getClassLoader())) {
                if (loops.isSupported()) {
                    return new CpuKernels(loops);
                }
            }
        } catch (ServiceConfigurationError | LinkageError absent) {
            // Without the incubator module their classes cannot be linked.
        }
        return plain();
    }

    /**
     * Kernels that need no incubator module.
     *
     * @return kernels in plain loops
     */
    public static CpuKernels plain() {
        return new CpuKernels(new PlainLoops());
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "cpu (%s)".formatted(loops);
    }

    @Override
    public ElementwiseFunctions functions() {
        return loops;
    }

    @Override
    public Matrix allocate(int rows, int columns) {
        return new CpuMatrix(new float[Math.multiplyExact(rows, Matrix.stride(columns))], 0, rows, columns);
    }

    @Override
    public Matrix view(Matrix vector, int offset, int rows, int columns) {
        Operands.requireView(vector, offset, rows, columns);
        return new CpuMatrix(own(vector).numbers(), offset, rows, columns);
    }

    private static CpuMatrix own(Matrix matrix) {
        if (matrix instanceof CpuMatrix own) {
            return own;
        }
        throw new IllegalArgumentException("a %s was not made by these kernels".formatted(matrix));
    }

    @Override
    public void forward(Matrix x, Matrix w, Matrix b, Activation activation, Matrix y, Matrix slope, int from, int to) {
        Operands.requireForward(x, w, b, y, slope, from, to);
        CpuMatrix bias = own(b);
        multiply(own(x), own(w), bias.numbers(), bias.start(0), own(y), from, to);
        CpuMatrix result = own(y);
        int count = (to - from) * y.stride();
        if (activation == Activation.RELU) {
            loops.relu(result.numbers(), result.start(from), count);
        } else if (activation == Activation.SWISH) {
            if (slope == null) {
                loops.swish(result.numbers(), result.start(from), count);
            } else {
                CpuMatrix derivative = own(slope);
                loops.swish(result.numbers(), result.start(from), derivative.numbers(), derivative.start(from), count);
            }
        }
    }

    private void multiply(CpuMatrix a, CpuMatrix b, float[] init, int initOffset, CpuMatrix c, int from, int to) {
        loops.multiply(
                a.numbers(),
                a.start(from),
                a.stride(),
                1,
                b.numbers(),
                b.start(0),
                b.stride(),
                init,
                initOffset,
                0,
                c.numbers(),
                c.start(from),
                c.stride(),
                to - from,
                Matrix.aligned(c.columns()),
                a.columns());
    }

    @Override
    public void backward(
            Matrix dy, Matrix transposed, Activation activation, Matrix y, Matrix slope, Matrix dx, int from, int to) {
        Operands.requireBackward(dy, transposed, activation, y, slope, dx, from, to);
        CpuMatrix result = own(dx);
        multiply(own(dy), own(transposed), zeros(dx), 0, result, from, to);
        int count = (to - from) * dx.stride();
        switch (activation) {
            case IDENTITY -> {}
            case RELU -> {
                CpuMatrix output = own(y);
                loops.maskBy(result.numbers(), result.start(from), output.numbers(), output.start(from), count);
            }
            case SWISH -> {
                CpuMatrix derivative = own(slope);
                loops.multiplyBy(
                        result.numbers(), result.start(from), derivative.numbers(), derivative.start(from), count);
            }
        }
    }

    @Override
    public void gradient(Matrix x, Matrix dy, int rows, Matrix dw, Matrix db, int part, int parts) {
        Operands.requireGradient(x, dy, rows, dw, db, part, parts);
        CpuMatrix input = own(x);
        CpuMatrix output = own(dy);
        CpuMatrix result = own(dw);
        int from = dw.rows() * part / parts;
        int to = dw.rows() * (part + 1) / parts;
        loops.multiply(
                input.numbers(),
                input.start(0) + from,
                1,
                input.stride(),
                output.numbers(),
                output.start(0),
                output.stride(),
                zeros(dw),
                0,
                0,
                result.numbers(),
                result.start(from),
                result.stride(),
                to - from,
                Matrix.aligned(result.columns()),
                rows);
        CpuMatrix sums = own(db);
        int first = Operands.boundary(dy.stride(), part, parts);
        int count = Operands.boundary(dy.stride(), part + 1, parts) - first;
        loops.columnSums(
                output.numbers(),
                output.start(0) + first,
                output.stride(),
                rows,
                count,
                sums.numbers(),
                sums.start(0) + first);
    }

    private static float[] zeros(Matrix result) {
        if (result.columns() > MOST_COLUMNS) {
            throw new IllegalArgumentException("a product without biases must have at most %,d columns, but is a %s"
                    .formatted(MOST_COLUMNS, result));
        }
        return ZEROS;
    }

    @Override
    public void transpose(Matrix w, Matrix transposed) {
        Operands.requireTranspose(w, transposed);
        CpuMatrix source = own(w);
        CpuMatrix target = own(transposed);
        for (int row = 0; row < w.rows(); row += BLOCK) {
            for (int column = 0; column < w.columns(); column += BLOCK) {
                transposeBlock(source, target, row, column);
            }
        }
    }

    private static void transposeBlock(CpuMatrix source, CpuMatrix target, int row, int column) {
        float[] from = source.numbers();
        float[] to = target.numbers();
        int rows = Math.min(BLOCK, source.rows() - row);
        int columns = Math.min(BLOCK, source.columns() - column);
        int stride = source.stride();
        for (int j = 0; j < columns; j++) {
            int start = target.start(column + j) + row;
            int place = source.start(row) + column + j;
            for (int i = 0; i < rows; i++) {
                to[start + i] = from[place];
                place += stride;
            }
        }
    }

    @Override
    public void addScaled(Matrix target, Matrix source, float scale) {
        Operands.requireSameShape(target, source);
        CpuMatrix to = own(target);
        CpuMatrix from = own(source);
        loops.addScaled(
                to.numbers(), to.start(0), from.numbers(), from.start(0), scale, target.rows() * target.stride());
    }

    @Override
    public void average(Matrix target, Matrix source, float weight, int part, int parts) {
        Operands.requireVectors(target, source, part, parts);
        CpuMatrix to = own(target);
        CpuMatrix from = own(source);
        int first = Operands.boundary(target.stride(), part, parts);
        loops.average(
                to.numbers(),
                to.start(0) + first,
                from.numbers(),
                from.start(0) + first,
                weight,
                Operands.boundary(target.stride(), part + 1, parts) - first);
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
        loops.adam(
                step,
                own(parameters).numbers(),
                own(parameters).start(0) + first,
                own(gradient).numbers(),
                own(gradient).start(0) + first,
                own(firstMoment).numbers(),
                own(firstMoment).start(0) + first,
                own(secondMoment).numbers(),
                own(secondMoment).start(0) + first,
                Operands.boundary(parameters.stride(), part + 1, parts) - first);
    }

    @Override
    public void gather(Matrix source, int[] rows, int from, int to, Matrix target) {
        Operands.requireGather(source, rows, from, to, target);
        CpuMatrix read = own(source);
        CpuMatrix written = own(target);
        for (int i = from; i < to; i++) {
            System.arraycopy(
                    read.numbers(), read.start(rows[i]), written.numbers(), written.start(i), source.columns());
        }
    }
}

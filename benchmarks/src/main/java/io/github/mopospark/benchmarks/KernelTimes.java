package io.github.mopospark.benchmarks;

import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The kernels one by one, on one thread, in the shapes of the actor, the critics and the members. Run by JMH. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class KernelTimes {
    /** Rows of the batch x inputs x outputs of the layer. */
    @Param({
        "256x23x256",
        "256x256x256",
        "256x256x12",
        "256x256x1",
        "256x200x200",
        "500x200x200",
        "500x200x36",
        "1x256x256"
    })
    private String shape;

    /** The Vector API, or plain loops. */
    @Param({"vector", "plain"})
    private String loops;

    private Kernels kernels;
    private int rows;
    private Matrix x;
    private Matrix w;
    private Matrix b;
    private Matrix y;
    private Matrix slope;
    private Matrix transposed;
    private Matrix dx;
    private Matrix dw;
    private Matrix db;
    private Matrix parameters;
    private Matrix gradient;
    private Adam adam;

    /** Makes matrices of random numbers. */
    @Setup
    public void makeMatrices() {
        kernels = loops.equals("vector") ? CpuKernels.fastest() : CpuKernels.plain();
        String[] sizes = shape.split("x", -1);
        rows = Integer.parseInt(sizes[0]);
        int in = Integer.parseInt(sizes[1]);
        int out = Integer.parseInt(sizes[2]);
        x = random(rows, in);
        w = random(in, out);
        b = random(1, out);
        y = random(rows, out);
        slope = random(rows, out);
        transposed = random(out, in);
        dx = random(rows, in);
        dw = random(in, out);
        db = random(1, out);
        parameters = random(1, Matrix.blockSize(in, out));
        gradient = random(1, Matrix.blockSize(in, out));
        adam = new Adam(kernels, parameters.columns());
    }

    private Matrix random(int height, int width) {
        Matrix matrix = kernels.allocate(height, width);
        float[] numbers = new float[height * width];
        RandomStream.of(0, "matrix").fillGaussian(numbers, 0, numbers.length);
        matrix.writeRows(0, height, numbers, 0);
        return matrix;
    }

    /** A layer with ReLU. */
    @Benchmark
    public void forwardRelu() {
        kernels.forward(x, w, b, Activation.RELU, y, null, 0, rows);
    }

    /** A layer with swish, its slope kept. */
    @Benchmark
    public void forwardSwish() {
        kernels.forward(x, w, b, Activation.SWISH, y, slope, 0, rows);
    }

    /** Back through a layer with ReLU. */
    @Benchmark
    public void backwardRelu() {
        kernels.backward(y, transposed, Activation.RELU, x, null, dx, 0, rows);
    }

    /** The gradient of a layer. */
    @Benchmark
    public void gradient() {
        kernels.gradient(x, y, rows, dw, db, 0, 1);
    }

    /** A layer's weights the other way round. */
    @Benchmark
    public void transpose() {
        kernels.transpose(w, transposed);
    }

    /** A step of Adam on a layer's parameters. */
    @Benchmark
    public void adam() {
        adam.begin(1e-3);
        adam.apply(parameters, gradient, 0, 1);
    }

    /** A target network's step after its critic, for a layer's parameters. */
    @Benchmark
    public void average() {
        kernels.average(parameters, gradient, 0.005f, 0, 1);
    }
}

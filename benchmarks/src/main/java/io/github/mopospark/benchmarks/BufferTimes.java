package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.networks.kernels.ElementwiseFunctions;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.policy.buffers.ModelBuffer;
import io.github.mopospark.policy.buffers.Round;
import io.github.mopospark.policy.buffers.RoundShape;
import io.github.mopospark.policy.buffers.TransitionBatch;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Drawing a batch from a full model buffer, and the elementwise functions and noise of its heads. Run by JMH. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class BufferTimes {
    private static final TransitionLayout LAYOUT = new TransitionLayout(17, 6);
    private static final int REAL_ROWS = 200_000;
    private static final int BATCH = 256;

    private final RandomStream random = RandomStream.of(0, "batch");
    private final ElementwiseFunctions functions = CpuKernels.fastest().functions();
    private final float[] numbers = new float[BATCH * 6];
    private final float[] results = new float[BATCH * 6];
    private BatchSampler sampler;
    private TransitionBatch batch;

    /** Fills the buffers: 1,250,000 rows of the model. */
    @Setup
    public void fillBuffers() {
        Transitions dataset = Transitions.allocate(REAL_ROWS, 17, 6);
        Arrays.fill(dataset.hasNextObservation(), true);
        RoundShape shape = new RoundShape(50_000, 5, 100);
        ModelBuffer model = new ModelBuffer(LAYOUT, shape, ModelBuffer.DEFAULT_ROUNDS, false);
        float[] rows = new float[shape.rowsOf(0) * LAYOUT.size()];
        for (int number = 0; number < ModelBuffer.DEFAULT_ROUNDS; number++) {
            Round round = model.openRound(number);
            for (int shard = 0; shard < shape.shards(); shard++) {
                round.write(shard, rows, shape.rowsOf(shard));
            }
            model.closeRound();
        }
        sampler = BatchSampler.ofMix(DatasetBuffer.of(dataset), model, BATCH, 0.05);
        batch = sampler.allocate();
        random.fillUniform(numbers, 0, numbers.length, 0.1f, 2f);
    }

    /** A batch of 12 real and 244 model rows. */
    @Benchmark
    public void drawBatch() {
        sampler.fill(batch, random);
    }

    /** Standard normal noise for the actions of a batch. */
    @Benchmark
    public void fillNoise() {
        random.fillGaussian(results, 0, results.length);
    }

    /** The exponentials of a batch's standard deviations. */
    @Benchmark
    public void exp() {
        functions.exp(numbers, results, 0, numbers.length);
    }

    /** As many logarithms. */
    @Benchmark
    public void log() {
        functions.log(numbers, results, 0, numbers.length);
    }
}

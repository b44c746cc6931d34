package io.github.mopospark.jobs;

import io.github.mopospark.networks.random.RandomStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A block as the batches of one member's epoch. The member's bootstrap is drawn once, row by row: how often a row is there has
 * Poisson's distribution of mean 1, which drawing as many rows as there are with replacement tends to (Oza and Russell 2001),
 * and which needs no knowledge of other blocks. Each epoch has an order of its own. Batches are made as they are asked for.
 */
final class BootstrapBatches implements Iterator<DataSet> {
    private final TrainingBlock block;
    private final int[] rows;
    private final int batchSize;
    private int next;

    /**
     * The batches of a block.
     *
     * @param block its rows
     * @param batchSize rows of a batch; the last may be smaller
     * @param seed the run's
     * @param member which member
     * @param epoch of the member, from 1
     */
    BootstrapBatches(TrainingBlock block, int batchSize, long seed, int member, int epoch) {
        this.block = block;
        this.batchSize = batchSize;
        int[] drawn = bootstrap(block, seed, member);
        int[] order =
                RandomStream.of(seed, "order", member, epoch, block.block()).permutation(drawn.length, drawn.length);
        rows = Arrays.stream(order).map(place -> drawn[place]).toArray();
    }

    static int[] bootstrap(TrainingBlock block, long seed, int member) {
        RandomStream random = RandomStream.of(seed, "bootstrap", member, block.block());
        int[] drawn = new int[block.rows()];
        int count = 0;
        for (int row = 0; row < block.rows(); row++) {
            for (int times = poisson(random); times > 0; times--) {
                if (count == drawn.length) {
                    drawn = Arrays.copyOf(drawn, count + count / 8 + 8);
                }
                drawn[count++] = row;
            }
        }
        return Arrays.copyOf(drawn, count);
    }

    /** A number of Poisson's distribution of mean 1, by the inverse of its sums. */
    private static int poisson(RandomStream random) {
        double uniform = random.nextDouble();
        double probability = Math.exp(-1);
        int number = 0;
        for (double sum = probability; uniform >= sum && probability > 0; sum += probability) {
            number++;
            probability /= number;
        }
        return number;
    }

    @Override
    public boolean hasNext() {
        return next < rows.length;
    }

    @Override
    public DataSet next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int count = Math.min(batchSize, rows.length - next);
        float[] inputs = gathered(block.inputs(), block.inputSize(), count);
        float[] targets = gathered(block.targets(), block.outputs(), count);
        next += count;
        return new DataSet(
                Nd4j.create(inputs, new long[] {count, block.inputSize()}),
                Nd4j.create(targets, new long[] {count, block.outputs()}));
    }

    private float[] gathered(float[] from, int width, int count) {
        float[] to = new float[count * width];
        for (int i = 0; i < count; i++) {
            System.arraycopy(from, rows[next + i] * width, to, i * width, width);
        }
        return to;
    }
}

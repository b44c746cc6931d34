package io.github.mopospark.policy.buffers;

import io.github.mopospark.networks.random.RandomStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;

/**
 * Draws batches, first the real rows and then the model's, each uniformly and with replacement. Drawing chooses the rows and is
 * for one thread; copying may be shared among threads, which then give the same batch as one. Nothing is allocated by either.
 * Between a drawing and its copying no round may be opened or closed, but shards may be written where rounds overlap.
 */
public final class BatchSampler {
    private final DatasetBuffer dataset;
    /** Null if all rows are real. */
    private final ModelBuffer model;

    private final TransitionLayout layout;
    private final int batch;
    /** {@code [real rows]}: drawn rows of the dataset. */
    private final int[] realRows;
    /** {@code [batch - real rows]}: drawn rows of the closed rounds. */
    private final long[] modelRows;

    private ClosedRows closedRows;

    private BatchSampler(DatasetBuffer dataset, ModelBuffer model, int batch, int realRows) {
        this.dataset = dataset;
        this.model = model;
        this.layout = dataset.layout();
        this.batch = batch;
        this.realRows = new int[realRows];
        this.modelRows = new long[batch - realRows];
    }

    /**
     * A sampler of the dataset alone, which may be smaller than a batch: rows are drawn with replacement.
     *
     * @param dataset the real transitions
     * @param batch rows in a batch
     * @return the sampler
     * @throws IllegalArgumentException if the batch is less than 1
     */
    public static BatchSampler ofDataset(DatasetBuffer dataset, int batch) {
        requireBatch(batch);
        return new BatchSampler(dataset, null, batch, batch);
    }

    /**
     * A sampler of real and model transitions.
     *
     * @param dataset the real transitions
     * @param model the model's
     * @param batch rows in a batch
     * @param realShare how much of a batch is real, from 0 to 1: the whole rows of that share, rounded down
     * @return the sampler
     * @throws IllegalArgumentException if the batch is less than 1, the share is not one, the buffers have other sizes, or real
     *     rows are wanted of a dataset smaller than a batch
     */
    public static BatchSampler ofMix(DatasetBuffer dataset, ModelBuffer model, int batch, double realShare) {
        requireBatch(batch);
        if (!(realShare >= 0 && realShare <= 1)) {
            throw new IllegalArgumentException("the real share must be from 0 to 1, but was %s".formatted(realShare));
        }
        if (!dataset.layout().equals(model.layout())) {
            throw new IllegalArgumentException(
                    "the dataset has %s, but the model buffer has %s".formatted(dataset.layout(), model.layout()));
        }
        // In decimals, as the share was written: 0.29 of 100 are 29, where doubles would give 28.99...
        int realRows = BigDecimal.valueOf(realShare)
                .multiply(BigDecimal.valueOf(batch))
                .intValue();
        if (realRows > 0 && dataset.rows() < batch) {
            throw new IllegalArgumentException(
                    "the dataset has %,d rows to learn from, but must have at least a batch of %,d"
                            .formatted(dataset.rows(), batch));
        }
        return new BatchSampler(dataset, model, batch, realRows);
    }

    private static void requireBatch(int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("a batch must have at least 1 row, but was set to %d".formatted(batch));
        }
    }

    /**
     * Real rows in each batch; they come first.
     *
     * @return how many
     */
    public int realRows() {
        return realRows.length;
    }

    /**
     * A batch that can be filled.
     *
     * @return a batch of zeros
     */
    public TransitionBatch allocate() {
        return new TransitionBatch(layout, batch);
    }

    /**
     * Chooses the rows of the next batch.
     *
     * @param random gives the rows: the same place of the same stream gives the same rows of the same buffers
     * @throws IllegalStateException if model rows are wanted and no round with rows has been closed
     */
    public void draw(RandomStream random) {
        if (modelRows.length > 0) {
            closedRows = model.drawn();
            requireModelRows();
        }
        for (int i = 0; i < realRows.length; i++) {
            realRows[i] = random.nextInt(dataset.rows());
        }
        for (int i = 0; i < modelRows.length; i++) {
            modelRows[i] = random.nextLong(closedRows.rows());
        }
    }

    private void requireModelRows() {
        if (closedRows.rows() == 0) {
            throw new IllegalStateException(
                    "%d of %d rows of a batch are the model's, but its buffer has none: the closed rounds are %s. Make a round of rollouts first, or set the real share to 1"
                            .formatted(modelRows.length, batch, Arrays.toString(model.closedRounds())));
        }
    }

    /**
     * Copies a part of the rows that were drawn last.
     *
     * @param target takes them, of the sizes of {@link #allocate()}
     * @param from the first row of the batch
     * @param to the row after the last
     */
    public void copy(TransitionBatch target, int from, int to) {
        if (target.rows() != batch || !target.layout().equals(layout)) {
            throw new IllegalArgumentException("a batch of %d rows (%s) cannot take %d rows (%s)"
                    .formatted(target.rows(), target.layout(), batch, layout));
        }
        Objects.checkFromToIndex(from, to, batch);
        int real = realRows.length;
        for (int row = from; row < Math.min(to, real); row++) {
            target.copy(dataset.storage(), realRows[row], row);
        }
        for (int row = Math.max(from, real); row < to; row++) {
            long number = modelRows[row - real];
            int piece = closedRows.piece(number);
            target.copy(closedRows.storage(piece), closedRows.place(piece, number), row);
        }
    }

    /**
     * Draws and copies a whole batch.
     *
     * @param target takes it, of the sizes of {@link #allocate()}
     * @param random gives the rows
     * @throws IllegalStateException if model rows are wanted and no round with rows has been closed
     */
    public void fill(TransitionBatch target, RandomStream random) {
        draw(random);
        copy(target, 0, batch);
    }
}

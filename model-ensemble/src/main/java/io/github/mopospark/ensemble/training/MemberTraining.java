package io.github.mopospark.ensemble.training;

import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.random.RandomStream;

/** Trains one member, epoch by epoch. */
final class MemberTraining implements MemberEpochs.Learner {
    private final EnsembleConfig config;
    private final Preparation preparation;
    private final TrainingRows training;
    private final TrainingListener listener;
    private final int member;
    private final MemberUpdate update;
    private final HoldoutError holdoutError;

    /** The rows that this member learns: drawn once, with replacement, so that members differ in what they have seen. */
    private final int[] bootstrap;

    private final int[] batch;

    MemberTraining(
            Kernels kernels,
            EnsembleConfig config,
            Preparation preparation,
            TrainingRows training,
            TrainingRows holdout,
            TrainingListener listener,
            int member) {
        this.config = config;
        this.preparation = preparation;
        this.training = training;
        this.listener = listener;
        this.member = member;
        int outputs = preparation.targets().size();
        update = new MemberUpdate(kernels, config, preparation.inputs().size(), new OutputLayout(outputs - 1));
        holdoutError = new HoldoutError(kernels, update.network().shape(), holdout, preparation.targets());
        bootstrap = bootstrap(preparation.seed(), member, training.count());
        batch = new int[config.batchSize()];
    }

    static int[] bootstrap(long seed, int member, int count) {
        RandomStream random = RandomStream.of(seed, "bootstrap", member);
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = random.nextInt(count);
        }
        return rows;
    }

    /** In which order an epoch takes the bootstrap rows. */
    static int[] order(long seed, int member, int epoch, int count) {
        return RandomStream.of(seed, "order", member, epoch).permutation(count, count);
    }

    MemberState train(MemberState from, int toEpoch) {
        update.restore(from);
        return MemberEpochs.train(config, from, toEpoch, this, listener);
    }

    @Override
    public MemberWeights weights() {
        return new MemberWeights(update.network().parameters().toArray(), update.bounds())
                .inRawUnits(update.network().shape(), preparation.targets());
    }

    @Override
    public MemberProgress progress() {
        return update.progress();
    }

    @Override
    public int steps() {
        return (bootstrap.length + batch.length - 1) / batch.length;
    }

    /** Goes once through the bootstrap rows in an order of the epoch's own; the last batch may be smaller. */
    @Override
    public double trainEpoch(int epoch) {
        int count = bootstrap.length;
        int[] order = order(preparation.seed(), member, epoch, count);
        double sum = 0;
        for (int step = 0; step < steps(); step++) {
            int from = step * batch.length;
            int rows = Math.min(batch.length, count - from);
            for (int i = 0; i < rows; i++) {
                batch[i] = bootstrap[order[from + i]];
            }
            double loss = update.step(training, batch, rows);
            if (!Double.isFinite(loss)) {
                throw new DivergenceException(member, epoch, step + 1, loss);
            }
            sum += loss;
        }
        return sum / steps();
    }

    /** A float, as it is saved. */
    @Override
    public float holdoutError() {
        return holdoutError.of(update.network());
    }
}

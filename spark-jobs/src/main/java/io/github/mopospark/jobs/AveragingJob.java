package io.github.mopospark.jobs;

import io.github.mopospark.configuration.EnsembleSettings;
import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.dl4j.training.MemberNetwork;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.ensemble.training.DivergenceException;
import io.github.mopospark.ensemble.training.HoldoutError;
import io.github.mopospark.ensemble.training.MemberEpochs;
import io.github.mopospark.ensemble.training.MemberProgress;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.ensemble.training.TrainingSchedule;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Trains members with DL4J's parameter averaging: each member is trained by several tasks at the same time, on blocks of rows of
 * their own, and after so many batches what they have learned is averaged. So a dataset may be larger than any executor. Members
 * follow one another. The held-out rows, the scalers (up to rounding), the starts, the rule of early stopping and what is saved are those of
 * {@link EnsembleJob}.
 */
final class AveragingJob implements MemberTrainer {
    /** A bootstrap of fewer rows may have none of them. */
    private static final int LEAST_BLOCK_ROWS = 64;

    private final JavaSparkContext context;
    private final EnsembleSettings settings;
    private final EnsembleConfig config;
    private final Kernels kernels;
    private final String run;
    private final SharedScaling scaling;
    private final Broadcast<SharedScaling> shared;
    private final MlpShape shape;
    private final MemberNetwork networks;
    private final ShuffledBlocks blocks;
    private final int blockCount;
    /** On average: a member's bootstrap has each row once, but for chance. */
    private final int batchesOfBlock;

    private final HoldoutError holdoutError;

    /**
     * A job; reads the dataset three times, in tasks.
     *
     * @param context Spark's
     * @param settings how members are trained
     * @param kernels of the driver, for the held-out rows
     * @param plan the run's
     * @param manifest the dataset's
     * @param seed the run's
     */
    AveragingJob(
            JavaSparkContext context,
            EnsembleSettings settings,
            Kernels kernels,
            Broadcast<RunPlan> plan,
            Manifest manifest,
            long seed) {
        this.context = Objects.requireNonNull(context, "context");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.kernels = Objects.requireNonNull(kernels, "kernels");
        config = settings.config();
        run = plan.value().run();
        context.setJobGroup(group(), "ensemble: held-out rows and scalers");
        DistributedPreparation preparation = DistributedPreparation.of(context, plan, manifest, config, seed);
        scaling = preparation.scaling();
        OutputLayout layout = new OutputLayout(manifest.observationSize());
        shape = config.shape(scaling.inputMean().length, layout);
        networks = new MemberNetwork(config, scaling.inputMean().length, layout);
        blockCount = blocks(preparation.learned());
        batchesOfBlock = (int) Math.max(1, Math.round((double) preparation.learned() / blockCount / workerBatchSize()));
        shared = context.broadcast(scaling);
        blocks = ShuffledBlocks.of(context, DatasetPart.of(plan, manifest), shared, blockCount);
        holdoutError = new HoldoutError(
                kernels,
                shape,
                scaling.inputs(),
                preparation.holdout(),
                IntStream.range(0, preparation.holdout().rows()).toArray());
    }

    /**
     * A worker's share of a batch, so that a pass over the rows has as many steps as without averaging: workers step at the same
     * time.
     */
    private int workerBatchSize() {
        return Math.max(1, config.batchSize() / settings.averaging().workers());
    }

    /** So many that a block is trained between two averagings, and each worker always has one. */
    private int blocks(long rows) {
        int workers = settings.averaging().workers();
        long rowsBetween = (long) workers
                * Math.max(LEAST_BLOCK_ROWS, (long) settings.averaging().frequency() * workerBatchSize());
        return Math.multiplyExact(workers, Math.toIntExact(Math.max(1, Math.round((double) rows / rowsBetween))));
    }

    /** Several runs may share a context. */
    private String group() {
        return "ensemble of run " + run;
    }

    @Override
    public Scaler inputs() {
        return scaling.inputs();
    }

    @Override
    public List<MemberState> start() {
        return IntStream.range(0, config.members())
                .mapToObj(member ->
                        MemberState.start(kernels, config, scaling.inputs(), scaling.targets(), scaling.seed(), member))
                .toList();
    }

    @Override
    public List<MemberState> train(
            List<MemberState> start, TrainingListener listener, Consumer<List<MemberState>> afterBlock) {
        try {
            return TrainingSchedule.run(
                    config,
                    start,
                    settings.blockEpochs(),
                    (members, toEpoch) -> trainBlock(members, toEpoch, listener),
                    afterBlock);
        } finally {
            context.clearJobGroup();
            shared.destroy();
        }
    }

    private List<MemberState> trainBlock(List<MemberState> members, int toEpoch, TrainingListener listener) {
        List<MemberState> trained = new ArrayList<>();
        for (MemberState member : members) {
            try {
                trained.add(MemberEpochs.train(config, member, toEpoch, new Averaging(member), listener));
            } catch (DivergenceException e) {
                throw new RunException(e.getMessage());
            }
        }
        return trained;
    }

    /** DL4J would count batches, by making them all, to cut them into parts for an averaging each; here they are one. */
    private static final class WholeBlocks extends ParameterAveragingTrainingMaster {
        WholeBlocks(Builder builder) {
            super(builder);
        }

        @Override
        protected <T, R extends JavaRDDLike<T, R>> long getTotalDataSetObjectCount(JavaRDDLike<T, R> batches) {
            return 1;
        }
    }

    /** One member in training. */
    private final class Averaging implements MemberEpochs.Learner {
        private final int member;
        private final MultiLayerNetwork network;
        private final SparkDl4jMultiLayer averaging;

        Averaging(MemberState from) {
            member = from.member();
            network = networks.network(from.progress());
            averaging = new SparkDl4jMultiLayer(context, network, master());
        }

        private ParameterAveragingTrainingMaster master() {
            int batchSize = workerBatchSize();
            return new WholeBlocks(new ParameterAveragingTrainingMaster.Builder(
                            settings.averaging().workers(), batchSize)
                    .batchSizePerWorker(batchSize)
                    // After so many a worker stops, whatever it has left; bootstraps of blocks differ in length.
                    .averagingFrequency(4 * batchesOfBlock + 100)
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .repartionData(Repartition.Never)
                    .storageLevel(null)
                    .saveUpdater(true)
                    .workerPrefetchNumBatches(0)
                    .rngSeed(scaling.seed()));
        }

        /**
         * The loss is the mean over averagings of what DL4J tells: the workers' loss of their last batches, with weight decay.
         * Blocks in an order of the epoch's own, so many at a time as there are workers.
         */
        @Override
        public double trainEpoch(int epoch) {
            int workers = settings.averaging().workers();
            int averagings = blockCount / workers;
            int[] order = RandomStream.of(scaling.seed(), "block order", member, epoch)
                    .permutation(blockCount, blockCount);
            double sum = 0;
            for (int round = 0; round < averagings; round++) {
                List<Integer> numbers = Arrays.stream(order, round * workers, (round + 1) * workers)
                        .boxed()
                        .toList();
                context.setJobGroup(
                        group(),
                        "ensemble: member %d, epoch %d, averaging %d of %d"
                                .formatted(member, epoch, round + 1, averagings));
                double loss = train(epoch, numbers);
                if (!Double.isFinite(loss)) {
                    throw new DivergenceException(member, epoch, round + 1, loss);
                }
                sum += loss;
            }
            return sum / averagings;
        }

        private double train(int epoch, List<Integer> numbers) {
            int batchSize = workerBatchSize();
            long seed = scaling.seed();
            int number = member;
            JavaRDD<DataSet> batches =
                    blocks.only(numbers).flatMap(block -> new BootstrapBatches(block, batchSize, seed, number, epoch));
            int before = network.getIterationCount();
            averaging.fit(batches);
            // DL4J counts what it was told as the batches between two averagings, whatever there were.
            network.getLayerWiseConfigurations().setIterationCount(before + batchesOfBlock);
            return averaging.getScore();
        }

        @Override
        public float holdoutError() {
            return holdoutError.of(weights());
        }

        @Override
        public MemberWeights weights() {
            return networks.weights(network).inRawUnits(shape, scaling.targets());
        }

        @Override
        public MemberProgress progress() {
            return networks.progress(network);
        }

        @Override
        public int steps() {
            return blockCount / settings.averaging().workers();
        }
    }
}

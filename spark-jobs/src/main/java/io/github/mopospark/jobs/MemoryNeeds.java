package io.github.mopospark.jobs;

import io.github.mopospark.configuration.AveragingSettings;
import io.github.mopospark.configuration.CheckpointRounds;
import io.github.mopospark.configuration.RolloutSettings;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.Trainer;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Activation;
import io.github.mopospark.networks.kernels.Matrix;
import io.github.mopospark.policy.SacConfig;
import io.github.mopospark.policy.buffers.TransitionLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * How many bytes a run needs, from the sizes of its data and its configuration alone. What counts is the greatest phase: of rows
 * on the heap, of members in training, or of rollouts and updates. ARCHITECTURE.md has the formulas.
 *
 * @param driverHeap of a driver with executors of their own
 * @param executorHeap of an executor
 * @param sharedHeap of one JVM that is both, as with a local master
 * @param datasetBuffer beside the driver's heap: the rows that the learner draws
 * @param modelBuffer beside the driver's heap: the rounds of rollouts that it draws
 * @param round a round of rollouts, which the driver is sent
 */
record MemoryNeeds(
        long driverHeap, long executorHeap, long sharedHeap, long datasetBuffer, long modelBuffer, long round) {
    /** Spark does not start with less. */
    static final long LEAST_HEAP = 450L << 20;

    /** What a JVM with Spark takes before it has any rows. */
    private static final long BASE = 160L << 20;

    /** A collector wants room to work in, and arrays of a heap that is nearly full do not fit between others. */
    private static final double ROOM = 1.25;

    /** What Spark's network and files take beside the heap. */
    private static final long NETWORK = 64L << 20;

    /** Rows of a part of a dataset, which is read as a whole and decompressed. */
    private static final long PART_ROWS = 50_000;

    private static final int PART_COPIES = 3;

    /** A round is kept until its last shard is there, and once more on its way. */
    private static final int ROUND_COPIES = 2;

    /** To save a round it is put together in a buffer that grows, and copied. */
    private static final int SAVED_ROUND_COPIES = 4;

    /** A shard grows by copying, and then goes on its way. */
    private static final int SHARD_COPIES = 4;

    /** What a member's files are made of, and the files on their way. */
    private static final int MEMBER_COPIES = 3;

    /** Rows as they are standardised, as pieces of blocks, and on their way. */
    private static final int SHUFFLE_COPIES = 3;

    /** What a run is yet to do. */
    enum Step {
        /** Train the ensemble. */
        ENSEMBLE,
        /** Learn the policy. */
        POLICY
    }

    /**
     * What is held at the same time.
     *
     * @param driver by the driver
     * @param kept by an executor for all tasks of the run
     * @param tasks by the tasks of an executor
     */
    private record Phase(long driver, long kept, long tasks) {
        long executor() {
            return kept + tasks;
        }

        /** What counts where several runs are in whichever phases at once, and their tasks share the executors. */
        static Phase most(List<Phase> phases, int runs) {
            return new Phase(
                    runs * most(phases, Phase::driver), runs * most(phases, Phase::kept), most(phases, Phase::tasks));
        }

        static long most(List<Phase> phases, ToLongFunction<Phase> bytes) {
            return phases.stream().mapToLong(bytes).max().orElse(0);
        }
    }

    /** What a run needs that is alone. */
    static MemoryNeeds of(RunConfig config, DataShape data, Set<Step> steps, int slots) {
        return of(config, data, steps, slots, 1);
    }

    /**
     * What runs need.
     *
     * @param config that of each
     * @param data what they learn from
     * @param steps what is to be done
     * @param slots tasks that an executor runs at once
     * @param runs how many there are at once
     */
    static MemoryNeeds of(RunConfig config, DataShape data, Set<Step> steps, int slots, int runs) {
        Sizes sizes = new Sizes(config, data);
        List<Phase> phases = new ArrayList<>();
        boolean isAveraged = config.ensemble().trainer() == Trainer.DL4J_SPARK;
        if (!isAveraged || !steps.equals(EnumSet.of(Step.ENSEMBLE))) {
            phases.add(new Phase(sizes.rows() + sizes.part(), 0, 0));
        }
        if (steps.contains(Step.ENSEMBLE) && isAveraged) {
            phases.add(sizes.averagingPhase(slots));
        } else if (steps.contains(Step.ENSEMBLE)) {
            phases.add(new Phase(sizes.rows() + sizes.preparation() + sizes.standardised(), 0, 0));
            phases.add(sizes.ensemblePhase(slots));
        }
        boolean learns = steps.contains(Step.POLICY);
        if (learns) {
            phases.add(sizes.policyPhase(slots, steps.contains(Step.ENSEMBLE) && !isAveraged));
        }
        List<Phase> held = runs == 1 ? phases : List.of(Phase.most(phases, runs));
        return new MemoryNeeds(
                heap(Phase.most(held, Phase::driver)),
                heap(Phase.most(held, Phase::executor)),
                heap(Phase.most(held, phase -> phase.driver() + phase.executor())),
                learns ? runs * sizes.datasetBuffer() : 0,
                learns ? runs * sizes.round() * sizes.rounds() : 0,
                learns ? sizes.round() : 0);
    }

    /** The same, of a run with all steps to do. */
    static MemoryNeeds of(RunConfig config, DataShape data, int slots) {
        return of(config, data, EnumSet.allOf(Step.class), slots);
    }

    private static long heap(long held) {
        return Math.max(LEAST_HEAP, BASE + (long) (ROOM * held));
    }

    /** Beside the driver's heap. */
    long direct() {
        return datasetBuffer + modelBuffer + NETWORK;
    }

    /** Bytes of single things, all of them on the heap but the buffers. */
    private record Sizes(RunConfig config, DataShape data) {
        private TransitionLayout layout() {
            return new TransitionLayout(data.observationSize(), data.actionSize());
        }

        /** A row in the arrays it is read into: with its episode, step and flags. */
        private long rowBytes() {
            return Long.BYTES
                    + Integer.BYTES
                    + 3
                    + (long) Float.BYTES * (2 * data.observationSize() + data.actionSize() + 1);
        }

        long rows() {
            return data.rows() * rowBytes();
        }

        /** What reading the rows takes besides. */
        long part() {
            return PART_COPIES * Math.min(data.rows(), PART_ROWS) * rowBytes();
        }

        /** Which rows are learned, drawn, kept and sent. */
        long preparation() {
            return 4 * Integer.BYTES * data.rows();
        }

        /** Inputs, padded, and targets. */
        long standardised() {
            return data.rows()
                    * Float.BYTES
                    * (Matrix.stride(input()) + outputs().size());
        }

        private int input() {
            return data.observationSize() + data.actionSize();
        }

        private OutputLayout outputs() {
            return new OutputLayout(data.observationSize());
        }

        private EnsembleConfig ensemble() {
            return config.ensemble().config();
        }

        private MlpShape member() {
            return ensemble().shape(input(), outputs());
        }

        Phase ensemblePhase(int slots) {
            MlpShape shape = member();
            // Parameters, two moments and the best so far.
            long saved = 4L * Float.BYTES * shape.vectorSize();
            long driver =
                    rows() + preparation() + (long) MEMBER_COPIES * ensemble().members() * saved;
            // Its rows and their order; network, gradient, transposed weights, moments and a batch.
            long training = 2 * Integer.BYTES * data.rows()
                    + 5L * Float.BYTES * shape.vectorSize()
                    + 3 * pass(shape, ensemble().batchSize())
                    + MEMBER_COPIES * saved;
            long tasks = Math.min(slots, ensemble().members()) * training;
            return new Phase(
                    driver, standardised() + 2 * Integer.BYTES * data.rows(), Math.max(rows() + part(), tasks));
        }

        /** Members that several tasks train: each has a part as it is read and shuffled, and then a block. */
        Phase averagingPhase(int slots) {
            long saved = 4L * Float.BYTES * member().vectorSize();
            long driver = (long) MEMBER_COPIES * ensemble().members() * saved;
            long row = (long) Float.BYTES * (input() + outputs().size());
            long partRows = Math.min(data.rows(), PART_ROWS);
            AveragingSettings averaging = config.ensemble().averaging();
            // A worker's share of a batch, as often as it is told; half more where blocks do not divide the rows.
            long blockRows = 3L * averaging.frequency() * (ensemble().batchSize() / averaging.workers() + 1) / 2;
            long task = Math.max(
                    part() + SHUFFLE_COPIES * partRows * row,
                    SHUFFLE_COPIES * Math.min(data.rows(), blockRows) * row + MEMBER_COPIES * saved);
            return new Phase(driver, 0, slots * task);
        }

        Phase policyPhase(int slots, boolean hasTrained) {
            boolean isSaved = config.checkpoint().rounds() == CheckpointRounds.SAVE;
            long driver = learner() + (isSaved ? SAVED_ROUND_COPIES : ROUND_COPIES) * round();
            RolloutSettings rollout = config.rollout();
            int length = rollout.config().length();
            int members = ensemble().members();
            long model = (long) MEMBER_COPIES * members * Float.BYTES * member().vectorSize();
            long shard = (long) (rollout.starts() / rollout.shards() + 1) * length * rowInBuffer();
            long worker = pass(member(), ModelRollouts.CHUNK_ROWS)
                    + (long) ModelRollouts.CHUNK_ROWS
                            * (2L * Float.BYTES * members * outputs().size() + length * rowInBuffer());
            long tasks = Math.min(slots, rollout.shards()) * (worker + SHARD_COPIES * shard);
            // What members were trained on is kept a while.
            return new Phase(driver, (hasTrained ? standardised() : 0) + model, tasks);
        }

        private long learner() {
            SacConfig sac = config.learner().sac();
            MlpShape critic = new MlpShape(input(), sac.hiddenSizes(), 1, Activation.RELU);
            MlpShape actor =
                    new MlpShape(data.observationSize(), sac.hiddenSizes(), 2 * data.actionSize(), Activation.RELU);
            long networks = 2 * 6L * critic.vectorSize() + 5L * actor.vectorSize();
            // And what a checkpoint is made of.
            return 3 * Float.BYTES * networks + 8 * pass(critic, sac.batchSize()) + 4 * pass(actor, sac.batchSize());
        }

        /** The memory of a batch on its way through a network. */
        private static long pass(MlpShape shape, int capacity) {
            long floats = Matrix.stride(shape.inputSize());
            for (int layer = 0; layer < shape.layers(); layer++) {
                floats += Matrix.stride(shape.out(layer));
            }
            return (long) Float.BYTES * capacity * floats;
        }

        private long rowInBuffer() {
            return (long) Float.BYTES * layout().size();
        }

        long datasetBuffer() {
            return data.rows() * rowInBuffer();
        }

        long round() {
            return config.rollout().roundShape().rows() * rowInBuffer();
        }

        long rounds() {
            return config.rollout().roundsKept() + (config.rollout().overlap() ? 1L : 0L);
        }
    }
}

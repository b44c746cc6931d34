package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.BufferBatches;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.SacConfig;
import io.github.mopospark.policy.SacLearner;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.policy.buffers.ModelBuffer;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One contestant of {@code benchmarks/learning/compare.py}: sets a work up, then for each line read does it for some seconds
 * and prints what one piece of it took.
 */
final class Learning {
    private static final int REAL_ROWS = 200_000;
    private static final int STARTS = 50_000;
    private static final int ROLLOUT_LENGTH = 5;
    private static final double PENALTY_COEFFICIENT = 0.5;
    private static final double REAL_SHARE = 0.05;
    private static final int UPDATES_A_CALL = 100;
    private static final int UPDATES_AN_EPOCH = 1_000;

    /** Two, so that two threads have seven members' epochs each; of fewer rows, so that a turn is not too long. */
    private static final int ENSEMBLE_EPOCHS = 2;

    private static final int ENSEMBLE_ROWS = 50_000;

    private static final int ROLLOUT_CHUNK = 500;

    private final Kernels kernels = CpuKernels.fastest();
    private final Task task = Tasks.named("halfcheetah");
    private final Transitions dataset = dataset(task, REAL_ROWS);
    private final int threads;
    private long rounds;

    private Learning(int threads) {
        this.threads = threads;
    }

    /** Random rows: what they hold does not change what they cost. */
    private static Transitions dataset(Task task, int count) {
        Transitions rows = Transitions.allocate(count, task.observationSize(), task.actionSize());
        RandomStream random = RandomStream.of(0, "rows");
        random.fillGaussian(rows.observations(), 0, rows.observations().length);
        random.fillUniform(rows.actions(), 0, rows.actions().length, -1, 1);
        random.fillGaussian(rows.rewards(), 0, count);
        random.fillGaussian(rows.nextObservations(), 0, rows.nextObservations().length);
        for (int row = 0; row < count; row++) {
            rows.hasNextObservation()[row] = true;
            rows.terminals()[row] = random.nextInt(1_000) == 0;
        }
        return rows;
    }

    /** A work: what is called again and again, and how many pieces a call has. */
    private record Work(Runnable call, int pieces) {}

    private Work work(String name) {
        return switch (name) {
            case "ensemble-update" -> ensembleUpdates();
            case "rollouts" -> {
                ModelRounds model = rounds();
                SacLearner learner = learner(model);
                yield new Work(() -> roll(model, learner), 1);
            }
            case "sac-update" -> {
                SacLearner learner = learner(filled());
                yield new Work(() -> update(learner, UPDATES_A_CALL), UPDATES_A_CALL);
            }
            case "epoch" -> {
                ModelRounds model = filled();
                SacLearner learner = learner(model);
                yield new Work(
                        () -> {
                            roll(model, learner);
                            update(learner, UPDATES_AN_EPOCH);
                        },
                        1);
            }
            default ->
                throw new IllegalArgumentException(name + ": not one of sac-update, ensemble-update, rollouts, epoch");
        };
    }

    private Work ensembleUpdates() {
        Transitions rows = dataset(task, ENSEMBLE_ROWS);
        EnsembleConfig config = EnsembleConfig.paper().withEpochs(ENSEMBLE_EPOCHS, EarlyStopping.NONE);
        Preparation preparation = Preparation.of(rows, config, 0);
        EnsembleTraining training = new EnsembleTraining(kernels, config, preparation, rows);
        List<MemberState> start = training.start();
        int batch = config.batchSize();
        int steps = (preparation.trainingRows().length + batch - 1) / batch;
        return new Work(
                () -> training.train(start, threads, ENSEMBLE_EPOCHS, TrainingListener.NONE, members -> {}),
                ENSEMBLE_EPOCHS * steps);
    }

    private ModelRounds rounds() {
        EnsembleConfig config = EnsembleConfig.paper().withEpochs(1, EarlyStopping.NONE);
        Transitions few = Transitions.allocate(2_000, task.observationSize(), task.actionSize());
        System.arraycopy(dataset.observations(), 0, few.observations(), 0, few.observations().length);
        System.arraycopy(dataset.actions(), 0, few.actions(), 0, few.actions().length);
        System.arraycopy(dataset.observations(), 0, few.nextObservations(), 0, few.nextObservations().length);
        Arrays.fill(few.hasNextObservation(), true);
        Preparation preparation = Preparation.of(few, config, 0);
        EnsembleTraining training = new EnsembleTraining(kernels, config, preparation, few);
        List<MemberState> members = training.train(training.start(), 1, 1, TrainingListener.NONE, ignored -> {});
        Ensemble ensemble = EnsembleTraining.ensemble(members, config, preparation.inputs(), task, "none");
        return new ModelRounds(
                dataset,
                new EnsembleNetworks(kernels, ensemble),
                RolloutConfig.paper(ROLLOUT_LENGTH, PENALTY_COEFFICIENT),
                STARTS,
                0,
                new WorkerTeam(threads));
    }

    /** A full buffer. */
    private ModelRounds filled() {
        ModelRounds model = rounds();
        for (int i = 0; i < ModelBuffer.DEFAULT_ROUNDS; i++) {
            model.run(rounds++, () -> ActionSource.uniform(task.actionSize()));
        }
        return model;
    }

    private SacLearner learner(ModelRounds model) {
        SacConfig config = SacConfig.paper();
        BatchSampler sampler =
                BatchSampler.ofMix(DatasetBuffer.of(dataset), model.buffer(), config.batchSize(), REAL_SHARE);
        return new SacLearner(
                kernels, config, task.observationSize(), task.actionSize(), new BufferBatches(sampler, 0), 0, threads);
    }

    private static void update(SacLearner learner, int times) {
        for (int i = 0; i < times; i++) {
            learner.update();
        }
    }

    private void roll(ModelRounds model, SacLearner learner) {
        model.run(rounds++, () -> new PolicyActions(learner.policy(), ROLLOUT_CHUNK));
    }

    /**
     * Serves until the input ends.
     *
     * @param arguments {@code --work NAME --threads N --seconds S}
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> options =
                Map.of(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
        String name = options.get("--work");
        int threads = Integer.parseInt(options.get("--threads"));
        double seconds = Double.parseDouble(options.get("--seconds"));
        Learning learning = new Learning(threads);
        if (!learning.kernels.description().contains("Vector API")) {
            throw new IllegalStateException("the kernels are " + learning.kernels.description()
                    + "; start the JVM with --add-modules jdk.incubator.vector");
        }
        Work work = learning.work(name);
        // Until the loops are compiled.
        run(work, seconds);
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.printf(
                        Locale.ROOT,
                        "{\"work\": \"%s\", \"threads\": %d, \"milliseconds\": %.6f}%n",
                        name,
                        threads,
                        run(work, seconds));
            }
        }
        System.exit(0);
    }

    /** Milliseconds that a piece of work takes. */
    private static double run(Work work, double seconds) {
        long start = System.nanoTime();
        long calls = 0;
        double spent;
        do {
            work.call().run();
            calls++;
            spent = (System.nanoTime() - start) / 1e9;
        } while (spent < seconds);
        return 1e3 * spent / (calls * work.pieces());
    }
}

package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.ensemble.training.TrainingListener;
import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.jobs.EpisodeScore;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.BufferBatches;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.SacConfig;
import io.github.mopospark.policy.SacLearner;
import io.github.mopospark.policy.SacLosses;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * MOPO from a file to a scored policy in this JVM, with a set of kernels: shows that a whole training runs with it, and lets the
 * first losses of two sets be compared. Prints one line an epoch.
 */
final class WholeTraining {
    private static final int STARTS = 5_000;
    private static final int UPDATES = 500;
    private static final int FIRST_UPDATES = 5;
    private static final int EPISODES = 10;
    private static final double REAL_SHARE = 0.05;

    private WholeTraining() {}

    /**
     * Trains.
     *
     * @param arguments the HDF5 file, its task, the kernels, epochs of the ensemble, epochs of the learner, and the seed
     * @throws IOException if the file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Transitions dataset = RecordedFile.read(Path.of(arguments[0]));
        Task task = Tasks.named(arguments[1]);
        Kernels kernels = KernelChoice.parse(arguments[2]).open();
        int ensembleEpochs = Integer.parseInt(arguments[3]);
        int epochs = Integer.parseInt(arguments[4]);
        long seed = Long.parseLong(arguments[5]);
        System.out.println(kernels.description());

        EnsembleConfig config = EnsembleConfig.paper().withEpochs(ensembleEpochs, EarlyStopping.NONE);
        Preparation preparation = Preparation.of(dataset, config, seed);
        EnsembleTraining training = new EnsembleTraining(kernels, config, preparation, dataset);
        List<MemberState> members = training.train(training.start(), 2, 1, printing(), ignored -> {});
        Ensemble ensemble = EnsembleTraining.ensemble(members, config, preparation.inputs(), task, "unknown");

        try (WorkerTeam team = new WorkerTeam(2)) {
            ModelRounds model = new ModelRounds(
                    dataset, new EnsembleNetworks(kernels, ensemble), RolloutConfig.paper(5, 1), STARTS, seed, team);
            SacConfig sac = SacConfig.paper();
            BatchSampler sampler =
                    BatchSampler.ofMix(DatasetBuffer.of(dataset), model.buffer(), sac.batchSize(), REAL_SHARE);
            try (SacLearner learner = new SacLearner(
                    kernels,
                    sac,
                    task.observationSize(),
                    task.actionSize(),
                    new BufferBatches(sampler, seed),
                    seed,
                    2)) {
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    RolloutStatistics rollouts = model.run(epoch, () -> new PolicyActions(learner.policy(), 500));
                    for (int update = 0; update < UPDATES; update++) {
                        learner.update();
                        if (epoch == 1 && update < FIRST_UPDATES) {
                            print("update " + (update + 1), learner.losses());
                        }
                    }
                    print("epoch " + epoch, learner.losses());
                    System.out.println(rollouts);
                }
                score(task, learner, seed);
            }
        }
    }

    private static TrainingListener printing() {
        return (member, epoch, loss, error) -> {
            if (epoch == 1 || epoch % 5 == 0) {
                System.out.printf(
                        Locale.ROOT,
                        "member %d, epoch %d: loss %.6f, holdout error %.6f%n",
                        member,
                        epoch,
                        loss,
                        error);
            }
        };
    }

    private static void print(String name, SacLosses losses) {
        System.out.printf(
                Locale.ROOT,
                "%s: critics %.6f %.6f, actor %.6f, temperature %.6f, target %.6f, log probability %.6f%n",
                name,
                losses.firstCriticLoss(),
                losses.secondCriticLoss(),
                losses.actorLoss(),
                losses.temperature(),
                losses.meanTarget(),
                losses.meanLogProbability());
    }

    private static void score(Task task, SacLearner learner, long seed) {
        PolicyActions policy = new PolicyActions(learner.policy(), 1);
        double sum = 0;
        try (Environment environment = Environments.create(task)) {
            for (int episode = 0; episode < EPISODES; episode++) {
                long start = RandomStream.of(seed, "evaluation", episode).nextLong();
                sum += EpisodeScore.play(environment, policy, start).episodeReturn();
            }
        }
        double mean = sum / EPISODES;
        System.out.printf(
                Locale.ROOT,
                "mean return %.1f, score %.1f%n",
                mean,
                task.referenceReturns().map(returns -> returns.score(mean)).orElse(Double.NaN));
    }
}

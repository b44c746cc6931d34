package io.github.mopospark.jobs;

import io.github.mopospark.configuration.LearnerSettings;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.ensemble.rollouts.RolloutStatistics;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.policy.BufferBatches;
import io.github.mopospark.policy.LearnerCheckpoint;
import io.github.mopospark.policy.SacLearner;
import io.github.mopospark.policy.SacLosses;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.runs.Snapshots;
import io.github.mopospark.tasks.Tasks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Learns a policy, epoch by epoch: a round of rollouts of the policy as it is, by the executors, then updates, here (MOPO's
 * algorithm 2). What an epoch does depends on the state before it and the seed alone.
 */
final class PolicyTraining implements AutoCloseable {
    /** Every so many updates the losses are looked at. */
    private static final int LOOK_EVERY = 10;

    private static final String LEARNER = "learner.npz";

    private final RunConfig config;
    private final String checksum;
    private final RolloutRounds rounds;
    private final SacLearner learner;
    /** What the last round was like. */
    private RolloutJob.Made made;

    /**
     * A learner at its start.
     *
     * @param config the run's
     * @param kernels what it computes with
     * @param dataset the real transitions
     * @param checksum the dataset's
     * @param rollouts makes the model's transitions
     */
    PolicyTraining(RunConfig config, Kernels kernels, DatasetBuffer dataset, String checksum, RolloutJob rollouts) {
        this.config = Objects.requireNonNull(config, "config");
        this.checksum = Objects.requireNonNull(checksum, "checksum");
        rounds = new RolloutRounds(config, dataset, rollouts);
        LearnerSettings settings = config.learner();
        BatchSampler sampler =
                BatchSampler.ofMix(dataset, rounds.buffer(), settings.sac().batchSize(), settings.realShare());
        learner = new SacLearner(
                kernels,
                settings.sac(),
                dataset.layout().observationSize(),
                dataset.layout().actionSize(),
                new BufferBatches(sampler, config.seed()),
                config.seed(),
                // As many give the same bits, and a thread without a core would only be waited for.
                Math.min(settings.threads(), Runtime.getRuntime().availableProcessors()));
    }

    /** The policy as it is after an epoch. */
    SavedPolicy policy(int epoch) {
        return SavedPolicy.of(Tasks.named(config.task()), learner.policy(), checksum, config.seed(), epoch);
    }

    /**
     * Does an epoch.
     *
     * @param epoch its number, from 1
     * @param isLast whether none follows it now
     * @param progress is told how many of its updates are done
     * @return what was measured
     * @throws RunException if a loss is no finite number any more
     */
    Map<Metric, Double> run(int epoch, boolean isLast, IntConsumer progress) {
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        if (rounds.last() < epoch) {
            rounds.begin(epoch, policy(epoch - 1));
            made = rounds.finish();
        }
        putRound(metrics, made);
        boolean isAhead = config.rollout().overlap() && !isLast;
        if (isAhead) {
            rounds.begin(epoch + 1L, policy(epoch - 1));
        } else if (config.rollout().overlap()) {
            // What it would have been made of, were this not the last epoch.
            rounds.plan(epoch + 1L, policy(epoch - 1));
        }
        update(epoch, metrics, progress);
        made = isAhead ? rounds.finish() : null;
        return metrics;
    }

    private void update(int epoch, Map<Metric, Double> metrics, IntConsumer progress) {
        long from = System.nanoTime();
        LossMeans losses = new LossMeans();
        for (int update = 0; update < config.learner().updatesPerEpoch(); update++) {
            progress.accept(update);
            learner.update();
            if (update % LOOK_EVERY == 0) {
                losses.add(finite(epoch, learner.losses()));
            }
        }
        // A checkpoint of numbers that are none could not be gone on from.
        finite(epoch, learner.losses());
        metrics.put(Metric.UPDATES, (double) learner.updates());
        losses.putInto(metrics);
        metrics.put(Metric.UPDATE_SECONDS, (System.nanoTime() - from) / 1e9);
    }

    private SacLosses finite(int epoch, SacLosses losses) {
        double sum = losses.firstCriticLoss() + losses.secondCriticLoss() + losses.actorLoss() + losses.temperature();
        if (!Double.isFinite(sum)) {
            throw new RunException(
                    "the policy diverged in epoch %d, by update %,d: the losses of its critics are %s and %s, its actor's is %s, its temperature is %s; lower learner.critic-rate or learner.actor-rate, or raise rollout.penalty-coefficient"
                            .formatted(
                                    epoch,
                                    learner.updates(),
                                    losses.firstCriticLoss(),
                                    losses.secondCriticLoss(),
                                    losses.actorLoss(),
                                    losses.temperature()));
        }
        return losses;
    }

    private static void putRound(Map<Metric, Double> metrics, RolloutJob.Made round) {
        RolloutStatistics statistics = round.statistics();
        double starts = statistics.starts();
        metrics.put(Metric.ROLLOUT_REWARD, statistics.meanReward());
        metrics.put(Metric.PENALTY_MEAN, statistics.meanPenalty());
        metrics.put(Metric.PENALTY_MAX, statistics.greatestPenalty());
        metrics.put(Metric.ROLLOUT_LENGTH_MEAN, statistics.meanLength());
        metrics.put(Metric.TERMINATED_SHARE, statistics.terminated() / starts);
        metrics.put(Metric.DIVERGED_SHARE, statistics.diverged() / starts);
        metrics.put(Metric.MODEL_TRANSITIONS, (double) statistics.transitions());
        metrics.put(Metric.ROLLOUT_SECONDS, round.seconds());
    }

    /** The files of a checkpoint. */
    Map<String, Snapshots.Content> files() {
        Map<String, Snapshots.Content> files = new TreeMap<>(rounds.files());
        files.put(LEARNER, out -> LearnerCheckpoint.write(out, learner));
        return files;
    }

    /** Whether a file of a checkpoint is another in the next one. */
    static boolean changes(String file) {
        return file.equals(LEARNER);
    }

    /** Goes on from a checkpoint. */
    void restore(Snapshots snapshots, Snapshots.Snapshot from) throws IOException {
        LearnerCheckpoint.read(
                new ByteArrayInputStream(snapshots.read(from, LEARNER)), snapshots.path(from, LEARNER), learner);
        made = rounds.restore(snapshots, from);
    }

    @Override
    public void close() {
        rounds.abandon();
        learner.close();
    }
}

package io.github.mopospark.ensemble.rollouts;

import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.TrueModel;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.tasks.TerminationRule;

/** One thread's memory for the rollouts of a chunk. */
final class ChunkRollout {
    /** Where a task has no rule, a model that has left every state of the simulator behind is stopped here. */
    private static final float GUARD = 100;

    private final RolloutConfig config;
    private final OutputLayout layout;
    private final TerminationRule rule;
    private final int[] elites;
    private final int observationSize;
    private final int actionSize;
    private final EnsembleNetworks.Predictor predictor;
    /** Null unless it is what penalties are computed from. */
    private final TrueModel truth;

    private final float[] observations;
    private final float[] actions;
    private final float[] penalties;
    private final float[] trueRewards;
    private final float[] trueObservations;
    private final float[] noise;
    private final ModelTransitions rows;

    private int written;
    private long terminated;
    private long diverged;
    private double rewardSum;
    private double penaltySum;
    private double greatestPenalty;

    ChunkRollout(EnsembleNetworks networks, RolloutConfig config, TrueModel truth) {
        this.config = config;
        this.truth = truth;
        Ensemble ensemble = networks.ensemble();
        layout = ensemble.layout();
        rule = ensemble.task().terminationRule();
        elites = ensemble.elites();
        observationSize = ensemble.task().observationSize();
        actionSize = ensemble.task().actionSize();
        int capacity = ModelRollouts.CHUNK_ROWS;
        predictor = networks.predictor(capacity);
        observations = new float[capacity * observationSize];
        actions = new float[capacity * actionSize];
        penalties = new float[capacity];
        trueRewards = new float[truth == null ? 0 : capacity];
        trueObservations = new float[truth == null ? 0 : capacity * observationSize];
        noise = new float[capacity * layout.size()];
        rows = ModelTransitions.allocate(Math.multiplyExact(capacity, config.length()), observationSize, actionSize);
    }

    RolloutStatistics run(
            float[] starts,
            int from,
            int count,
            int chunk,
            ActionSource policy,
            RandomStream random,
            RolloutSink sink) {
        written = 0;
        terminated = 0;
        diverged = 0;
        rewardSum = 0;
        penaltySum = 0;
        greatestPenalty = 0;
        System.arraycopy(starts, from * observationSize, observations, 0, count * observationSize);
        int active = count;
        for (int step = 0; step < config.length() && active > 0; step++) {
            policy.actions(observations, active, actions, random);
            predictor.predict(observations, actions, active);
            penalise(active);
            random.fillGaussian(noise, 0, active * layout.size());
            active = advance(active, random);
        }
        sink.accept(chunk, rows.withRows(written));
        return new RolloutStatistics(count, written, terminated, diverged, rewardSum, penaltySum, greatestPenalty);
    }

    private void penalise(int active) {
        if (truth == null) {
            predictor.penalise(config.penalty(), active, penalties);
        } else {
            truth.step(observations, actions, active, trueRewards, trueObservations);
            predictor.trueErrors(observations, trueRewards, trueObservations, active, penalties);
        }
    }

    /** Takes one step with each row; those that go on move up, in order. */
    private int advance(int active, RandomStream random) {
        int going = 0;
        for (int row = 0; row < active; row++) {
            int elite = elites[random.nextInt(elites.length)];
            if (!sample(row, elite)) {
                diverged++;
                continue;
            }
            boolean ends = ends(written);
            rows.terminals()[written] = ends;
            if (ends) {
                terminated++;
            } else {
                // Never ahead of the row that is read: rows only leave.
                System.arraycopy(
                        rows.nextObservations(),
                        written * observationSize,
                        observations,
                        going * observationSize,
                        observationSize);
                going++;
            }
            written++;
        }
        return going;
    }

    /** Writes a row's transition; false if it is not finite, and then it does not count. */
    private boolean sample(int row, int elite) {
        float[] means = predictor.means(elite);
        float[] variances = predictor.variances(elite);
        int place = layout.reward(row);
        float reward = means[place];
        if (config.reward() == RewardDraw.SAMPLED) {
            reward += (float) Math.sqrt(variances[place]) * noise[place];
        }
        int from = row * observationSize;
        int to = written * observationSize;
        int change = layout.change(row);
        // Zero times a number that is not finite is NaN, and NaN stays.
        float notFinite = 0 * reward + 0 * penalties[row];
        for (int j = 0; j < observationSize; j++) {
            int delta = change + j;
            float next = observations[from + j] + (means[delta] + (float) Math.sqrt(variances[delta]) * noise[delta]);
            rows.nextObservations()[to + j] = next;
            notFinite += 0 * next;
        }
        if (notFinite != 0) {
            return false;
        }
        System.arraycopy(observations, from, rows.observations(), to, observationSize);
        System.arraycopy(actions, row * actionSize, rows.actions(), written * actionSize, actionSize);
        rows.rewards()[written] = (float) (reward - config.penaltyCoefficient() * penalties[row]);
        rewardSum += reward;
        penaltySum += penalties[row];
        greatestPenalty = Math.max(greatestPenalty, penalties[row]);
        return true;
    }

    private boolean ends(int row) {
        if (rule != TerminationRule.NEVER) {
            return rule.terminates(rows.nextObservations(), row, observationSize);
        }
        for (int j = row * observationSize; j < (row + 1) * observationSize; j++) {
            if (Math.abs(rows.nextObservations()[j]) > GUARD) {
                return true;
            }
        }
        return false;
    }
}

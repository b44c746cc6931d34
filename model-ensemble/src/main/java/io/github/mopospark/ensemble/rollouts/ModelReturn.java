package io.github.mopospark.ensemble.rollouts;

import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.threads.WorkerTeam;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * What a policy gets in the model, from many starts, without a simulator: the discounted return, and the discounted penalties
 * along the way (MOPO's equation 9). Both are means over starts.
 *
 * @param reward the sum of discounted rewards before the penalty
 * @param penalty the sum of discounted penalties before lambda
 * @param length steps until an episode ended or the horizon came
 * @param meanPenalty of a step, not discounted
 * @param diverged the share of starts whose rollout ended in a number that is not finite
 */
public record ModelReturn(double reward, double penalty, double length, double meanPenalty, double diverged) {
    /**
     * How it is measured.
     *
     * @param penalty how far the model is not to be trusted
     * @param discount gamma, in (0, 1]
     * @param horizon steps at most
     * @param seed of the model's draws
     */
    public record Settings(Penalty penalty, double discount, int horizon, long seed) {
        /**
         * Checks the fields.
         *
         * @throws IllegalArgumentException if one is outside its rule
         */
        public Settings {
            if (!(discount > 0 && discount <= 1)) {
                throw new IllegalArgumentException("discount must be in (0, 1], but was " + discount);
            }
            if (horizon < 1) {
                throw new IllegalArgumentException("horizon must be at least 1, but was " + horizon);
            }
        }
    }

    /**
     * Rolls out.
     *
     * @param networks the model
     * @param settings how
     * @param starts the first observations {@code [count, observationSize]}, packed
     * @param policies makes what acts, one for each thread
     * @param team the threads; stays open
     * @return what came of it; the same bits for any number of threads
     * @throws IllegalArgumentException if there are no starts, or half a row
     */
    public static ModelReturn of(
            EnsembleNetworks networks,
            Settings settings,
            float[] starts,
            Supplier<ActionSource> policies,
            WorkerTeam team) {
        // A step at a time: each is a round of rollouts of one step, from where the one before has come.
        RolloutConfig oneStep = new RolloutConfig(1, 0, settings.penalty(), RewardDraw.SAMPLED);
        ModelRollouts rollouts = new ModelRollouts(networks, oneStep, settings.seed(), team);
        int size = networks.ensemble().task().observationSize();
        float[] observations = starts;
        double reward = 0;
        double penalty = 0;
        double penalties = 0;
        long steps = 0;
        long diverged = 0;
        double discount = 1;
        for (int step = 0; step < settings.horizon() && observations.length > 0; step++) {
            int count = observations.length / size;
            float[][] next = new float[(count + ModelRollouts.CHUNK_ROWS - 1) / ModelRollouts.CHUNK_ROWS][];
            RolloutStatistics statistics =
                    rollouts.run(observations, 0, step, policies, (chunk, rows) -> next[chunk] = going(rows, size));
            reward += discount * statistics.rewardSum();
            penalty += discount * statistics.penaltySum();
            penalties += statistics.penaltySum();
            steps += statistics.transitions();
            diverged += statistics.diverged();
            discount *= settings.discount();
            observations = joined(next);
        }
        double count = (double) starts.length / size;
        return new ModelReturn(reward / count, penalty / count, steps / count, penalties / steps, diverged / count);
    }

    /** The next observations of the rows that do not end. */
    private static float[] going(ModelTransitions rows, int size) {
        float[] going = new float[rows.rows() * size];
        int written = 0;
        for (int row = 0; row < rows.rows(); row++) {
            if (!rows.terminals()[row]) {
                System.arraycopy(rows.nextObservations(), row * size, going, written, size);
                written += size;
            }
        }
        return Arrays.copyOf(going, written);
    }

    private static float[] joined(float[][] chunks) {
        float[] joined =
                new float[Arrays.stream(chunks).mapToInt(chunk -> chunk.length).sum()];
        int written = 0;
        for (float[] chunk : chunks) {
            System.arraycopy(chunk, 0, joined, written, chunk.length);
            written += chunk.length;
        }
        return joined;
    }
}

package io.github.mopospark.ensemble.rollouts;

import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.TrueModel;
import io.github.mopospark.networks.ActionSource;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.networks.threads.WorkerTeam;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Rollouts inside a model. Starts are cut into chunks of {@link #CHUNK_ROWS}, which stay in the cache, each with random
 * numbers of its own by (seed, round, chunk): what a chunk becomes does not depend on threads or on what other chunks are
 * rolled out with it. For one caller at a time.
 */
public final class ModelRollouts {
    /** Starts of a chunk; the last of a round may have fewer. */
    public static final int CHUNK_ROWS = 500;

    private final EnsembleNetworks networks;
    private final long seed;
    private final WorkerTeam team;
    private final ChunkRollout[] workers;

    /**
     * Makes the memory of each thread.
     *
     * @param networks the model
     * @param config how
     * @param seed the run's
     * @param team the threads; stays open
     * @throws IllegalArgumentException if the penalty is {@link Penalty#TRUE_ERROR}
     */
    public ModelRollouts(EnsembleNetworks networks, RolloutConfig config, long seed, WorkerTeam team) {
        this(networks, config, seed, team, ModelRollouts::noTruth);
    }

    private static TrueModel noTruth() {
        throw new IllegalArgumentException(
                "rollout.penalty = true-error needs the true model, a simulator that can be set to any state, and there is none here; take another penalty");
    }

    /**
     * Makes the memory of each thread.
     *
     * @param networks the model
     * @param config how
     * @param seed the run's
     * @param team the threads; stays open
     * @param truths makes what the model is a model of, one for each thread if the penalty is {@link Penalty#TRUE_ERROR} and else
     *     none; who makes them closes them
     */
    public ModelRollouts(
            EnsembleNetworks networks,
            RolloutConfig config,
            long seed,
            WorkerTeam team,
            Supplier<? extends TrueModel> truths) {
        this.networks = Objects.requireNonNull(networks, "networks");
        Objects.requireNonNull(config, "config");
        this.seed = seed;
        this.team = Objects.requireNonNull(team, "team");
        Objects.requireNonNull(truths, "truths");
        workers = new ChunkRollout[team.parts()];
        for (int part = 0; part < workers.length; part++) {
            workers[part] =
                    new ChunkRollout(networks, config, config.penalty() == Penalty.TRUE_ERROR ? truths.get() : null);
        }
    }

    /**
     * Rolls out a shard of a round.
     *
     * @param starts the shard's first observations {@code [count, observationSize]}, packed
     * @param firstChunk the number within the round of the shard's first chunk
     * @param round the round's number
     * @param policies makes what acts, one for each thread
     * @param sink takes the transitions
     * @return what the rollouts were like
     * @throws IllegalArgumentException if there are no starts, or half a row
     */
    public RolloutStatistics run(
            float[] starts, int firstChunk, long round, Supplier<ActionSource> policies, RolloutSink sink) {
        Ensemble ensemble = networks.ensemble();
        int size = ensemble.task().observationSize();
        if (starts.length == 0 || starts.length % size != 0) {
            throw new IllegalArgumentException(
                    "starts must be rows of %d numbers and at least one, but were %,d numbers"
                            .formatted(size, starts.length));
        }
        int count = starts.length / size;
        int chunks = (count + CHUNK_ROWS - 1) / CHUNK_ROWS;
        RolloutStatistics[] statistics = new RolloutStatistics[chunks];
        ActionSource[] sources = new ActionSource[team.parts()];
        for (int part = 0; part < sources.length; part++) {
            sources[part] = policies.get();
        }
        AtomicInteger next = new AtomicInteger();
        team.run(part -> {
            for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
                int from = chunk * CHUNK_ROWS;
                int number = firstChunk + chunk;
                RandomStream random = RandomStream.of(seed, "rollout", round, number);
                statistics[chunk] = workers[part].run(
                        starts, from, Math.min(CHUNK_ROWS, count - from), number, sources[part], random, sink);
            }
        });
        RolloutStatistics sum = RolloutStatistics.NONE;
        for (RolloutStatistics chunk : statistics) {
            sum = sum.plus(chunk);
        }
        return sum;
    }
}

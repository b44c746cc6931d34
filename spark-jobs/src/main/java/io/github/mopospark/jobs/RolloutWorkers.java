package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.ensemble.rollouts.RolloutConfig;
import io.github.mopospark.networks.threads.WorkerTeam;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An executor's networks of an ensemble, and the memory that rollouts in them need: as much as tasks run at once. */
final class RolloutWorkers {
    private final EnsembleNetworks networks;
    private final RolloutConfig config;
    private final long seed;
    private final Queue<ModelRollouts> idle = new ConcurrentLinkedQueue<>();

    RolloutWorkers(EnsembleNetworks networks, RolloutConfig config, long seed) {
        this.networks = Objects.requireNonNull(networks, "networks");
        this.config = Objects.requireNonNull(config, "config");
        this.seed = seed;
    }

    /** Memory that no other task uses, to be given back. */
    ModelRollouts take() {
        ModelRollouts rollouts = idle.poll();
        return rollouts == null ? new ModelRollouts(networks, config, seed, new WorkerTeam(1)) : rollouts;
    }

    void giveBack(ModelRollouts rollouts) {
        idle.add(rollouts);
    }
}

package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.rollouts.ModelReturn;
import io.github.mopospark.ensemble.rollouts.ModelRollouts;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.networks.kernels.Kernels;
import io.github.mopospark.networks.threads.WorkerTeam;
import io.github.mopospark.policy.BufferBatches;
import io.github.mopospark.policy.FittedQEvaluation;
import io.github.mopospark.policy.GaussianPolicy;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.ReturnRange;
import io.github.mopospark.policy.SacConfig;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What can be told of a policy without a simulator: by fitted Q evaluation on the dataset, and by the model. The initial
 * observations are those of the dataset's episodes.
 */
final class OfflineEvaluation {
    private static final int MOST_STARTS = 1_000;

    /** Steps in the model, behind which a discount of 0.99 leaves a twentieth. */
    private static final int HORIZON = 300;

    /** The paper's, whatever the rollouts were penalised by, so that policies of all settings can be compared. */
    private static final Penalty PENALTY = Penalty.MAX_ALEATORIC;

    private final RunConfig config;
    private final Kernels kernels;
    private final Ensemble ensemble;
    private final DatasetBuffer dataset;
    /** {@code [count, observationSize]}. */
    private final float[] starts;
    /** What the dataset's rewards allow. */
    private final ReturnRange range;

    /**
     * An evaluation of policies.
     *
     * @param config the run's
     * @param kernels what it computes with
     * @param ensemble the model
     * @param dataset the logged transitions that a learner learns from
     * @param rows all of the dataset
     */
    OfflineEvaluation(RunConfig config, Kernels kernels, Ensemble ensemble, DatasetBuffer dataset, Transitions rows) {
        this.config = Objects.requireNonNull(config, "config");
        this.kernels = Objects.requireNonNull(kernels, "kernels");
        this.ensemble = Objects.requireNonNull(ensemble, "ensemble");
        this.dataset = Objects.requireNonNull(dataset, "dataset");
        starts = starts(rows);
        range = ReturnRange.of(rows.rewards(), config.learner().sac().discount());
    }

    /** The first observations of a dataset's episodes, of many as many as count: {@code [count, observationSize]}. */
    static float[] starts(Transitions rows) {
        int[] first = IntStream.range(0, rows.rows())
                .filter(row -> rows.steps()[row] == 0)
                .toArray();
        int size = rows.observationSize();
        int count = Math.min(first.length, MOST_STARTS);
        float[] starts = new float[count * size];
        for (int start = 0; start < count; start++) {
            int row = first[(int) ((long) start * first.length / count)];
            System.arraycopy(rows.observations(), row * size, starts, start * size, size);
        }
        return starts;
    }

    /**
     * Evaluates a policy.
     *
     * @param policy its actions are drawn from it
     * @return what was measured; nothing where the settings ask for none, or the dataset has no first observation
     */
    Map<Metric, Double> run(GaussianPolicy policy) {
        int updates = config.evaluation().fittedQUpdates();
        if (updates == 0 || starts.length == 0) {
            return Map.of();
        }
        ModelReturn model = inModel(policy);
        return Map.of(
                Metric.FITTED_Q_VALUE,
                fittedQ(policy, updates),
                Metric.PENALISED_MODEL_RETURN,
                model.reward() - config.evaluation().penaltyCoefficient() * model.penalty(),
                Metric.MODEL_PENALTY,
                model.meanPenalty());
    }

    private double fittedQ(GaussianPolicy policy, int updates) {
        SacConfig settings = config.learner().sac();
        BatchSampler sampler = BatchSampler.ofDataset(dataset, settings.batchSize());
        FittedQEvaluation evaluation = new FittedQEvaluation(
                settings, policy, new BufferBatches(sampler, config.seed()), range, config.seed());
        for (int update = 0; update < updates; update++) {
            evaluation.update();
        }
        return evaluation.value(starts);
    }

    private ModelReturn inModel(GaussianPolicy policy) {
        double discount = config.learner().sac().discount();
        try (WorkerTeam team = new WorkerTeam(1)) {
            return ModelReturn.of(
                    new EnsembleNetworks(kernels, ensemble),
                    new ModelReturn.Settings(PENALTY, discount, HORIZON, config.seed()),
                    starts,
                    () -> new PolicyActions(policy, ModelRollouts.CHUNK_ROWS),
                    team);
        }
    }
}

package io.github.mopospark.ensemble;

import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.tasks.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A trained ensemble. It is data: {@link EnsembleNetworks} predicts with it. It is never trained again.
 *
 * @param task what it is a model of
 * @param config how it was trained
 * @param scaler what inputs, an observation and then an action, are standardised by
 * @param members what each member predicts with
 * @param elites the members that draw samples, the best first
 * @param holdoutErrors each member's mean squared error on the holdout, in raw units
 * @param datasetChecksum tells the dataset that it was trained on
 */
public record Ensemble(
        Task task,
        EnsembleConfig config,
        Scaler scaler,
        List<MemberWeights> members,
        int[] elites,
        double[] holdoutErrors,
        String datasetChecksum) {
    /**
     * Checks that all of it fits.
     *
     * @throws IllegalArgumentException if something does not; the message names it, its value and the rule
     */
    public Ensemble {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(datasetChecksum, "datasetChecksum");
        members = List.copyOf(members);
        int inputSize = task.observationSize() + task.actionSize();
        require(scaler.size() == inputSize, "scaler", scaler.size(), "observation and action numbers", inputSize);
        require(members.size() == config.members(), "members", members.size(), "config.members", config.members());
        require(elites.length == config.elites(), "elites", elites.length, "config.elites", config.elites());
        require(
                holdoutErrors.length == members.size(),
                "holdoutErrors",
                holdoutErrors.length,
                "members",
                members.size());
        if (Arrays.stream(elites).distinct().count() != elites.length
                || Arrays.stream(elites).anyMatch(elite -> elite < 0 || elite >= config.members())) {
            throw new IllegalArgumentException(
                    "an ensemble's elites must be different numbers from 0 to %d, but were %s"
                            .formatted(config.members() - 1, Arrays.toString(elites)));
        }
        OutputLayout layout = new OutputLayout(task.observationSize());
        MlpShape shape = config.shape(inputSize, layout);
        for (MemberWeights member : members) {
            require(
                    member.parameters().length == shape.parameterCount(),
                    "parameters of a member",
                    member.parameters().length,
                    "parameters of its network",
                    shape.parameterCount());
            require(
                    member.bounds().length == layout.networkSize(),
                    "log-variance bounds of a member",
                    member.bounds().length,
                    "numbers its network puts out",
                    layout.networkSize());
        }
    }

    private static void require(boolean rule, String what, int found, String needed, int size) {
        if (!rule) {
            throw new IllegalArgumentException("an ensemble's %s must be as many as its %s, %,d, but were %,d"
                    .formatted(what, needed, size, found));
        }
    }

    /**
     * What a predicted row holds.
     *
     * @return the reward, and the change of the task's observation
     */
    public OutputLayout layout() {
        return new OutputLayout(task.observationSize());
    }

    /**
     * A member's sizes.
     *
     * @return the network's
     */
    public MlpShape shape() {
        return config.shape(scaler.size(), layout());
    }
}

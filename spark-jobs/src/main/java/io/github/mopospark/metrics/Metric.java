package io.github.mopospark.metrics;

import java.util.Locale;

/** What is measured in an epoch of policy training: the columns of {@code metrics.csv} and {@code timings.csv}, in order. */
public enum Metric {
    /** Updates of the learner since the start of the run. */
    UPDATES(Group.UPDATES),

    /** Mean over the episodes of an evaluation of the sum of rewards. */
    RETURN_MEAN(Group.EVALUATION),
    /** Standard deviation of the return over the episodes. */
    RETURN_STD(Group.EVALUATION),
    /** The lowest return of an episode. */
    RETURN_MIN(Group.EVALUATION),
    /** The highest return of an episode. */
    RETURN_MAX(Group.EVALUATION),
    /** D4RL's normalised score of the mean return: 0 is a random policy, 100 the expert; not for every task. */
    SCORE_MEAN(Group.EVALUATION),
    /** Standard deviation of the score over the episodes. */
    SCORE_STD(Group.EVALUATION),
    /** Mean length of the episodes, in steps. */
    EPISODE_LENGTH_MEAN(Group.EVALUATION),

    /** Mean reward of the model's transitions, before the penalty. */
    ROLLOUT_REWARD(Group.ROLLOUTS),
    /** Mean penalty of the model's transitions, before lambda. */
    PENALTY_MEAN(Group.ROLLOUTS),
    /** The greatest penalty, before lambda. */
    PENALTY_MAX(Group.ROLLOUTS),
    /** Mean length of the rollouts inside the model, in steps. */
    ROLLOUT_LENGTH_MEAN(Group.ROLLOUTS),
    /** Share of the rollouts that ended by the task's rule, from 0 to 1. */
    TERMINATED_SHARE(Group.ROLLOUTS),
    /** Share of the rollouts that ended because the model predicted a number that is not finite, from 0 to 1. */
    DIVERGED_SHARE(Group.ROLLOUTS),
    /** Transitions that the rollouts of the epoch made. */
    MODEL_TRANSITIONS(Group.ROLLOUTS),

    /** Mean squared Bellman error of the first critic. */
    FIRST_CRITIC_LOSS(Group.UPDATES),
    /** Mean squared Bellman error of the second critic. */
    SECOND_CRITIC_LOSS(Group.UPDATES),
    /** Mean of alpha log probability - min Q. */
    ACTOR_LOSS(Group.UPDATES),
    /** Loss of the temperature. */
    TEMPERATURE_LOSS(Group.UPDATES),
    /** Mean Bellman target: what Q is trained towards. */
    TARGET_MEAN(Group.UPDATES),
    /** Alpha, the weight of the entropy. */
    TEMPERATURE(Group.UPDATES),
    /** Mean log probability of the sampled actions: minus the policy's entropy. */
    LOG_PROBABILITY(Group.UPDATES),

    /** Mean holdout error of the elites that the rollouts were made with. */
    HOLDOUT_ERROR(Group.ENSEMBLE),

    /** The policy's discounted return by fitted Q evaluation on the dataset alone, from the dataset's initial observations. */
    FITTED_Q_VALUE(Group.OFFLINE),
    /** The policy's discounted return in the model minus the discounted penalties, from the same observations. */
    PENALISED_MODEL_RETURN(Group.OFFLINE),
    /** Mean penalty of the policy's steps in the model, from the same observations, before lambda. */
    MODEL_PENALTY(Group.OFFLINE),

    /** Wall-clock seconds of the rollouts. */
    ROLLOUT_SECONDS(Group.SECONDS),
    /** Wall-clock seconds of the updates. */
    UPDATE_SECONDS(Group.SECONDS),
    /** Wall-clock seconds of the evaluation. */
    EVALUATION_SECONDS(Group.SECONDS),
    /** Wall-clock seconds of the checkpoint. */
    CHECKPOINT_SECONDS(Group.SECONDS);

    private enum Group {
        EVALUATION,
        ROLLOUTS,
        UPDATES,
        ENSEMBLE,
        OFFLINE,
        SECONDS
    }

    private final Group group;

    Metric(Group group) {
        this.group = group;
    }

    /**
     * Its name in a file.
     *
     * @return lower case with underscores
     */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Its name where metrics are shown in groups, as in TensorBoard.
     *
     * @return the group, a slash, and the column
     */
    public String tag() {
        return group.name().toLowerCase(Locale.ROOT) + "/" + column();
    }

    /**
     * Whether it is a time, and so differs between two runs that are otherwise the same to the bit.
     *
     * @return true for seconds
     */
    public boolean isTime() {
        return group == Group.SECONDS;
    }
}

package io.github.mopospark.tasks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tasks that are known, and the names they go by: their own ({@code hopper}), D4RL's datasets
 * ({@code hopper-medium-replay-v2}) and Gymnasium's environments of the same semantics ({@code Hopper-v4}).
 */
public final class Tasks {
    private static final int TIME_LIMIT = 1000;
    private static final List<String> DATASET_KINDS =
            List.of("random", "medium", "expert", "medium-replay", "full-replay", "medium-expert");
    private static final List<String> DATASET_VERSIONS = List.of("v0", "v1", "v2");
    /** Gymnasium's v5 environments differ from these, so v5 is no name of theirs. */
    private static final List<String> GYMNASIUM_VERSIONS = List.of("v2", "v3", "v4");

    private static final List<Task> TASKS = List.of(
            d4rlTask("hopper", 11, 3, TerminationRule.HOPPER, new ReferenceReturns(-20.272305, 3234.3)),
            d4rlTask("halfcheetah", 17, 6, TerminationRule.NEVER, new ReferenceReturns(-280.178953, 12135.0)),
            d4rlTask("walker2d", 17, 6, TerminationRule.WALKER2D, new ReferenceReturns(1.629008, 4592.3)),
            d4rlTask("ant", 27, 8, TerminationRule.ANT, new ReferenceReturns(-325.6, 3879.7)),
            d4rlTask("ant-contact", 111, 8, TerminationRule.ANT, new ReferenceReturns(-325.6, 3879.7)),
            relabelledTask("halfcheetah-jump", 17, 6, TerminationRule.NEVER, new JumpReward(JumpReward.SpeedCap.MIN)),
            relabelledTask("ant-angle", 27, 8, TerminationRule.ANT, new AngleReward()));

    /** Every name, in lower case, and its task. */
    private static final Map<String, Task> BY_NAME = byName();

    private Tasks() {}

    private static Task d4rlTask(
            String name, int observationSize, int actionSize, TerminationRule rule, ReferenceReturns returns) {
        return new Task(name, observationSize, actionSize, TIME_LIMIT, Optional.of(returns), rule, Optional.empty());
    }

    private static Task relabelledTask(
            String name, int observationSize, int actionSize, TerminationRule rule, RelabelledReward reward) {
        return new Task(name, observationSize, actionSize, TIME_LIMIT, Optional.empty(), rule, Optional.of(reward));
    }

    private static Map<String, Task> byName() {
        Map<String, Task> names = new HashMap<>();
        for (Task task : TASKS) {
            names.put(task.name(), task);
        }
        for (String body : List.of("hopper", "halfcheetah", "walker2d", "ant")) {
            // D4RL's ant, like Gymnasium's before v4, observes the contact forces.
            Task withContactForces = body.equals("ant") ? names.get("ant-contact") : names.get(body);
            for (String kind : DATASET_KINDS) {
                for (String version : DATASET_VERSIONS) {
                    names.put(body + "-" + kind + "-" + version, withContactForces);
                }
            }
            for (String version : GYMNASIUM_VERSIONS) {
                names.put(body + "-" + version, version.equals("v4") ? names.get(body) : withContactForces);
            }
        }
        return Map.copyOf(names);
    }

    /**
     * The task of a name. Upper and lower case are the same.
     *
     * @param name a task's own name, a D4RL dataset's or a Gymnasium environment's
     * @return the task
     * @throws IllegalArgumentException if the name is unknown; the message lists the known ones
     */
    public static Task named(String name) {
        Task task = BY_NAME.get(name.toLowerCase(Locale.ROOT));
        if (task == null) {
            throw new IllegalArgumentException(
                    "unknown task '%s'; known are %s, D4RL's datasets %s-{%s}-{%s} and Gymnasium's %s-{%s}"
                            .formatted(
                                    name,
                                    TASKS.stream().map(Task::name).collect(Collectors.joining(", ")),
                                    "{hopper,halfcheetah,walker2d,ant}",
                                    String.join(",", DATASET_KINDS),
                                    String.join(",", DATASET_VERSIONS),
                                    "{Hopper,HalfCheetah,Walker2d,Ant}",
                                    String.join(",", GYMNASIUM_VERSIONS)));
        }
        return task;
    }

    /**
     * The task of a name that was saved with the task's sizes.
     *
     * @param name a task's name
     * @param observationSize numbers in an observation, as saved
     * @param actionSize numbers in an action, as saved
     * @return the task
     * @throws IllegalArgumentException if the name is unknown, or its task has other sizes
     */
    public static Task named(String name, int observationSize, int actionSize) {
        Task task = named(name);
        if (task.observationSize() != observationSize || task.actionSize() != actionSize) {
            throw new IllegalArgumentException(
                    "observation_size and action_size must be %s's, %d and %d, but are %d and %d"
                            .formatted(
                                    task.name(),
                                    task.observationSize(),
                                    task.actionSize(),
                                    observationSize,
                                    actionSize));
        }
        return task;
    }

    /**
     * Checks that a task can be saved by its name: that {@link #named} gives one of the same sizes and termination rule. Time
     * limit and rewards may be others.
     *
     * @param task what a model is of
     * @throws IllegalArgumentException if it cannot
     */
    public static void requireKnown(Task task) {
        Task known;
        try {
            known = named(task.name());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("what is saved must be of a known task: " + e.getMessage(), e);
        }
        if (known.observationSize() != task.observationSize()
                || known.actionSize() != task.actionSize()
                || known.terminationRule() != task.terminationRule()) {
            throw new IllegalArgumentException("what is saved must be of a known task: %s is %s, but was given as %s"
                    .formatted(task.name(), known, task));
        }
    }

    /**
     * Every task once.
     *
     * @return the tasks in the order of the documentation
     */
    public static List<Task> all() {
        return TASKS;
    }
}

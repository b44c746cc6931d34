package io.github.mopospark.conversion.preparation;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.tasks.JumpReward;
import io.github.mopospark.tasks.RelabelledReward;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * What is done to each row on its way into a dataset.
 *
 * @param boundary what ends an episode besides a terminal row
 * @param relabel the name of the task whose reward replaces the recorded one; null for none
 * @param speedCap how halfcheetah-jump caps the speed; ignored by other tasks
 * @param dropNonfinite whether rows with a NaN or infinite number are left out; else they are refused
 */
public record Preparation(Boundary boundary, String relabel, JumpReward.SpeedCap speedCap, boolean dropNonfinite)
        implements Serializable {

    /**
     * Checks the fields.
     *
     * @throws DatasetException if the task to relabel for has no reward of its own, or the boundary is legacy-d4rl
     */
    public Preparation {
        Objects.requireNonNull(boundary, "boundary");
        Objects.requireNonNull(speedCap, "speedCap");
        if (relabel != null && Tasks.named(relabel).relabelledReward().isEmpty()) {
            throw new DatasetException("relabel must be halfcheetah-jump or ant-angle, but was " + relabel);
        }
        if (relabel != null && boundary.rule() == Boundary.Rule.LEGACY_D4RL) {
            throw new DatasetException("relabel cannot go with boundary legacy-d4rl, whose next observations after a"
                    + " terminal row are of another episode");
        }
    }

    /**
     * The plain conversion: the file's own flags, rewards as recorded, every number finite.
     *
     * @return those choices
     */
    public static Preparation defaults() {
        return new Preparation(Boundary.parse("flags"), null, JumpReward.SpeedCap.MIN, false);
    }

    /**
     * The reward that replaces the recorded one.
     *
     * @return empty where rewards stay as recorded
     */
    public Optional<RelabelledReward> relabelledReward() {
        return relabelTask().flatMap(task -> task.withSpeedCap(speedCap).relabelledReward());
    }

    /**
     * The task to relabel for.
     *
     * @return empty where rewards stay as recorded
     */
    public Optional<Task> relabelTask() {
        return Optional.ofNullable(relabel).map(Tasks::named);
    }
}

package io.github.mopospark.ensemble;

import io.github.mopospark.tasks.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Ensembles of members without hidden layers that predict the same for every input. */
public final class ConstantEnsembles {
    /** So small a log-variance that a sample is the mean. */
    public static final float CERTAIN = -60;

    private ConstantEnsembles() {}

    /**
     * An ensemble.
     *
     * @param task of what
     * @param elites which members draw
     * @param means each member's mean of every output
     * @param logVariances each member's log-variance of every output
     */
    public static Ensemble of(Task task, int[] elites, float[][] means, float[][] logVariances) {
        int outputs = 1 + task.observationSize();
        int inputs = task.observationSize() + task.actionSize();
        List<MemberWeights> members = new ArrayList<>();
        for (int member = 0; member < means.length; member++) {
            float[] parameters = new float[(inputs + 1) * 2 * outputs];
            System.arraycopy(means[member], 0, parameters, inputs * 2 * outputs, outputs);
            System.arraycopy(logVariances[member], 0, parameters, inputs * 2 * outputs + outputs, outputs);
            float[] bounds = new float[2 * outputs];
            // So far apart that the clamp changes nothing in between.
            Arrays.fill(bounds, 0, outputs, 40);
            Arrays.fill(bounds, outputs, 2 * outputs, -80);
            members.add(new MemberWeights(parameters, bounds));
        }
        EnsembleConfig config = EnsembleConfig.paper()
                .withMembers(means.length, elites.length)
                .withLayers(Collections.emptyList(), List.of(0.0));
        return new Ensemble(
                task, config, Scaler.identity(inputs), members, elites, new double[means.length], "checksum");
    }

    /** The same number for every output of a member. */
    public static float[] all(int outputs, float number) {
        float[] numbers = new float[outputs];
        Arrays.fill(numbers, number);
        return numbers;
    }
}

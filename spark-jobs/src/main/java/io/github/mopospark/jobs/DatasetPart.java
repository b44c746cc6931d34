package io.github.mopospark.jobs;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.Manifest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * A part of a run's dataset, which a task reads as a whole.
 *
 * @param plan the run's
 * @param part its number
 * @param from its first row in the dataset
 * @param to the row after its last
 */
record DatasetPart(Broadcast<RunPlan> plan, int part, long from, long to) implements Serializable {
    /** All parts of a dataset. */
    static List<DatasetPart> of(Broadcast<RunPlan> plan, Manifest manifest) {
        List<DatasetPart> parts = new ArrayList<>();
        long from = 0;
        for (Manifest.Part part : manifest.parts()) {
            parts.add(new DatasetPart(plan, parts.size(), from, from + part.rows()));
            from += part.rows();
        }
        return parts;
    }

    Transitions read() throws Exception {
        RunPlan run = plan.value();
        Manifest manifest =
                run.cached("manifest", Manifest.class, () -> run.folder().open());
        return run.folder().read(manifest, from, to);
    }
}

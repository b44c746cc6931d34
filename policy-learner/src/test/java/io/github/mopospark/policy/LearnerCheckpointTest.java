package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.networks.Initialiser;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LearnerCheckpointTest {
    private static SacLearner learner(long seed, int width) {
        SacConfig config = new SacConfig(
                List.of(width, 20), Initialiser.FAN_IN_UNIFORM, 18, 0.9, 0.05, 1e-3, 1e-3, 60, 1e-3, 0.5, -2, -5, 2);
        return new SacLearner(CpuKernels.fastest(), config, 3, 2, new RandomBatches(3, 2), seed, 1);
    }

    private static byte[] saved(SacLearner learner) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            LearnerCheckpoint.write(out, learner);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void update(SacLearner learner, int times) {
        for (int i = 0; i < times; i++) {
            learner.update();
        }
    }

    @Test
    void goesOnToTheSameBitsAsALearnerThatWasNeverStopped() throws IOException {
        try (SacLearner whole = learner(1, 24);
                SacLearner first = learner(1, 24);
                SacLearner second = learner(99, 24)) {
            update(whole, 30);
            update(first, 13);
            LearnerCheckpoint.read(new ByteArrayInputStream(saved(first)), "learner.npz", second);
            assertThat(second.updates()).isEqualTo(13);
            update(second, 17);

            // Networks and moments of other seeds differ, but the noise is the seed's.
            assertThat(saved(second)).isNotEqualTo(saved(whole));
        }
        try (SacLearner whole = learner(1, 24);
                SacLearner first = learner(1, 24);
                SacLearner second = learner(1, 24)) {
            update(whole, 30);
            update(first, 13);
            LearnerCheckpoint.read(new ByteArrayInputStream(saved(first)), "learner.npz", second);
            update(second, 17);

            assertThat(saved(second)).isEqualTo(saved(whole));
        }
    }

    @Test
    void refusesALearnerOfOtherSizesAndChangesNothing() {
        try (SacLearner wide = learner(1, 32);
                SacLearner learner = learner(1, 24)) {
            byte[] before = saved(learner);

            assertThatThrownBy(
                            () -> LearnerCheckpoint.read(new ByteArrayInputStream(saved(wide)), "learner.npz", learner))
                    .isInstanceOf(SavedDataException.class)
                    .hasMessageContaining("learner.npz: actor has the shape (");
            assertThat(saved(learner)).isEqualTo(before);
        }
    }

    @Test
    void refusesANewerVersion() {
        assertThatThrownBy(() -> readChanged(counts -> {
                    counts[0] = 2;
                    return counts;
                }))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("learner.npz: its version is 2, but this program reads 1");
    }

    @Test
    void refusesAWrongLength() {
        assertThatThrownBy(() -> readChanged(counts -> new float[] {1, 0, 0}))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("learner.npz: counts has the shape (3,), but must have (7,)");
    }

    @Test
    void refusesNumbersThatAreNotFinite() {
        assertThatThrownBy(() -> readChanged(counts -> {
                    counts[3] = Float.NaN;
                    return counts;
                }))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("learner.npz: counts");
    }

    private static void readChanged(UnaryOperator<float[]> change) throws IOException {
        try (SacLearner learner = learner(1, 24)) {
            NpzFile file = NpzFile.read(new ByteArrayInputStream(saved(learner)), "learner.npz");
            Map<String, NpyArray> arrays = new TreeMap<>();
            for (String name : file.names()) {
                float[] values = file.array(name).values();
                float[] changed = name.equals("counts") ? change.apply(values) : values;
                arrays.put(name, new NpyArray(new int[] {changed.length}, changed));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            NpzFile.write(out, arrays);
            LearnerCheckpoint.read(new ByteArrayInputStream(out.toByteArray()), "learner.npz", learner);
        }
    }
}

package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.policy.buffers.BatchSampler;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.policy.buffers.TransitionBatch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BufferBatchesTest {
    private static final int ROWS = 500;

    private static BatchSampler sampler() {
        Transitions rows = Transitions.allocate(ROWS, 1, 1);
        for (int i = 0; i < ROWS; i++) {
            rows.rewards()[i] = i;
            rows.hasNextObservation()[i] = true;
        }
        return BatchSampler.ofDataset(DatasetBuffer.of(rows), 16);
    }

    private static float[] rewards(BufferBatches batches, long update) {
        TransitionBatch batch = sampler().allocate();
        batches.draw(update);
        batches.fill(batch, 8, 16);
        batches.fill(batch, 0, 8);
        return batch.rewards().clone();
    }

    @Test
    void drawsTheSameBatchForAnUpdateWhateverCameBefore() {
        BufferBatches batches = new BufferBatches(sampler(), 3);
        float[] first = rewards(batches, 0);
        float[] tenth = rewards(batches, 9);

        assertThat(tenth).isNotEqualTo(first);
        assertThat(rewards(batches, 0)).isEqualTo(first);
        assertThat(rewards(new BufferBatches(sampler(), 3), 9)).isEqualTo(tenth);
        assertThat(rewards(new BufferBatches(sampler(), 4), 9)).isNotEqualTo(tenth);
        assertThat(Arrays.stream(new int[] {0, 1, 2, 3}).mapToObj(i -> first[i]).distinct())
                .hasSizeGreaterThan(1);
    }
}

package io.github.mopospark.policy.buffers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.conversion.Transitions;

/** Transitions whose numbers all follow from a tag, so that a row that is put together wrongly shows. */
final class Rows {
    static final TransitionLayout LAYOUT = new TransitionLayout(3, 2);

    private Rows() {}

    /** Packed rows of the tags from one to the next. */
    static float[] packed(int fromTag, int count) {
        float[] rows = new float[count * LAYOUT.size()];
        for (int i = 0; i < count; i++) {
            write(fromTag + i, rows, i * LAYOUT.size());
        }
        return rows;
    }

    private static void write(int tag, float[] rows, int start) {
        for (int k = 0; k < 3; k++) {
            rows[start + k] = tag + k / 8f;
            rows[start + LAYOUT.nextObservation() + k] = tag + 0.5f + k / 8f;
        }
        rows[start + LAYOUT.action()] = -tag;
        rows[start + LAYOUT.action() + 1] = -tag - 0.25f;
        rows[start + LAYOUT.reward()] = tag;
        rows[start + LAYOUT.terminal()] = tag % 7 == 0 ? 1 : 0;
    }

    /** The tags of a batch, whose rows must be whole. */
    static int[] tags(TransitionBatch batch) {
        int[] tags = new int[batch.rows()];
        float[] expected = new float[LAYOUT.size()];
        float[] row = new float[LAYOUT.size()];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = (int) batch.rewards()[i];
            write(tags[i], expected, 0);
            System.arraycopy(batch.observations(), i * 3, row, 0, 3);
            System.arraycopy(batch.actions(), i * 2, row, LAYOUT.action(), 2);
            row[LAYOUT.reward()] = batch.rewards()[i];
            System.arraycopy(batch.nextObservations(), i * 3, row, LAYOUT.nextObservation(), 3);
            row[LAYOUT.terminal()] = batch.terminals()[i];
            assertThat(row).isEqualTo(expected);
        }
        return tags;
    }

    /** Rows of a dataset with the tags from one to the next, all with a next observation. */
    static Transitions transitions(int fromTag, int count) {
        Transitions rows = Transitions.allocate(count, 3, 2);
        float[] packed = packed(fromTag, count);
        for (int i = 0; i < count; i++) {
            int start = i * LAYOUT.size();
            System.arraycopy(packed, start, rows.observations(), i * 3, 3);
            System.arraycopy(packed, start + LAYOUT.action(), rows.actions(), i * 2, 2);
            rows.rewards()[i] = packed[start + LAYOUT.reward()];
            System.arraycopy(packed, start + LAYOUT.nextObservation(), rows.nextObservations(), i * 3, 3);
            rows.hasNextObservation()[i] = true;
            rows.terminals()[i] = packed[start + LAYOUT.terminal()] == 1;
        }
        return rows;
    }

    static DatasetBuffer dataset(int rows) {
        return DatasetBuffer.of(transitions(0, rows));
    }
}

package io.github.mopospark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricSinksTest {
    private static final EpochMetrics EPOCH = new EpochMetrics(1, Map.of(Metric.ACTOR_LOSS, 1.0));
    private static final List<MemberEpoch> MEMBERS = List.of(new MemberEpoch(0, 1, 1, 1));

    /** Notes its calls, and fails if told to. */
    private static final class NotingSink implements MetricSink {
        private final List<String> calls = new ArrayList<>();
        private Exception failure;

        private void note(String call) throws IOException {
            calls.add(call);
            if (failure instanceof IOException e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
        }

        @Override
        public void epochDone(EpochMetrics metrics) throws IOException {
            note("epoch " + metrics.epoch());
        }

        @Override
        public void membersTrained(List<MemberEpoch> epochs) throws IOException {
            note("members " + epochs.size());
        }

        @Override
        public void runDone() throws IOException {
            note("done");
        }

        @Override
        public void close() throws IOException {
            note("close");
        }
    }

    private final NotingSink record = new NotingSink();
    private final NotingSink first = new NotingSink();
    private final NotingSink second = new NotingSink();
    private final MetricSinks sinks = new MetricSinks(record, List.of(first, second));

    @Test
    void tellsAllSinksAll() throws IOException {
        sinks.membersTrained(MEMBERS);
        sinks.epochDone(EPOCH);
        sinks.runDone();
        sinks.close();

        for (NotingSink sink : List.of(record, first, second)) {
            assertThat(sink.calls).containsExactly("members 1", "epoch 1", "done", "close");
        }
        assertThat(sinks.failures()).isEmpty();
    }

    @Test
    void goesOnWithoutASinkThatFails() throws IOException {
        first.failure = new IOException("disk full");
        sinks.epochDone(EPOCH);
        sinks.epochDone(EPOCH);
        second.failure = new IllegalStateException("no server");
        sinks.membersTrained(MEMBERS);
        sinks.close();

        assertThat(first.calls).containsExactly("epoch 1", "close");
        assertThat(second.calls).containsExactly("epoch 1", "epoch 1", "members 1", "close");
        assertThat(record.calls).containsExactly("epoch 1", "epoch 1", "members 1", "close");
        assertThat(sinks.failures()).hasSize(2);
        assertThat(sinks.failures().get(0)).contains("NotingSink", "disk full");
    }

    @Test
    void failsWithTheRunsOwnRecord() throws IOException {
        record.failure = new IOException("disk full");

        assertThatThrownBy(() -> sinks.epochDone(EPOCH)).hasMessage("disk full");
        assertThatThrownBy(() -> sinks.membersTrained(MEMBERS)).hasMessage("disk full");
        assertThatThrownBy(sinks::close).hasMessage("disk full");
        assertThat(first.calls).containsExactly("close");
    }
}

package io.github.mopospark.metrics;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several sinks as one: the first is the run's own record, and if it fails the run does. Another that fails is logged once and
 * gets nothing any more; the run goes on.
 */
public final class MetricSinks implements MetricSink {
    private static final Logger LOG = LoggerFactory.getLogger(MetricSinks.class);

    private final MetricSink record;
    private final List<MetricSink> others;
    private final List<String> failures = new ArrayList<>();

    /** What all sinks are told. */
    private interface Call {
        void on(MetricSink sink) throws IOException;
    }

    /**
     * Sinks of a run.
     *
     * @param record must not fail
     * @param others may fail
     */
    public MetricSinks(MetricSink record, List<? extends MetricSink> others) {
        this.record = Objects.requireNonNull(record, "record");
        this.others = new ArrayList<>(others);
    }

    /**
     * What failed and was given up.
     *
     * @return a sentence for each such sink
     */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void epochDone(EpochMetrics metrics) throws IOException {
        record.epochDone(metrics);
        tellOthers(sink -> sink.epochDone(metrics));
    }

    @Override
    public void membersTrained(List<MemberEpoch> epochs) throws IOException {
        record.membersTrained(epochs);
        tellOthers(sink -> sink.membersTrained(epochs));
    }

    @Override
    public void runDone() throws IOException {
        record.runDone();
        tellOthers(MetricSink::runDone);
    }

    @Override
    public void close() throws IOException {
        try {
            tellOthers(MetricSink::close);
        } finally {
            record.close();
        }
    }

    private void tellOthers(Call call) {
        others.removeIf(sink -> {
            try {
                call.on(sink);
                return false;
            } catch (IOException | RuntimeException e) {
                giveUp(sink, e);
                return true;
            }
        });
    }

    private void giveUp(MetricSink sink, Exception cause) {
        String failure =
                "%s failed and gets no more metrics; the run goes on without it: %s".formatted(name(sink), cause);
        failures.add(failure);
        LOG.warn(failure, cause);
        try {
            sink.close();
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} cannot be closed", name(sink), e);
        }
    }

    private static String name(MetricSink sink) {
        return sink.getClass().getSimpleName();
    }
}

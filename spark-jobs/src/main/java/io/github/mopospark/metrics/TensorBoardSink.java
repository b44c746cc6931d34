package io.github.mopospark.metrics;

import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/**
 * Writes event files for TensorBoard: a folder {@code policy}, and one for each member under {@code ensemble}, so that
 * TensorBoard draws the members into one picture. A folder gets a new file whenever a run starts or goes on; the file's first
 * event tells TensorBoard to drop what former files say of epochs behind the checkpoint.
 */
public final class TensorBoardSink implements MetricSink {
    private final Storage storage;
    private final Path folder;
    private final Clock clock;
    private final RunPosition position;
    private final Map<Path, EventFile> files = new LinkedHashMap<>();

    /**
     * Event files of a run; they come into being with their first event.
     *
     * @param storage writes them
     * @param folder TensorBoard's {@code --logdir}
     * @param clock the time of events
     * @param position how far the run is
     */
    public TensorBoardSink(Storage storage, Path folder, Clock clock, RunPosition position) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.folder = Objects.requireNonNull(folder, "folder");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.position = Objects.requireNonNull(position, "position");
    }

    @Override
    public void epochDone(EpochMetrics metrics) throws IOException {
        Map<String, Double> scalars = new LinkedHashMap<>();
        metrics.values().forEach((metric, value) -> scalars.put(metric.tag(), value));
        if (!scalars.isEmpty()) {
            EventFile file = file(new Path(folder, "policy"), position.policyEpoch());
            file.add(metrics.epoch(), scalars);
            file.flush();
        }
    }

    @Override
    public void membersTrained(List<MemberEpoch> epochs) throws IOException {
        for (MemberEpoch epoch : epochs) {
            Map<String, Double> scalars = new LinkedHashMap<>();
            if (!Double.isNaN(epoch.loss())) {
                scalars.put("ensemble/loss", epoch.loss());
            }
            scalars.put("ensemble/holdout_error", epoch.holdoutError());
            member(epoch.member()).add(epoch.epoch(), scalars);
        }
        for (int member :
                epochs.stream().mapToInt(MemberEpoch::member).distinct().toArray()) {
            member(member).flush();
        }
    }

    private EventFile member(int member) throws IOException {
        return file(new Path(folder, "ensemble/member-" + member), position.ensembleEpoch());
    }

    private EventFile file(Path of, int lastEpoch) throws IOException {
        EventFile file = files.get(of);
        if (file == null) {
            file = EventFile.create(storage, of, clock, lastEpoch + 1L);
            files.put(of, file);
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (EventFile file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        files.clear();
        if (failure != null) {
            throw failure;
        }
    }
}

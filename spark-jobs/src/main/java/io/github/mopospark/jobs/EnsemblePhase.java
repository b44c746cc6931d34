package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberCheckpoint;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.metrics.MemberEpoch;
import io.github.mopospark.metrics.MetricSink;
import io.github.mopospark.reports.Numbers;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.Snapshots;
import io.github.mopospark.tasks.Tasks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The part of a run in which the ensemble is trained: saves members after each block and goes on from there. */
final class EnsemblePhase {
    private final RunConfig config;
    private final RunFolder folder;
    private final MemberTrainer trainer;
    private final MetricSink metrics;
    private final RunConsole console;

    /** The loss of each epoch of each member, as tasks told it. */
    private final Map<List<Integer>, Double> losses = new HashMap<>();
    /** How many epochs of each member are in the metrics. */
    private final Map<Integer, Integer> told = new HashMap<>();

    private final int[] reached;
    private final double[] lowest;
    private volatile String progress = "ensemble: the first epochs";

    EnsemblePhase(RunConfig config, RunFolder folder, MemberTrainer trainer, MetricSink metrics, RunConsole console) {
        this.config = Objects.requireNonNull(config, "config");
        this.folder = Objects.requireNonNull(folder, "folder");
        this.trainer = Objects.requireNonNull(trainer, "trainer");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.console = Objects.requireNonNull(console, "console");
        reached = new int[config.ensemble().config().members()];
        lowest = new double[reached.length];
    }

    /**
     * Trains the ensemble, from the last block on if there is one, and saves it.
     *
     * @param checksum the dataset's
     * @return the trained ensemble
     */
    Ensemble train(String checksum) throws IOException {
        Snapshots snapshots = folder.members();
        List<MemberState> start = saved(snapshots);
        if (start.isEmpty()) {
            start = trainer.start();
        }
        for (MemberState member : start) {
            told.put(member.member(), member.epoch());
            reached[member.member()] = member.epoch();
            lowest[member.member()] = member.bestError();
        }
        long from = System.nanoTime();
        int firstEpoch = epochs(start);
        List<MemberState> members;
        Progress shown = console.progress(() -> progress);
        try {
            members = trainer.train(
                    start,
                    (member, epoch, loss, error) -> {
                        losses.put(List.of(member, epoch), loss);
                        showProgress(member, epoch, error, firstEpoch, from);
                    },
                    trained -> afterBlock(snapshots, trained, from));
        } finally {
            shown.close();
        }
        tellMetrics(members);
        Ensemble ensemble = EnsembleTraining.ensemble(
                members, config.ensemble().config(), trainer.inputs(), Tasks.named(config.task()), checksum);
        folder.ensemble().write(ensemble);
        folder.keepSeconds("ensemble", (System.nanoTime() - from) / 1e9);
        snapshots.clear();
        return ensemble;
    }

    private static int epochs(List<MemberState> members) {
        return members.stream().mapToInt(MemberState::epoch).sum();
    }

    private List<MemberState> saved(Snapshots snapshots) throws IOException {
        List<MemberState> members = new ArrayList<>();
        Optional<Snapshots.Snapshot> latest = snapshots.latest();
        if (latest.isPresent()) {
            for (int member = 0; member < config.ensemble().config().members(); member++) {
                String name = name(member);
                members.add(MemberCheckpoint.read(
                        new ByteArrayInputStream(snapshots.read(latest.get(), name)),
                        snapshots.path(latest.get(), name)));
            }
        }
        return members;
    }

    private static String name(int member) {
        return "member-%d.npz".formatted(member);
    }

    private void afterBlock(Snapshots snapshots, List<MemberState> members, long from) {
        try {
            // Before the snapshot: what is told after it would be lost with this JVM.
            tellMetrics(members);
            Map<String, Snapshots.Content> files = new TreeMap<>();
            for (MemberState member : members) {
                files.put(name(member.member()), out -> MemberCheckpoint.write(out, member));
            }
            int epoch = members.stream().mapToInt(MemberState::epoch).max().orElse(0);
            snapshots.write(epoch, files, Set.of());
            folder.keepSeconds("ensemble", (System.nanoTime() - from) / 1e9);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only epochs that count: members may have gone further before all were stopped. */
    private void tellMetrics(List<MemberState> members) throws IOException {
        List<MemberEpoch> rows = new ArrayList<>();
        for (MemberState member : members) {
            for (int epoch = told.get(member.member()) + 1; epoch <= member.epoch(); epoch++) {
                double loss = losses.getOrDefault(List.of(member.member(), epoch), Double.NaN);
                rows.add(new MemberEpoch(member.member(), epoch, loss, member.curve()[epoch - 1]));
            }
            told.put(member.member(), member.epoch());
        }
        metrics.membersTrained(rows);
    }

    /** Each member's epoch, and the mean of the lowest errors that the elites would have now. */
    private void showProgress(int member, int epoch, double error, int firstEpoch, long from) {
        reached[member] = epoch;
        lowest[member] = Math.min(lowest[member], error);
        int most = config.ensemble().config().maxEpochs();
        int done = Arrays.stream(reached).sum();
        double perEpoch = (System.nanoTime() - from) / 1e9 / Math.max(1, done - firstEpoch);
        progress = String.format(
                Locale.ROOT,
                "ensemble: epochs %s of at most %d, holdout error %.5f, %.2f s an epoch of a member, at most %s left",
                Arrays.toString(reached),
                most,
                Arrays.stream(lowest)
                        .sorted()
                        .limit(config.ensemble().config().elites())
                        .average()
                        .orElse(Double.NaN),
                perEpoch,
                Numbers.duration((most * reached.length - done) * perEpoch));
    }
}

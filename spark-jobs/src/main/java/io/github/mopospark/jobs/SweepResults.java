package io.github.mopospark.jobs;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.SweepConfig;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.RunMetrics;
import io.github.mopospark.reports.SweepReport;
import io.github.mopospark.reports.SweepSummary;
import io.github.mopospark.runs.RunFolder;
import io.github.mopospark.runs.SweepFolder;
import io.github.mopospark.runs.SweepJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a sweep has come to so far, as a table for programs and a report for people. */
final class SweepResults {
    /** What a report shows for itself, or what says where things are. */
    private static final Set<String> SHOWN =
            Set.of("task", "data", "seed", "rollout.length", "rollout.penalty-coefficient");

    private static final List<String> COLUMNS = List.of(
            "trial",
            "status",
            "task",
            "dataset",
            "rollout_length",
            "penalty_coefficient",
            "seed",
            "epochs",
            "asked_epochs",
            "measure",
            "last",
            "mean_of_last_" + Evaluations.AVERAGED,
            "best",
            "best_epoch",
            Metric.FITTED_Q_VALUE.column(),
            Metric.PENALISED_MODEL_RETURN.column(),
            Metric.MODEL_PENALTY.column());

    private static final Logger LOG = LoggerFactory.getLogger(SweepResults.class);

    private final SweepConfig sweep;
    private final SweepFolder folder;
    private final String command;
    private final Map<String, String> datasets = new LinkedHashMap<>();
    private final Map<Trial, Map<String, String>> otherSettings = new HashMap<>();

    SweepResults(SweepConfig sweep, SweepFolder folder, String command) {
        this.sweep = Objects.requireNonNull(sweep, "sweep");
        this.folder = Objects.requireNonNull(folder, "folder");
        this.command = Objects.requireNonNull(command, "command");
        sweep.trials().stream()
                .collect(Collectors.groupingBy(
                        trial -> List.of(trial.config().task(), trial.config().data())))
                .values()
                .forEach(this::compare);
    }

    /** Finds the keys in which the trials of a dataset differ, besides those that are shown anyway. */
    private void compare(List<Trial> trials) {
        List<Map<String, Object>> settings =
                trials.stream().map(trial -> trial.config().settings()).toList();
        List<String> differing = settings.get(0).keySet().stream()
                .filter(key -> !SHOWN.contains(key))
                .filter(key ->
                        settings.stream().map(of -> of.get(key)).distinct().count() > 1)
                .toList();
        for (int i = 0; i < trials.size(); i++) {
            Map<String, String> others = new LinkedHashMap<>();
            for (String key : differing) {
                others.put(key, String.valueOf(settings.get(i).get(key)));
            }
            otherSettings.put(trials.get(i), others);
        }
    }

    /**
     * Writes table and report into the sweep's folder.
     *
     * @param journal how far the trials are
     * @throws IOException if something cannot be read or written
     */
    void write(SweepJournal journal) throws IOException {
        SweepSummary summary = summary(journal);
        StringBuilder table = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (SweepSummary.Trial trial : summary.trials()) {
            table.append(row(trial)).append('\n');
        }
        Storage storage = folder.storage();
        storage.replace(folder.table(), table.toString().getBytes(StandardCharsets.UTF_8));
        storage.replace(folder.report(), SweepReport.of(summary).getBytes(StandardCharsets.UTF_8));
    }

    private SweepSummary summary(SweepJournal journal) throws IOException {
        List<SweepSummary.Trial> trials = new ArrayList<>();
        for (Trial trial : sweep.trials()) {
            RunConfig config = trial.config();
            trials.add(new SweepSummary.Trial(
                    journal.of(trial.name()),
                    config.task(),
                    dataset(config.data()),
                    config.rollout().config().length(),
                    config.rollout().config().penaltyCoefficient(),
                    config.seed(),
                    otherSettings.get(trial),
                    config.learner().epochs(),
                    metrics(trial),
                    "trials/" + trial.name() + "/report.html"));
        }
        return new SweepSummary(folder.path().toString(), trials, command);
    }

    /** What a dataset is called: of two with the same name where they are. */
    private String dataset(String data) {
        for (Trial trial : sweep.trials()) {
            datasets.computeIfAbsent(trial.config().data(), this::name);
        }
        String name = datasets.get(data);
        boolean isOne =
                datasets.values().stream().filter(other -> other.equals(name)).count() == 1;
        return isOne ? name : data;
    }

    /** After what it was made of, if it was; after its path if it cannot be looked at. */
    private String name(String data) {
        try {
            Path path = new Path(data);
            if (folder.storage().of(path).getFileStatus(path).isDirectory()) {
                DatasetFolder made = new DatasetFolder(folder.storage(), path);
                return new TrainingDataset(made, made.open()).name();
            }
            return TrainingDataset.stem(data);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{} cannot be looked at for its name", data, e);
            return data.replaceFirst(".*/", "").replaceFirst("\\.[^.]*$", "");
        }
    }

    /** What was measured with a trial's settings, if anything was. */
    private RunMetrics metrics(Trial trial) throws IOException {
        RunFolder run = folder.trial(trial.name());
        return run.isOf(trial.config())
                ? RunMetrics.read(folder.storage(), run.path())
                : new RunMetrics(List.of(), List.of());
    }

    private static String row(SweepSummary.Trial trial) {
        List<EpochMetrics> epochs = trial.metrics().epochs();
        Evaluations evaluations = Evaluations.of(epochs);
        Optional<EpochMetrics> best = evaluations.best();
        Optional<EpochMetrics> end = epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
        List<String> cells = new ArrayList<>(List.of(
                quoted(trial.entry().name()),
                trial.entry().status().word(),
                trial.task(),
                quoted(trial.dataset()),
                Integer.toString(trial.length()),
                Double.toString(trial.penaltyCoefficient()),
                Long.toString(trial.seed()),
                end.map(epoch -> Integer.toString(epoch.epoch())).orElse("0"),
                Integer.toString(trial.epochs()),
                evaluations.measure().column(),
                number(evaluations.last().map(epoch -> epoch.get(evaluations.measure()))),
                number(Optional.of(evaluations.meanOfLast())),
                number(best.map(epoch -> epoch.get(evaluations.measure()))),
                best.map(epoch -> Integer.toString(epoch.epoch())).orElse("")));
        for (Metric metric : List.of(Metric.FITTED_Q_VALUE, Metric.PENALISED_MODEL_RETURN, Metric.MODEL_PENALTY)) {
            cells.add(number(end.map(epoch -> epoch.get(metric))));
        }
        return String.join(",", cells);
    }

    /** Empty for what was not measured. */
    private static String number(Optional<Double> value) {
        return value.filter(number -> !number.isNaN()).map(String::valueOf).orElse("");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\"\"") + "\"";
    }
}

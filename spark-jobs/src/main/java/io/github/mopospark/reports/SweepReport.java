package io.github.mopospark.reports;

import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.reports.Line.Stroke;
import io.github.mopospark.reports.ReportPage.Cell;
import io.github.mopospark.reports.ReportPage.Heading;
import io.github.mopospark.runs.SweepJournal;
import io.github.mopospark.runs.SweepJournal.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The report of a sweep, also of one that is under way. The same summary gives the same bytes. */
public final class SweepReport {
    private static final String NOT_MEASURED = "-";
    private static final int MOST_NAMED = 2;
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?");

    private final SweepSummary summary;
    private final List<SweepDataset> datasets;
    private final ReportPage page;
    private int charts;

    private SweepReport(SweepSummary summary) {
        this.summary = summary;
        this.datasets = SweepDataset.of(summary);
        this.page = new ReportPage("Sweep report", title(), summary.sweep(), true);
    }

    /**
     * Writes the report.
     *
     * @param summary of the sweep
     * @return the HTML document
     */
    public static String of(SweepSummary summary) {
        return new SweepReport(summary).write();
    }

    private String title() {
        String trials = Numbers.counted(summary.trials().size(), "trial", "trials");
        return !datasets.isEmpty() && datasets.size() <= MOST_NAMED
                ? trials + " on " + datasets.stream().map(SweepDataset::name).collect(Collectors.joining(" and "))
                : trials + " on " + datasets.size() + " datasets";
    }

    private String write() {
        page.facts(facts());
        if (datasets.size() > 1) {
            contents();
        }
        for (int i = 0; i < datasets.size(); i++) {
            SweepDataset dataset = datasets.get(i);
            page.section(id(i), dataset.name(), () -> dataset(dataset));
        }
        page.section("offline", "Choice without the simulator", this::offline);
        page.section("trials", "All trials", this::trials);
        page.section("Failures", this::failures);
        page.section("The same sweep again", () -> page.preformatted(summary.command()));
        return page.finish();
    }

    private static String id(int dataset) {
        return "dataset-" + (dataset + 1);
    }

    private void contents() {
        Map<String, String> links = new LinkedHashMap<>();
        for (int i = 0; i < datasets.size(); i++) {
            links.put(id(i), datasets.get(i).name());
        }
        links.put("offline", "Choice without the simulator");
        links.put("trials", "All trials");
        page.contents(links);
    }

    private List<Fact> facts() {
        Map<Status, Long> counts = summary.trials().stream()
                .collect(Collectors.groupingBy(trial -> trial.entry().status(), Collectors.counting()));
        List<String> others = new ArrayList<>();
        for (Status status : List.of(Status.RUNNING, Status.WAITING, Status.FAILED, Status.STOPPED)) {
            if (counts.containsKey(status)) {
                others.add(Numbers.count(counts.get(status)) + " " + status.word());
            }
        }
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "Trials done",
                Numbers.count(counts.getOrDefault(Status.DONE, 0L)) + " of "
                        + Numbers.count(summary.trials().size()),
                String.join(", ", others)));
        facts.add(new Fact("Datasets", Numbers.count(datasets.size()), ""));
        for (SweepDataset dataset : datasets) {
            facts.add(best(dataset));
        }
        return facts;
    }

    private static Fact best(SweepDataset dataset) {
        String name = "Best cell, " + dataset.name();
        return dataset.best()
                .map(cell -> new Fact(
                        name,
                        HeatMap.text(cell.result().orElseThrow()),
                        "%s; %s of %s at epoch %s"
                                .formatted(
                                        cell.settings(),
                                        dataset.measureWord(),
                                        seeds(cell),
                                        Numbers.count(dataset.epoch()))))
                .orElseGet(() -> new Fact(
                        name,
                        "none",
                        dataset.ranked().isEmpty() ? "no trial is ranked" : "a seed of each cell has failed"));
    }

    /** How many seeds of a cell were compared, and how many it has where these are more. */
    private static String seeds(SweepCell cell) {
        int compared = cell.result().map(Spread::count).orElse(0);
        int all = cell.trials().size();
        return compared == all
                ? Numbers.counted(all, "seed", "seeds")
                : "%d of %s".formatted(compared, Numbers.counted(all, "seed", "seeds"));
    }

    private void dataset(SweepDataset dataset) {
        page.paragraph(comparison(dataset));
        HeatMap map = new HeatMap(dataset);
        String name = "Mean %s by h and lambda".formatted(dataset.measureWord());
        if (dataset.combinations().stream().allMatch(HeatMap::isGrid)) {
            for (List<SweepCell> cells : dataset.combinations()) {
                String others = cells.get(0).settings().othersText();
                String caption = others.isEmpty() ? name : name + ", with " + others;
                page.drawnTable(caption, markup -> map.grid(markup, caption, cells));
            }
        } else {
            String caption = "Mean %s by settings".formatted(dataset.measureWord());
            page.drawnTable(caption, markup -> map.list(markup, caption, dataset.cells()));
        }
        if (map.hasLegend()) {
            page.draw(map.legend());
        }
        notRanked(dataset);
        PaperResult.of(dataset.task(), dataset.dataset()).ifPresent(paper -> paper(dataset, paper));
        curves(dataset);
    }

    /** What is compared, and when. */
    private static String comparison(SweepDataset dataset) {
        String measure = dataset.measure() == Metric.SCORE_MEAN
                ? "The score is D4RL's: 0 is the mean return of a random policy, 100 that of the expert."
                : "The task has no score; the return is the sum of an episode's rewards.";
        if (dataset.ranked().isEmpty()) {
            return measure + " None of its trials is ranked.";
        }
        String behind = dataset.behind().isEmpty()
                ? ""
                : " (%s got no further)"
                        .formatted(
                                dataset.behind().size() == 1
                                        ? dataset.behind().get(0).name()
                                        : Numbers.count(dataset.behind().size()) + " of them");
        boolean goesOn = dataset.cells().stream().anyMatch(cell -> cell.soFar().isPresent());
        return ("%s A trial's result is the mean of its last %s that all compared trials have, a cell's the mean over its seeds ±"
                        + " their standard deviation. %s compared at epoch %s, the latest after which all of these were evaluated%s.%s")
                .formatted(
                        measure,
                        Numbers.counted(dataset.averaged(), "evaluation", "evaluations"),
                        dataset.ranked().size() == 1
                                ? "One trial is"
                                : Numbers.count(dataset.ranked().size()) + " trials are",
                        Numbers.count(dataset.epoch()),
                        behind,
                        goesOn ? " What counts neither for ranks nor for colours stands in a cell as “so far”." : "");
    }

    private void notRanked(SweepDataset dataset) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (SweepTrial trial : dataset.trials()) {
            if (!dataset.isRanked(trial)) {
                reasons.computeIfAbsent(dataset.whyNotRanked(trial), why -> new ArrayList<>())
                        .add(trial.name());
            }
        }
        if (!reasons.isEmpty()) {
            List<String> sentences = new ArrayList<>();
            reasons.forEach(
                    (why, names) -> sentences.add("Not ranked, %s: %s.".formatted(why, String.join(", ", names))));
            page.list(sentences);
        }
    }

    private void paper(SweepDataset dataset, PaperResult paper) {
        if (!dataset.ranked().isEmpty() && dataset.measure() != paper.measure()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        CellSettings settings = new CellSettings(paper.length(), paper.penaltyCoefficient(), Map.of());
        rows.add(row("paper: MOPO", paper.mopo().toString(), settings));
        paper.mbpo()
                .ifPresent(mbpo -> rows.add(
                        List.of("paper: MBPO, without a penalty", mbpo.toString(), NOT_MEASURED, NOT_MEASURED)));
        rows.addAll(here(dataset, "here: the paper's h and lambda", settings));
        paper.authorsSettings()
                .ifPresent(authors -> rows.addAll(here(dataset, "here: those of the authors' code", authors)));
        dataset.best()
                .ifPresent(best -> rows.add(
                        row("here: best cell", HeatMap.text(best.result().orElseThrow()), best.settings())));
        page.table(
                "Beside the paper",
                List.of(
                        Heading.text(""),
                        Heading.number(dataset.measureWord()),
                        Heading.number("h"),
                        Heading.number("lambda")),
                rows);
        String data = paper.dataset().isEmpty()
                ? "data that the paper collected for this task itself"
                : "D4RL's data of version v0, where medium-replay is called mixed";
        page.note(
                "The paper (Yu et al. 2020, arXiv 2005.13239) took %s, an older MuJoCo, and 500 to 3,000 epochs; its figures are means of 6 seeds after"
                                .formatted(data)
                        + " the last epoch. What is measured here is not quite the same, and an epoch of this sweep may be shorter.");
    }

    /** What the sweep has of some h and lambda. */
    private static List<List<String>> here(SweepDataset dataset, String name, CellSettings settings) {
        List<List<String>> rows = new ArrayList<>();
        for (SweepCell cell : dataset.cells()) {
            if (cell.settings().length() == settings.length()
                    && cell.settings().penaltyCoefficient() == settings.penaltyCoefficient()) {
                String others = cell.settings().othersText();
                rows.add(row(
                        others.isEmpty() ? name : name + ", with " + others,
                        cell.result().map(HeatMap::text).orElse("not ranked"),
                        settings));
            }
        }
        return rows.isEmpty() ? List.of(row(name, "not tried", settings)) : rows;
    }

    private static List<String> row(String name, String result, CellSettings settings) {
        return List.of(name, result, settings.lengthText(), settings.penaltyText());
    }

    private void curves(SweepDataset dataset) {
        Map<SweepCell, List<Line>> lines = new LinkedHashMap<>();
        for (SweepCell cell : dataset.cells()) {
            lines.put(cell, lines(cell));
        }
        List<Line> all = lines.values().stream().flatMap(List::stream).toList();
        LineChart.Frame.around(all).ifPresent(frame -> {
            page.heading("Learning curves");
            page.smallFigures(() -> lines.forEach((cell, seeds) -> {
                String title = cell.settings().toString();
                charts++;
                LineChart chart = new LineChart("curves-" + charts, title, seeds, frame);
                page.figure(title, chart.isEmpty() ? "Not evaluated yet." : "", markup -> {
                    if (!chart.isEmpty()) {
                        chart.draw(markup);
                    }
                });
            }));
            page.note("The %s of each evaluation, a line a seed; all charts of the dataset have the same axes."
                    .formatted(dataset.measureWord()));
        });
    }

    private static List<Line> lines(SweepCell cell) {
        Stroke[] strokes = {Stroke.FIRST, Stroke.SECOND, Stroke.THIRD, Stroke.FOURTH, Stroke.FIFTH};
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < cell.trials().size(); i++) {
            SweepTrial trial = cell.trials().get(i);
            String seed = Long.toString(trial.trial().seed());
            lines.add(Line.of(
                    "seed",
                    seed,
                    strokes[i % strokes.length],
                    trial.evaluations().epochs(),
                    trial.evaluations().measure()));
        }
        return lines;
    }

    private void offline() {
        page.paragraph(
                "Without an environment there is no score to choose by. What the dataset and the model alone tell of the last"
                        + " policy of each trial:");
        Map<String, String> explanations = new LinkedHashMap<>();
        for (OfflineFigure figure : OfflineFigure.values()) {
            explanations.put(figure.words(), figure.explanation());
        }
        page.properties(explanations);
        page.paragraph(
                "Where trials were evaluated too, their true result stands beside: the mean of the last %d evaluations."
                                .formatted(Evaluations.AVERAGED)
                        + " The rank correlation (Spearman's) is 1 where a figure orders the trials as their result does, 0 where the two have"
                        + " nothing to do with each other, and -1 where the order is reversed. It is not given for fewer than three trials,"
                        + " nor where all are equal.");
        boolean isMeasured = false;
        for (SweepDataset dataset : datasets) {
            OfflineChoice choice = new OfflineChoice(dataset);
            if (!choice.trials().isEmpty()) {
                isMeasured = true;
                offline(dataset, choice);
            }
        }
        if (!isMeasured) {
            page.paragraph("None of these was measured in this sweep yet: they are of the last epoch of a trial.");
        }
    }

    private void offline(SweepDataset dataset, OfflineChoice choice) {
        page.heading(dataset.name());
        List<OfflineChoice.Choice> choices = choice.choices();
        if (choices.isEmpty()) {
            page.paragraph("No trial has a %s, so nothing tells how far the figures are to be trusted here."
                    .formatted(dataset.measureWord()));
        } else {
            choices(dataset, choices);
        }
        List<Heading> headings = new ArrayList<>(List.of(Heading.text("trial"), Heading.number(dataset.measureWord())));
        Map<OfflineFigure, Map<SweepTrial, Double>> ranks = new EnumMap<>(OfflineFigure.class);
        for (OfflineFigure figure : OfflineFigure.values()) {
            headings.add(Heading.number(figure.words()));
            headings.add(Heading.number("rank"));
            ranks.put(figure, choice.ranks(figure));
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (SweepTrial trial : choice.trials()) {
            List<Cell> row = new ArrayList<>(
                    List.of(new Cell(trial.name(), trial.link()), Cell.of(Numbers.orDash(choice.result(trial), 1))));
            for (OfflineFigure figure : OfflineFigure.values()) {
                row.add(Cell.of(figure.text(trial)));
                row.add(Cell.of(rank(ranks.get(figure).get(trial))));
            }
            rows.add(row);
        }
        page.sortableTable(
                "Policies of epoch %s of %s".formatted(Numbers.count(choice.epoch()), dataset.name()), headings, rows);
        if (!choice.others().isEmpty()) {
            page.paragraph("Not ranked, because their policies are of another epoch: %s."
                    .formatted(choice.others().stream()
                            .map(trial -> "%s (%s)".formatted(trial.name(), Numbers.count(trial.reached())))
                            .collect(Collectors.joining(", "))));
        }
    }

    private static String rank(Double rank) {
        if (rank == null) {
            return NOT_MEASURED;
        }
        return Numbers.fixed(rank, rank == Math.rint(rank) ? 0 : 1);
    }

    private void choices(SweepDataset dataset, List<OfflineChoice.Choice> choices) {
        List<List<Cell>> rows = new ArrayList<>();
        for (OfflineChoice.Choice choice : choices) {
            rows.add(List.of(
                    Cell.of(choice.figure().words()),
                    Cell.of(
                            choice.correlation().isPresent()
                                    ? Numbers.fixed(choice.correlation().getAsDouble(), 2)
                                    : NOT_MEASURED),
                    Cell.of(Numbers.count(choice.trials())),
                    Cell.of(Numbers.orDash(choice.result(), 1)),
                    Cell.of(Numbers.orDash(choice.best(), 1)),
                    Cell.of(Numbers.orDash(choice.mean(), 1)),
                    new Cell(choice.chosen().name(), choice.chosen().link())));
        }
        String measure = dataset.measureWord();
        page.linkedTable(
                "What choosing by each figure would have given",
                List.of(
                        Heading.text("figure"),
                        Heading.number("rank correlation"),
                        Heading.number("trials"),
                        Heading.number(measure + " of the chosen"),
                        Heading.number("of the best"),
                        Heading.number("mean of all"),
                        Heading.text("chosen")),
                rows);
    }

    private void trials() {
        List<String> otherKeys = datasets.stream()
                .flatMap(dataset -> dataset.otherKeys().stream())
                .distinct()
                .sorted()
                .toList();
        List<Heading> headings = new ArrayList<>(List.of(
                Heading.text("trial"), Heading.text("status"), Heading.number("epochs"), Heading.number("rank")));
        for (String column : List.of("last", "mean of %d".formatted(Evaluations.AVERAGED), "best")) {
            headings.add(Heading.number(column));
        }
        for (OfflineFigure figure : OfflineFigure.values()) {
            headings.add(Heading.number(figure.words()));
        }
        headings.addAll(List.of(Heading.text("dataset"), Heading.number("h"), Heading.number("lambda")));
        otherKeys.forEach(key -> headings.add(new Heading(key, isNumber(key))));
        headings.addAll(List.of(Heading.number("seed"), Heading.number("attempts")));
        page.paragraph(
                "Ranks are those within a dataset, at the epoch at which its trials are compared; last, mean of the last %d"
                                .formatted(Evaluations.AVERAGED)
                        + " evaluations and best are %s, as far as each trial got.".formatted(measures()));
        Map<Integer, List<Cell>> rows = new TreeMap<>();
        for (SweepDataset dataset : datasets) {
            dataset.trials().forEach(trial -> rows.put(trial.order(), row(dataset, trial, otherKeys)));
        }
        page.sortableTable("Trials", headings, List.copyOf(rows.values()));
    }

    private boolean isNumber(String key) {
        return summary.trials().stream()
                .map(trial -> trial.otherSettings().get(key))
                .allMatch(value -> value == null || NUMBER.matcher(value).matches());
    }

    private String measures() {
        boolean hasScores = datasets.stream().anyMatch(dataset -> dataset.measure() == Metric.SCORE_MEAN);
        boolean hasReturns = datasets.stream().anyMatch(dataset -> dataset.measure() != Metric.SCORE_MEAN);
        if (hasScores && hasReturns) {
            return "scores, or returns where the task has none";
        }
        return hasScores ? "scores" : "returns";
    }

    private static List<Cell> row(SweepDataset dataset, SweepTrial trial, List<String> otherKeys) {
        SweepSummary.Trial of = trial.trial();
        Evaluations evaluations = trial.evaluations();
        Metric measure = evaluations.measure();
        CellSettings settings = CellSettings.of(of, otherKeys);
        List<String> texts = new ArrayList<>(List.of(
                trial.status().word(),
                "%s of %s".formatted(Numbers.count(trial.reached()), Numbers.count(of.epochs())),
                dataset.isRanked(trial) ? Numbers.count(dataset.rank(trial)) : NOT_MEASURED));
        texts.add(score(evaluations.last(), measure));
        texts.add(Numbers.orDash(trial.result(), 1));
        texts.add(score(evaluations.best(), measure));
        for (OfflineFigure figure : OfflineFigure.values()) {
            texts.add(figure.text(trial));
        }
        texts.addAll(List.of(dataset.name(), settings.lengthText(), settings.penaltyText()));
        otherKeys.forEach(key -> texts.add(settings.others().get(key)));
        texts.addAll(List.of(Long.toString(of.seed()), Numbers.count(of.entry().attempts())));
        List<Cell> row = new ArrayList<>(List.of(new Cell(trial.name(), trial.link())));
        texts.forEach(text -> row.add(Cell.of(text)));
        return row;
    }

    private static String score(Optional<EpochMetrics> evaluation, Metric measure) {
        return evaluation.map(epoch -> Numbers.orDash(epoch.get(measure), 1)).orElse(NOT_MEASURED);
    }

    /** Also what a trial has got over. */
    private void failures() {
        Map<Integer, List<Cell>> rows = new TreeMap<>();
        for (SweepDataset dataset : datasets) {
            for (SweepTrial trial : dataset.trials()) {
                SweepJournal.Entry entry = trial.trial().entry();
                if (entry.status() == Status.FAILED || !entry.reason().isEmpty()) {
                    rows.put(
                            trial.order(),
                            List.of(
                                    new Cell(trial.name(), trial.link()),
                                    Cell.of(entry.status().word()),
                                    Cell.of(Numbers.count(entry.attempts())),
                                    Cell.of(Numbers.count(trial.reached())),
                                    Cell.of(entry.reason())));
                }
            }
        }
        if (rows.isEmpty()) {
            page.paragraph("No trial failed.");
            return;
        }
        page.linkedTable(
                "Attempts that failed",
                List.of(
                        Heading.text("trial"),
                        Heading.text("status now"),
                        Heading.number("attempts"),
                        Heading.number("epochs"),
                        Heading.text("why")),
                List.copyOf(rows.values()));
    }
}

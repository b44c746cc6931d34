package io.github.mopospark.reports;

import io.github.mopospark.metrics.EpochMetrics;
import io.github.mopospark.metrics.Evaluations;
import io.github.mopospark.metrics.MemberEpoch;
import io.github.mopospark.metrics.Metric;
import io.github.mopospark.metrics.RecordedPenalties;
import io.github.mopospark.reports.Line.Stroke;
import io.github.mopospark.reports.ReportPage.Heading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report of a run, also of one that is under way. The same summary gives the same bytes. */
public final class TrainingReport {
    private static final String NOT_MEASURED = "-";

    /** A longer text or table is closed until the reader opens it; on paper it is always open. */
    private static final int MOST_OPEN_LINES = 30;

    private final TrainingSummary summary;
    private final List<EpochMetrics> epochs;
    private final Evaluations evaluations;
    private final String measure;
    private final Map<Integer, List<MemberEpoch>> members;
    private final ReportPage page;
    private int charts;

    private TrainingReport(TrainingSummary summary) {
        this.summary = summary;
        this.epochs = summary.metrics().epochs();
        this.evaluations = Evaluations.of(epochs);
        this.measure = evaluations.measure() == Metric.SCORE_MEAN ? "score" : "return";
        this.members = summary.metrics().members().stream()
                .collect(Collectors.groupingBy(MemberEpoch::member, TreeMap::new, Collectors.toList()));
        this.page = new ReportPage("Training report", title(), summary.run());
    }

    /**
     * Writes the report.
     *
     * @param summary of the run
     * @return the HTML document
     */
    public static String of(TrainingSummary summary) {
        return new TrainingReport(summary).write();
    }

    private String title() {
        String result = evaluations
                .last()
                .map(last -> ": " + measure + " " + tenths(last.get(evaluations.measure())))
                .orElse("");
        return summary.task() + " from " + summary.dataset().name() + result;
    }

    private String write() {
        page.facts(facts());
        page.section("Learning curve", this::learningCurve);
        evaluatedOffline().ifPresent(epoch -> page.section("Without a simulator", () -> offline(epoch)));
        page.section("Dynamics model", this::dynamicsModel);
        page.section("Rollouts inside the model", this::rollouts);
        page.section("Updates of the policy", this::updates);
        page.section("Time", this::time);
        page.section("What was tried again", this::retries);
        page.section("Dataset", this::dataset);
        page.section("Configuration and versions", this::configuration);
        return page.finish();
    }

    private static String tenths(double value) {
        return Numbers.fixed(value, 1);
    }

    private static String measured(double value) {
        return Double.isNaN(value) ? NOT_MEASURED : Numbers.measured(value);
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        Metric mean = evaluations.measure();
        Optional<EpochMetrics> last = evaluations.last();
        if (last.isPresent()) {
            double std = last.get().get(evaluations.spread());
            facts.add(new Fact(
                    "Last " + measure,
                    tenths(last.get().get(mean)),
                    "at epoch " + Numbers.count(last.get().epoch())
                            + (Double.isNaN(std) ? "" : ", ± " + tenths(std) + " over its episodes")));
            facts.add(new Fact(
                    "Mean " + measure,
                    tenths(evaluations.meanOfLast()),
                    "of the last " + Numbers.counted(evaluations.averaged(), "evaluation", "evaluations")));
            EpochMetrics best = evaluations.best().orElseThrow();
            facts.add(new Fact(
                    "Best " + measure,
                    tenths(best.get(mean)),
                    "at epoch " + Numbers.count(best.epoch()) + "; chosen afterwards, so too high a guess"));
        } else {
            facts.add(new Fact("Score", "none", "the policy was not evaluated"));
        }
        facts.add(new Fact("Task", summary.task(), ""));
        facts.add(new Fact(
                "Dataset",
                summary.dataset().name(),
                Numbers.counted(summary.dataset().rows(), "row", "rows")));
        EpochMetrics end = epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
        facts.add(new Fact(
                "Epochs",
                Numbers.count(end == null ? 0 : end.epoch()),
                end != null && end.has(Metric.UPDATES)
                        ? Numbers.counted((long) end.get(Metric.UPDATES), "update", "updates")
                        : ""));
        facts.add(new Fact("Time", Numbers.duration(total(phases())), "of all phases"));
        return facts;
    }

    private void learningCurve() {
        if (evaluations.epochs().isEmpty()) {
            page.paragraph("The policy was not evaluated in this run, so nothing is known of how well it does in the"
                    + " environment. An evaluation needs MuJoCo, and an environment of the task.");
            return;
        }
        if (evaluations.measure() == Metric.SCORE_MEAN) {
            page.paragraph("The score is D4RL's: 0 is the mean return of a random policy, 100 that of the expert.");
        } else {
            page.paragraph("The task has no reference returns, so there is no score; the return is the sum of an"
                    + " episode's rewards.");
        }
        page.figures(() -> {
            chart(
                    capitalised(measure) + " in the environment",
                    "The band is one standard deviation over the episodes to each side; the large dot is the best.",
                    false,
                    spreadLine(evaluations.measure(), evaluations.spread())
                            .marking(evaluations.best().orElseThrow().epoch()));
            if (evaluations.measure() == Metric.SCORE_MEAN) {
                chart(
                        "Return in the environment",
                        "The lines are the lowest, the mean and the highest of the episodes.",
                        false,
                        line("highest", Stroke.THIRD, Metric.RETURN_MAX),
                        line("mean", Stroke.FIRST, Metric.RETURN_MEAN),
                        line("lowest", Stroke.SECOND, Metric.RETURN_MIN));
            }
            chart("Length of episodes", "Steps, the mean.", false, single(Metric.EPISODE_LENGTH_MEAN));
        });
        page.details(
                Numbers.counted(evaluations.epochs().size(), "evaluation", "evaluations"),
                evaluations.epochs().size() <= MOST_OPEN_LINES,
                this::evaluationTable);
    }

    private Line spreadLine(Metric mean, Metric std) {
        return Line.of(measure, "", Stroke.FIRST, evaluations.epochs(), mean)
                .withSpread(evaluations.epochs().stream()
                        .mapToDouble(epoch -> epoch.get(std))
                        .toArray());
    }

    private void evaluationTable() {
        Map<String, Metric> columns = new LinkedHashMap<>();
        columns.put("updates", Metric.UPDATES);
        columns.put("score", Metric.SCORE_MEAN);
        columns.put("score std", Metric.SCORE_STD);
        columns.put("return", Metric.RETURN_MEAN);
        columns.put("return std", Metric.RETURN_STD);
        columns.put("lowest", Metric.RETURN_MIN);
        columns.put("highest", Metric.RETURN_MAX);
        columns.put("steps", Metric.EPISODE_LENGTH_MEAN);
        List<Heading> headings = new ArrayList<>(List.of(Heading.number("epoch")));
        columns.keySet().forEach(name -> headings.add(Heading.number(name)));
        List<List<String>> rows = new ArrayList<>();
        for (EpochMetrics epoch : evaluations.epochs()) {
            List<String> row = new ArrayList<>(List.of(Numbers.count(epoch.epoch())));
            columns.values().forEach(metric -> row.add(cell(epoch, metric)));
            rows.add(row);
        }
        page.table("All evaluations", headings, rows);
    }

    private static String cell(EpochMetrics epoch, Metric metric) {
        double value = epoch.get(metric);
        if (Double.isNaN(value)) {
            return NOT_MEASURED;
        }
        return metric == Metric.UPDATES ? Numbers.count((long) value) : Numbers.fixed(value, 2);
    }

    /** The last epoch whose policy was evaluated without a simulator. */
    private Optional<EpochMetrics> evaluatedOffline() {
        return epochs.stream().filter(epoch -> epoch.has(Metric.FITTED_Q_VALUE)).reduce((earlier, later) -> later);
    }

    private void offline(EpochMetrics epoch) {
        page.paragraph("What logged data and the model alone tell of the policy of epoch %s."
                .formatted(Numbers.count(epoch.epoch())));
        List<List<String>> rows = new ArrayList<>();
        for (OfflineFigure figure : OfflineFigure.values()) {
            rows.add(List.of(figure.words(), figure.text(epoch), figure.explanation()));
        }
        page.table(
                "Figures without a simulator",
                List.of(Heading.text("figure"), Heading.number("value"), Heading.text("what it is")),
                rows);
    }

    private void dynamicsModel() {
        members();
        summary.penalties().ifPresent(this::penalties);
    }

    private void penalties(RecordedPenalties penalties) {
        page.table(
                "Penalties of %s, before lambda"
                        .formatted(Numbers.counted(penalties.rows(), "recorded row", "recorded rows")),
                List.of(
                        Heading.number("least"),
                        Heading.number("mean"),
                        Heading.number("greatest"),
                        Heading.number("rank correlation with the model's error")),
                List.of(List.of(
                        measured(penalties.least()),
                        measured(penalties.mean()),
                        measured(penalties.greatest()),
                        Numbers.orDash(penalties.rankCorrelation(), 2))));
        page.paragraph(
                penalties.tellRowsApart()
                        ? "The rank correlation (Spearman's) is 1 where the penalty orders rows as the model's error does, 0 where the two"
                                + " have nothing to do with each other. Most of these rows are those that the model was trained on."
                        : "The penalty is nearly the same for all rows: it cannot tell where the model is wrong, whatever lambda.");
    }

    private void members() {
        if (members.isEmpty()) {
            page.paragraph("No training of members is recorded in this run: their ensemble was trained before.");
            return;
        }
        page.figures(() -> {
            memberChart(
                    "Holdout error of the members",
                    "Mean squared error in raw units, on a logarithmic scale. Numbers are the members'; the dot is the"
                            + " epoch of a member's lowest error, whose weights are kept.",
                    true);
            memberChart("Training loss of the members", "Mean loss of an epoch's updates.", false);
        });
        List<List<String>> rows = new ArrayList<>();
        members.forEach((member, curve) -> {
            MemberEpoch best = best(curve);
            rows.add(List.of(
                    Integer.toString(member),
                    summary.elites().contains(member) ? "yes" : "no",
                    measured(best.holdoutError()),
                    Numbers.count(best.epoch()),
                    Numbers.count(curve.get(curve.size() - 1).epoch())));
        });
        page.table(
                "Members of the ensemble",
                List.of(
                        Heading.number("member"),
                        Heading.text("elite"),
                        Heading.number("lowest holdout error"),
                        Heading.number("at epoch"),
                        Heading.number("epochs")),
                rows);
    }

    private static MemberEpoch best(List<MemberEpoch> curve) {
        return curve.stream()
                .min(Comparator.comparingDouble(MemberEpoch::holdoutError))
                .orElseThrow();
    }

    private void memberChart(String title, String caption, boolean errors) {
        List<Line> lines = new ArrayList<>();
        members.forEach((member, curve) -> {
            boolean isElite = summary.elites().contains(member);
            Line line = new Line(
                    isElite ? "elite" : "not an elite",
                    Integer.toString(member),
                    isElite ? Stroke.FIRST : Stroke.QUIET,
                    curve.stream().mapToDouble(MemberEpoch::epoch).toArray(),
                    curve.stream()
                            .mapToDouble(errors ? MemberEpoch::holdoutError : MemberEpoch::loss)
                            .toArray(),
                    new double[0],
                    errors ? best(curve).epoch() : Double.NaN);
            lines.add(line);
        });
        chart(title, caption, errors, lines.toArray(Line[]::new));
    }

    private void rollouts() {
        figures(
                () -> chart(
                        "Reward of model transitions",
                        "Mean, before the penalty.",
                        false,
                        single(Metric.ROLLOUT_REWARD)),
                () -> chart(
                        "Penalty of model transitions",
                        "Before lambda.",
                        false,
                        line("greatest", Stroke.SECOND, Metric.PENALTY_MAX),
                        line("mean", Stroke.FIRST, Metric.PENALTY_MEAN)),
                () -> chart("Length of rollouts", "Steps, the mean.", false, single(Metric.ROLLOUT_LENGTH_MEAN)),
                () -> chart(
                        "Rollouts that ended early",
                        "Share of all rollouts: terminated by the task's rule, or diverged to numbers that are not finite.",
                        false,
                        line("terminated", Stroke.FIRST, Metric.TERMINATED_SHARE),
                        line("diverged", Stroke.SECOND, Metric.DIVERGED_SHARE)));
    }

    private void updates() {
        List<EpochMetrics> withEntropy = epochs.stream()
                .filter(epoch -> epoch.has(Metric.LOG_PROBABILITY))
                .toList();
        figures(
                () -> chart("Q", "The mean Bellman target.", false, single(Metric.TARGET_MEAN)),
                () -> chart("Temperature", "On a logarithmic scale.", true, single(Metric.TEMPERATURE)),
                () -> chart(
                        "Losses of the critics",
                        "Mean squared Bellman error, on a logarithmic scale.",
                        true,
                        line("first", Stroke.FIRST, Metric.FIRST_CRITIC_LOSS),
                        line("second", Stroke.SECOND, Metric.SECOND_CRITIC_LOSS)),
                () -> chart("Loss of the actor", "", false, single(Metric.ACTOR_LOSS)),
                () -> chart(
                        "Entropy of the policy",
                        "Minus the mean log probability of the sampled actions.",
                        false,
                        Line.of("", "", Stroke.FIRST, withEntropy, epoch -> -epoch.get(Metric.LOG_PROBABILITY))));
    }

    private Line single(Metric metric) {
        return Line.of("", "", Stroke.FIRST, epochs, metric);
    }

    private Line line(String name, Stroke stroke, Metric metric) {
        return Line.of(name, name, stroke, epochs, metric);
    }

    /** Figures of a section; says so if none has anything to show. */
    private void figures(Runnable... figures) {
        int before = charts;
        page.figures(() -> List.of(figures).forEach(Runnable::run));
        if (charts == before) {
            page.paragraph("Nothing was measured of this.");
        }
    }

    /** A chart; nothing if there is no point to draw. */
    private void chart(String title, String caption, boolean logarithmic, Line... lines) {
        LineChart chart = new LineChart("chart-" + (charts + 1), title, List.of(lines), logarithmic);
        if (!chart.isEmpty()) {
            charts++;
            page.figure(title, caption, markup -> {
                chart.draw(markup);
                page.legend(chart.legend());
            });
        }
    }

    /** Seconds of all phases: those before the epochs, and the sums over epochs. */
    private Map<String, Double> phases() {
        Map<String, Double> phases = new LinkedHashMap<>(summary.phases());
        phases.put("rollouts", seconds(Metric.ROLLOUT_SECONDS));
        phases.put("updates", seconds(Metric.UPDATE_SECONDS));
        phases.put("evaluation", seconds(Metric.EVALUATION_SECONDS));
        phases.put("checkpoints", seconds(Metric.CHECKPOINT_SECONDS));
        return phases;
    }

    private double seconds(Metric metric) {
        return epochs.stream()
                .filter(epoch -> epoch.has(metric))
                .mapToDouble(epoch -> epoch.get(metric))
                .sum();
    }

    private static double total(Map<String, Double> phases) {
        return phases.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private void time() {
        Map<String, Double> phases = phases();
        double total = total(phases);
        List<List<String>> rows = new ArrayList<>();
        phases.forEach((phase, seconds) -> rows.add(List.of(
                phase,
                Numbers.fixed(seconds, 1),
                total > 0 ? Numbers.percent(seconds / total) : NOT_MEASURED,
                summary.phases().containsKey(phase) || epochs.isEmpty()
                        ? NOT_MEASURED
                        : Numbers.fixed(seconds / epochs.size(), 2))));
        rows.add(List.of("all", Numbers.fixed(total, 1), total > 0 ? Numbers.percent(1) : NOT_MEASURED, NOT_MEASURED));
        page.table(
                "Wall-clock time of the phases",
                List.of(
                        Heading.text("phase"),
                        Heading.number("seconds"),
                        Heading.number("share"),
                        Heading.number("seconds an epoch")),
                rows);
        page.figures(() -> chart(
                "Seconds of an epoch",
                "",
                false,
                line("rollouts", Stroke.FIRST, Metric.ROLLOUT_SECONDS),
                line("updates", Stroke.SECOND, Metric.UPDATE_SECONDS),
                line("evaluation", Stroke.THIRD, Metric.EVALUATION_SECONDS),
                line("checkpoint", Stroke.FOURTH, Metric.CHECKPOINT_SECONDS)));
    }

    private void retries() {
        if (summary.retries().isEmpty()) {
            page.paragraph("Nothing failed.");
        } else {
            page.list(summary.retries());
        }
    }

    private void dataset() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("Name", summary.dataset().name());
        properties.put("Path", summary.dataset().path());
        properties.put("Rows", Numbers.count(summary.dataset().rows()));
        properties.put(
                "Made of, with SHA-256", String.join("\n", summary.dataset().sources()));
        page.properties(properties);
    }

    private void configuration() {
        page.paragraph("The same run again:");
        page.preformatted(summary.command());
        if (!summary.versions().isEmpty()) {
            page.properties(summary.versions());
        }
        page.details(
                "Resolved configuration",
                summary.configuration().lines().count() <= MOST_OPEN_LINES,
                () -> page.preformatted(summary.configuration()));
    }
}

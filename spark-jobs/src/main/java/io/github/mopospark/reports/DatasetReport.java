package io.github.mopospark.reports;

import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.reports.ReportPage.Heading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report of a dataset. The same dataset gives the same bytes. */
public final class DatasetReport {
    private static final List<String> STATISTICS = List.of("mean", "std", "min", "max");

    private final String name;
    private final String uri;
    private final Manifest manifest;
    private final DatasetRows rows;
    private final Manifest.Statistics statistics;
    private final Spread returns;
    private final double[] lengths;
    private final ReportPage page;

    private DatasetReport(String name, String uri, Manifest manifest, DatasetRows rows) {
        this.name = name;
        this.uri = uri;
        this.manifest = manifest;
        this.rows = rows;
        this.statistics = manifest.statistics();
        this.returns = Spread.of(statistics.episodeReturns());
        this.lengths =
                Arrays.stream(statistics.episodeLengths()).asDoubleStream().toArray();
        this.page = new ReportPage("Dataset report", name, uri);
    }

    /**
     * Writes the report.
     *
     * @param name the dataset's name
     * @param uri where the dataset lies
     * @param manifest of the dataset
     * @param rows of the dataset
     * @return the HTML document
     */
    public static String of(String name, String uri, Manifest manifest, DatasetRows rows) {
        return new DatasetReport(name, uri, manifest, rows).write();
    }

    private String write() {
        page.facts(facts());
        page.section("Findings", () -> page.findings(DatasetFindings.of(manifest)));
        page.section("Episodes and rewards", this::episodes);
        column("Observations", "observation", statistics.observation());
        column("Actions", "action", statistics.action());
        page.section("Next observations", this::nextObservations);
        page.section("Sources and choices", this::sources);
        page.section("Parts", this::parts);
        return page.finish();
    }

    private List<Fact> facts() {
        Spread steps = Spread.of(lengths);
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "Task",
                manifest.task() == null ? "unknown" : manifest.task(),
                "observations of %d, actions of %d numbers"
                        .formatted(manifest.observationSize(), manifest.actionSize())));
        facts.add(new Fact("Rows", Numbers.count(manifest.rows()), ""));
        facts.add(new Fact(
                "Episodes",
                Numbers.count(lengths.length),
                "%s terminal and %s timeout rows"
                        .formatted(Numbers.count(rows.terminals()), Numbers.count(rows.timeouts()))));
        facts.add(new Fact(
                "Mean length",
                Numbers.fixed(steps.mean(), 1),
                "steps, from %s to %s".formatted(Numbers.fixed(steps.min(), 0), Numbers.fixed(steps.max(), 0))));
        facts.add(new Fact(
                "Mean return",
                Numbers.fixed(returns.mean(), 1),
                "from %s to %s".formatted(Numbers.fixed(returns.min(), 1), Numbers.fixed(returns.max(), 1))));
        facts.add(
                statistics.normalisedScore() == null
                        ? new Fact("Score", "none", "the task has no reference returns, or is unknown")
                        : new Fact(
                                "Score",
                                Numbers.fixed(statistics.normalisedScore(), 1),
                                "of the mean return: 0 is a random policy, 100 D4RL's expert"));
        facts.add(new Fact(
                "Actions at the bounds",
                Numbers.percent(statistics.actionsAtBounds()),
                "of all action numbers; a model sees little in between where this is high"));
        return facts;
    }

    private void episodes() {
        Spread steps = Spread.of(lengths);
        page.figures(() -> {
            figure(
                    "returns",
                    "Returns of episodes",
                    Histogram.of(statistics.episodeReturns(), 0),
                    "sum of an episode's rewards",
                    "episodes",
                    returns.isConstant() ? allAre(Numbers.measured(returns.min()), "episode") : "");
            figure(
                    "lengths",
                    "Lengths of episodes",
                    Histogram.of(lengths, 1),
                    "steps",
                    "episodes",
                    steps.isConstant() ? allAre(Numbers.fixed(steps.min(), 0), "episode") : "");
            Manifest.Column reward = statistics.reward();
            boolean isConstant = reward.min()[0] == reward.max()[0];
            figure(
                    "rewards",
                    "Rewards of rows",
                    rows.rewards(),
                    "reward",
                    "rows",
                    isConstant ? allAre(Numbers.measured(reward.min()[0]), "row") : "");
        });
        Manifest.Column reward = statistics.reward();
        page.table(
                "Returns, lengths and rewards",
                headings("", "count"),
                List.of(
                        List.of(
                                "return of an episode",
                                Numbers.count(returns.count()),
                                Numbers.measured(returns.mean()),
                                Numbers.measured(returns.std()),
                                Numbers.measured(returns.min()),
                                Numbers.measured(returns.max())),
                        List.of(
                                "length of an episode",
                                Numbers.count(steps.count()),
                                Numbers.measured(steps.mean()),
                                Numbers.measured(steps.std()),
                                Numbers.fixed(steps.min(), 0),
                                Numbers.fixed(steps.max(), 0)),
                        List.of(
                                "reward of a row",
                                Numbers.count(reward.count()),
                                Numbers.measured(reward.mean()[0]),
                                Numbers.measured(reward.std()[0]),
                                Numbers.measured(reward.min()[0]),
                                Numbers.measured(reward.max()[0]))));
    }

    private static String allAre(String value, String of) {
        return "Every " + of + " has the same: " + value + ".";
    }

    private void figure(String id, String title, Histogram histogram, String axis, String counted, String caption) {
        page.figure(title, caption, markup -> SvgHistogram.draw(markup, id, histogram, title, axis, counted));
    }

    private void column(String title, String id, Manifest.Column column) {
        page.section(title, () -> {
            page.paragraph(
                    "The thin line goes from a dimension's smallest number to its largest, the box one standard"
                            + " deviation to each side of the mean (cut where the numbers end), and the stroke marks the mean."
                            + " Dimensions of larger and of smaller numbers are drawn apart, each group with a scale of its own.");
            page.figures(() -> {
                int number = 1;
                for (List<Integer> group : SvgRanges.groups(column.min(), column.max())) {
                    String spans = DatasetFindings.spans(
                            group.stream().mapToInt(Integer::intValue).toArray());
                    String figureTitle = (group.size() == 1 ? "Dimension " : "Dimensions ") + spans;
                    String figureId = id + "-" + number++;
                    page.figure(
                            figureTitle,
                            "",
                            markup -> SvgRanges.draw(
                                    markup,
                                    figureId,
                                    figureTitle + " of the " + id,
                                    group,
                                    column.mean(),
                                    column.std(),
                                    column.min(),
                                    column.max()));
                }
            });
            table(title, column);
        });
    }

    private void nextObservations() {
        if (statistics.nextObservation() == null) {
            page.paragraph("No row has its next observation, so this dataset can train no dynamics model.");
        } else {
            table("Next observations, where recorded", statistics.nextObservation());
        }
    }

    private void table(String title, Manifest.Column column) {
        List<List<String>> cells = new ArrayList<>();
        for (int i = 0; i < column.mean().length; i++) {
            cells.add(List.of(
                    Integer.toString(i),
                    Numbers.measured(column.mean()[i]),
                    Numbers.measured(column.std()[i]),
                    Numbers.measured(column.min()[i]),
                    Numbers.measured(column.max()[i])));
        }
        page.table(title + " (" + Numbers.counted(column.count(), "row", "rows") + ")", headings("dimension"), cells);
    }

    private static List<Heading> headings(String first, String... more) {
        List<Heading> headings = new ArrayList<>();
        headings.add(first.isEmpty() ? Heading.text("of") : Heading.number(first));
        Arrays.stream(more).map(Heading::number).forEach(headings::add);
        STATISTICS.stream().map(Heading::number).forEach(headings::add);
        return headings;
    }

    private void sources() {
        for (Manifest.Source source : manifest.sources()) {
            Map<String, String> properties = new LinkedHashMap<>();
            properties.put("Source", source.uri());
            properties.put("Layout", source.layout());
            properties.put("Rows", Numbers.count(source.rows()));
            properties.put("Size", Numbers.count(source.bytes()) + " bytes");
            properties.put("SHA-256", source.sha256());
            properties.put(
                    "Not converted",
                    source.skippedKeys().isEmpty() ? "nothing" : String.join(", ", source.skippedKeys()));
            page.properties(properties);
        }
        page.table(
                "Choices of the conversion",
                List.of(Heading.text("choice"), Heading.text("value")),
                DatasetChoices.of(manifest.choices()).entrySet().stream()
                        .map(choice -> List.of(choice.getKey(), choice.getValue()))
                        .toList());
    }

    private void parts() {
        page.paragraph("All parts were read for this report, and have the SHA-256 that the manifest says.");
        page.table(
                "Parts of " + name,
                List.of(Heading.text("path"), Heading.number("rows"), Heading.number("bytes"), Heading.text("SHA-256")),
                manifest.parts().stream()
                        .map(part -> List.of(
                                part.path(), Numbers.count(part.rows()), Numbers.count(part.bytes()), part.sha256()))
                        .toList());
        page.paragraph("Schema version " + manifest.schemaVersion() + ". The folder is " + uri + ".");
    }
}

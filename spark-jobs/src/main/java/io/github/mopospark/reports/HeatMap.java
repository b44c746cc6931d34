package io.github.mopospark.reports;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * Draws cells of a dataset as a table of h and lambda, or as a list where most of such a table would be empty. The colours are those
 * of the dataset, so that several maps of it can be compared; every cell has its numbers in words as well.
 */
final class HeatMap {
    /** How many colours the style sheet has. */
    static final int COLOURS = 7;

    private static final String NONE = "heat none";

    private final SweepDataset dataset;
    private final double low;
    private final double high;

    HeatMap(SweepDataset dataset) {
        this.dataset = dataset;
        this.low = means().min().orElse(Double.NaN);
        this.high = means().max().orElse(Double.NaN);
    }

    private DoubleStream means() {
        return dataset.cells().stream().flatMap(cell -> cell.result().stream()).mapToDouble(Spread::mean);
    }

    /** Whether the cells fill at least half of a table of h and lambda that has more than one field. */
    static boolean isGrid(List<SweepCell> cells) {
        int fields = lengths(cells).size() * penalties(cells).size();
        return fields > 1 && 2 * cells.size() >= fields;
    }

    private static Set<Integer> lengths(List<SweepCell> cells) {
        Set<Integer> lengths = new TreeSet<>();
        cells.forEach(cell -> lengths.add(cell.settings().length()));
        return lengths;
    }

    private static Set<Double> penalties(List<SweepCell> cells) {
        Set<Double> penalties = new TreeSet<>();
        cells.forEach(cell -> penalties.add(cell.settings().penaltyCoefficient()));
        return penalties;
    }

    /**
     * Draws a table with a row for each h and a column for each lambda.
     *
     * @param markup takes it
     * @param caption what it shows
     * @param cells of the same other settings
     */
    void grid(Markup markup, String caption, List<SweepCell> cells) {
        table(markup, "map grid", caption, () -> {
            markup.element("td", "");
            for (double penalty : penalties(cells)) {
                markup.element("th", "lambda = " + Numbers.plain(penalty), "scope", "col");
            }
        });
        for (int length : lengths(cells)) {
            markup.open("tr").element("th", "h = " + length, "scope", "row");
            for (double penalty : penalties(cells)) {
                cells.stream()
                        .filter(cell -> cell.settings().length() == length
                                && cell.settings().penaltyCoefficient() == penalty)
                        .findFirst()
                        .ifPresentOrElse(
                                cell -> cell(markup, cell), () -> markup.element("td", "not tried", "class", NONE));
            }
            markup.close();
        }
        markup.close().close();
    }

    /**
     * Draws a table with a row for each cell.
     *
     * @param markup takes it
     * @param caption what it shows
     * @param cells any
     */
    void list(Markup markup, String caption, List<SweepCell> cells) {
        table(markup, "map", caption, () -> markup.element("th", "settings", "scope", "col")
                .element("th", dataset.measureWord(), "scope", "col"));
        for (SweepCell cell : cells) {
            markup.open("tr").element("th", cell.settings().toString(), "scope", "row");
            cell(markup, cell);
            markup.close();
        }
        markup.close().close();
    }

    /** Opens a table and its body. */
    private static void table(Markup markup, String style, String caption, Runnable headings) {
        markup.open("table", "class", style).element("caption", caption);
        markup.open("thead").open("tr");
        headings.run();
        markup.close().close().open("tbody");
    }

    private void cell(Markup markup, SweepCell cell) {
        markup.open("td", "class", cell.result().map(this::style).orElse(NONE));
        cell.result()
                .ifPresentOrElse(
                        result -> {
                            int rank = dataset.rank(cell);
                            markup.element("span", text(result), "class", "value");
                            markup.element("span", rank == 1 ? "best" : "rank " + rank, "class", "rank");
                        },
                        () -> markup.element("span", "not ranked", "class", "value"));
        cell.soFar()
                .ifPresent(soFar -> markup.element(
                        "span",
                        "so far %s, %s".formatted(text(soFar), Numbers.counted(soFar.count(), "seed", "seeds"))));
        markup.element("span", cell.epochs());
        if (!cell.unfinished().isEmpty()) {
            markup.element("span", cell.unfinished());
        }
        markup.close();
    }

    /** A mean and, of several, their standard deviation. */
    static String text(Spread result) {
        String mean = Numbers.orDash(result.mean(), 1);
        return result.count() == 1 ? mean : mean + " ± " + Numbers.orDash(result.std(), 1);
    }

    private String style(Spread result) {
        double position = high > low ? (result.mean() - low) / (high - low) : 0.5;
        // Not a number where the difference is too large for a double.
        int colour = (int) Math.min(COLOURS - 1, Math.floor(position * COLOURS));
        return "heat heat-" + colour;
    }

    /** What the colours mean; nothing where there is only one. */
    Consumer<Markup> legend() {
        return markup -> {
            markup.open("p", "class", "scale").text(Numbers.orDash(low, 1));
            for (int colour = 0; colour < COLOURS; colour++) {
                markup.open("span", "class", "heat heat-" + colour, "aria-hidden", "true")
                        .close();
            }
            markup.text(Numbers.orDash(high, 1)).close();
        };
    }

    /** Whether there are colours to explain. */
    boolean hasLegend() {
        return high > low;
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.reports.DatasetChoices;
import io.github.mopospark.reports.DatasetFindings;
import io.github.mopospark.reports.Finding;
import io.github.mopospark.reports.Numbers;
import io.github.mopospark.reports.Spread;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints what is in a dataset. */
final class DatasetPrinter {
    private static final int HASH_PREFIX = 12;

    private DatasetPrinter() {}

    static void print(PrintWriter out, String uri, Manifest manifest) {
        Manifest.Statistics statistics = manifest.statistics();
        line(out, "dataset", uri);
        line(out, "task", manifest.task() == null ? "unknown" : manifest.task());
        line(out, "rows", Numbers.count(manifest.rows()));
        line(out, "episodes", Numbers.count(statistics.episodeReturns().length));
        for (Manifest.Source source : manifest.sources()) {
            line(
                    out,
                    "source",
                    "%s (%s, %s rows, sha256 %s...)"
                            .formatted(
                                    source.uri(),
                                    source.layout(),
                                    Numbers.count(source.rows()),
                                    source.sha256()
                                            .substring(
                                                    0,
                                                    Math.min(
                                                            HASH_PREFIX,
                                                            source.sha256().length()))));
        }
        line(
                out,
                "choices",
                DatasetChoices.of(manifest.choices()).entrySet().stream()
                        .map(choice -> choice.getKey() + ": " + choice.getValue())
                        .collect(Collectors.joining("; ")));
        line(out, "returns", spread(Spread.of(statistics.episodeReturns()), 1));
        line(
                out,
                "lengths",
                spread(
                        Spread.of(Arrays.stream(statistics.episodeLengths())
                                .asDoubleStream()
                                .toArray()),
                        0));
        line(
                out,
                "score",
                statistics.normalisedScore() == null
                        ? "none (no reference returns)"
                        : Numbers.fixed(statistics.normalisedScore(), 1) + " (0 is a random policy, 100 an expert)");
        line(out, "actions", Numbers.percent(statistics.actionsAtBounds()) + " of their numbers at the bounds");
        for (Finding finding : DatasetFindings.of(manifest)) {
            line(out, finding.isWarning() ? "note" : "good", finding.what());
        }
        out.println();
        out.println("                       mean           std           min           max");
        column(out, "observation", statistics.observation());
        column(out, "action", statistics.action());
        column(out, "reward", statistics.reward());
        out.println();
    }

    private static String spread(Spread spread, int decimals) {
        return "mean %s, std %s, min %s, max %s"
                .formatted(
                        Numbers.fixed(spread.mean(), 1),
                        Numbers.fixed(spread.std(), 1),
                        Numbers.fixed(spread.min(), decimals),
                        Numbers.fixed(spread.max(), decimals));
    }

    private static void column(PrintWriter out, String name, Manifest.Column column) {
        boolean isOne = column.mean().length == 1 && name.equals("reward");
        for (int i = 0; i < column.mean().length; i++) {
            out.printf(
                    Locale.ROOT,
                    "%-11s %3s %11s %13s %13s %13s%n",
                    name,
                    isOne ? "" : Integer.toString(i),
                    Numbers.measured(column.mean()[i]),
                    Numbers.measured(column.std()[i]),
                    Numbers.measured(column.min()[i]),
                    Numbers.measured(column.max()[i]));
        }
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "%-10s %s%n", name, value);
    }
}

package io.github.mopospark.reports;

import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The page of a report: head, style, and the kinds of blocks that reports are made of. */
final class ReportPage {
    private static final String STYLE = "report.css";
    private static final String SORT = "sort.js";

    private final Markup markup = new Markup();
    private final boolean isSortable;

    /**
     * A column of a table.
     *
     * @param text its header
     * @param isNumber whether its cells are numbers, which stand to the right
     */
    record Heading(String text, boolean isNumber) {
        static Heading text(String text) {
            return new Heading(text, false);
        }

        static Heading number(String text) {
            return new Heading(text, true);
        }
    }

    /**
     * A cell of a table.
     *
     * @param text its text
     * @param link where it leads; empty for nowhere
     */
    record Cell(String text, String link) {
        static Cell of(String text) {
            return new Cell(text, "");
        }
    }

    /**
     * Begins a page without a script.
     *
     * @param kind what kind of report it is
     * @param title what it is about
     * @param source where that lies
     */
    ReportPage(String kind, String title, String source) {
        this(kind, title, source, false);
    }

    /**
     * Begins a page.
     *
     * @param kind what kind of report it is
     * @param title what it is about
     * @param source where that lies
     * @param isSortable whether it has a script that sorts tables
     */
    ReportPage(String kind, String title, String source, boolean isSortable) {
        this.isSortable = isSortable;
        markup.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
        markup.open("head");
        markup.empty("meta", "charset", "utf-8");
        markup.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        // The browser then loads nothing and runs nothing but this very script, whatever a hostile name in the data
        // might achieve.
        markup.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'"
                        + (isSortable ? "; script-src " + hash(resource(SORT)) : ""));
        markup.empty("meta", "name", "color-scheme", "content", "light dark");
        markup.element("title", title + ": " + kind);
        markup.style(resource(STYLE));
        markup.close();
        markup.open("body").open("main");
        markup.open("header");
        markup.element("p", kind, "class", "kind");
        markup.element("h1", title);
        markup.element("p", source, "class", "source");
        markup.close();
    }

    /**
     * Adds a section.
     *
     * @param title its heading
     * @param content writes what stands in it
     */
    void section(String title, Runnable content) {
        markup.open("section").element("h2", title);
        content.run();
        markup.close();
    }

    /**
     * Adds a section that links lead to.
     *
     * @param id unique in its document
     * @param title its heading
     * @param content writes what stands in it
     */
    void section(String id, String title, Runnable content) {
        markup.open("section", "id", id).element("h2", title);
        content.run();
        markup.close();
    }

    /**
     * Links to sections.
     *
     * @param links what they are called, by their ids
     */
    void contents(Map<String, String> links) {
        markup.open("nav", "aria-label", "Sections").open("ul");
        links.forEach((id, name) ->
                markup.open("li").element("a", name, "href", "#" + id).close());
        markup.close().close();
    }

    /** A heading within a section. */
    void heading(String text) {
        markup.element("h3", text);
    }

    /** A paragraph. */
    void paragraph(String text) {
        markup.element("p", text);
    }

    /** A paragraph that belongs to what stands above it. */
    void note(String text) {
        markup.element("p", text, "class", "note");
    }

    /** What comes first of all: names and large values, each with a remark that may be empty. */
    void facts(List<Fact> facts) {
        markup.open("dl", "class", "facts");
        for (Fact fact : facts) {
            markup.open("div");
            markup.element("dt", fact.name());
            markup.element("dd", fact.value(), "class", "value");
            if (!fact.remark().isEmpty()) {
                markup.element("dd", fact.remark());
            }
            markup.close();
        }
        markup.close();
    }

    /** Names and their values in a list; each line of a value stands by itself. */
    void properties(Map<String, String> properties) {
        markup.open("dl", "class", "properties");
        properties.forEach((name, value) -> {
            markup.open("div");
            markup.element("dt", name);
            value.lines().forEach(line -> markup.element("dd", line));
            markup.close();
        });
        markup.close();
    }

    /**
     * What was found.
     *
     * @param findings in their order
     */
    void findings(List<Finding> findings) {
        markup.open("ul", "class", "findings");
        for (Finding finding : findings) {
            markup.open("li", "class", finding.isWarning() ? "warning" : "good");
            markup.element("strong", (finding.isWarning() ? "Note: " : "Good: ") + finding.what());
            markup.element("p", finding.meaning());
            markup.close();
        }
        markup.close();
    }

    /**
     * Pictures beside each other, as many as the window has room for.
     *
     * @param content adds the figures
     */
    void figures(Runnable content) {
        markup.open("div", "class", "figures");
        content.run();
        markup.close();
    }

    /** The same for small pictures. */
    void smallFigures(Runnable content) {
        markup.open("div", "class", "figures small");
        content.run();
        markup.close();
    }

    /**
     * A picture under its title.
     *
     * @param title stands above it
     * @param caption stands below it; may be empty
     * @param picture draws it
     */
    void figure(String title, String caption, Consumer<Markup> picture) {
        markup.open("figure");
        markup.element("h3", title);
        picture.accept(markup);
        if (!caption.isEmpty()) {
            markup.element("figcaption", caption);
        }
        markup.close();
    }

    /**
     * A table. The first cell of a row is its header.
     *
     * @param caption what the table shows
     * @param headings of the columns
     * @param rows their cells
     */
    void table(String caption, List<Heading> headings, List<List<String>> rows) {
        table(
                "",
                caption,
                headings,
                rows.stream().map(row -> row.stream().map(Cell::of).toList()).toList());
    }

    /** A table with cells that may be links. */
    void linkedTable(String caption, List<Heading> headings, List<List<Cell>> rows) {
        table("", caption, headings, rows);
    }

    /** A table whose rows the page's script sorts by a column; without the script it stays as it is. */
    void sortableTable(String caption, List<Heading> headings, List<List<Cell>> rows) {
        table("sortable", caption, headings, rows);
    }

    private void table(String style, String caption, List<Heading> headings, List<List<Cell>> rows) {
        region(caption, () -> {
            markup.open("table", style.isEmpty() ? new String[0] : new String[] {"class", style});
            markup.element("caption", caption);
            markup.open("thead").open("tr");
            for (Heading heading : headings) {
                markup.element("th", heading.text(), "scope", "col", "class", style(heading));
            }
            markup.close().close();
            markup.open("tbody");
            for (List<Cell> row : rows) {
                markup.open("tr");
                for (int i = 0; i < row.size(); i++) {
                    cell(row.get(i), style(headings.get(i)), i == 0);
                }
                markup.close();
            }
            markup.close().close();
        });
    }

    private void cell(Cell cell, String style, boolean isHeader) {
        if (isHeader) {
            markup.open("th", "scope", "row", "class", style);
        } else {
            markup.open("td", "class", style);
        }
        if (cell.link().isEmpty()) {
            markup.text(cell.text());
        } else {
            markup.element("a", cell.text(), "href", cell.link());
        }
        markup.close();
    }

    /** What scrolls by itself where it is too wide, by keyboard too, so it must take the focus. */
    private void region(String name, Runnable content) {
        markup.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", name);
        content.run();
        markup.close();
    }

    /**
     * A table that is drawn elsewhere.
     *
     * @param name what it shows
     * @param table draws it
     */
    void drawnTable(String name, Consumer<Markup> table) {
        region(name, () -> table.accept(markup));
    }

    /**
     * What the lines of a chart are; nothing for a single one without a band.
     *
     * @param lines of different names
     */
    void legend(List<Line> lines) {
        if (lines.size() < 2) {
            return;
        }
        markup.open("ul", "class", "legend");
        for (Line line : lines) {
            markup.open("li");
            Svg svg = new Svg(markup, 28, 10);
            svg.openDecorative();
            svg.line("line " + line.stroke().style(), 1, 5, 27, 5);
            svg.close();
            markup.text(line.name()).close();
        }
        markup.close();
    }

    /**
     * What can be closed; on paper it is open.
     *
     * @param title stays to be seen
     * @param isOpen whether it is open at first
     * @param content writes what can be closed
     */
    void details(String title, boolean isOpen, Runnable content) {
        if (isOpen) {
            markup.open("details", "open", "open");
        } else {
            markup.open("details");
        }
        markup.element("summary", title);
        content.run();
        markup.close();
    }

    /** What is drawn elsewhere. */
    void draw(Consumer<Markup> picture) {
        picture.accept(markup);
    }

    /** A text with its own line breaks. */
    void preformatted(String text) {
        markup.open("pre");
        markup.text(text).close();
    }

    /** A list of sentences. */
    void list(List<String> sentences) {
        markup.open("ul");
        sentences.forEach(sentence -> markup.element("li", sentence));
        markup.close();
    }

    /** The whole document. */
    String finish() {
        markup.close();
        if (isSortable) {
            markup.script(resource(SORT));
        }
        markup.close().close();
        return "<!DOCTYPE html>\n" + markup.finish();
    }

    private static String style(Heading heading) {
        return heading.isNumber() ? "number" : "text";
    }

    /** What the browser compares a script with before it runs it. */
    private static String hash(String script) {
        byte[] digest = Storage.sha256().digest(script.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

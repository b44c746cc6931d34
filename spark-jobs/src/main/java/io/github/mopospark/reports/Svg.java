package io.github.mopospark.reports;

import java.util.Locale;

/** Draws the shapes that pictures in reports consist of; their colours are the style sheet's. */
final class Svg {
    private static final int MOST_TICKS = 5;
    private static final int TICK = 5;
    private static final int TEXT_BELOW = 18;

    private final Markup markup;
    private final int width;
    private final int height;

    Svg(Markup markup, int width, int height) {
        this.markup = markup;
        this.width = width;
        this.height = height;
    }

    /**
     * Opens the picture.
     *
     * @param id unique in its document
     * @param title what the picture is
     * @param description what it shows, for those who do not see it
     */
    void open(String id, String title, String description) {
        markup.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + width + " " + height,
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-description");
        markup.element("title", title, "id", id + "-title");
        markup.element("desc", description, "id", id + "-description");
    }

    /** Opens a picture that says nothing that is not in the text beside it. */
    void openDecorative() {
        markup.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + width + " " + height,
                "aria-hidden",
                "true");
    }

    void close() {
        markup.close();
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        markup.empty(
                "line",
                "class",
                style,
                "x1",
                coordinate(x1),
                "y1",
                coordinate(y1),
                "x2",
                coordinate(x2),
                "y2",
                coordinate(y2));
    }

    /**
     * A text.
     *
     * @param anchor which of its ends is at x: start, middle or end
     */
    void text(String anchor, double x, double y, String text) {
        markup.element("text", text, "x", coordinate(x), "y", coordinate(y), "text-anchor", anchor);
    }

    /** A text in a style. */
    void text(String style, String anchor, double x, double y, String text) {
        markup.element("text", text, "class", style, "x", coordinate(x), "y", coordinate(y), "text-anchor", anchor);
    }

    /** A path of straight lines. */
    void path(String style, String data) {
        markup.empty("path", "class", style, "d", data);
    }

    /** A filled circle; the tip shows under the pointer. */
    void dot(String style, double x, double y, double radius, String tip) {
        markup.open("circle", "class", style, "cx", coordinate(x), "cy", coordinate(y), "r", coordinate(radius));
        markup.element("title", tip).close();
    }

    /** A filled rectangle; the tip shows under the pointer. */
    void bar(String style, double x, double y, double barWidth, double barHeight, String tip) {
        markup.open(
                "rect",
                "class",
                style,
                "x",
                coordinate(x),
                "y",
                coordinate(y),
                "width",
                coordinate(barWidth),
                "height",
                coordinate(barHeight));
        markup.element("title", tip).close();
    }

    /** Ticks and their labels below a line from left to right that is as long as the scale. */
    void axis(Scale scale, double left, double right, double y) {
        Scale ticks = scale.intervals() <= MOST_TICKS
                ? scale
                : Scale.covering(scale.low(), scale.high(), MOST_TICKS + 1, scale.at(1) - scale.low());
        line("axis", left, y, right, y);
        for (int i = 0; i <= ticks.intervals(); i++) {
            double position = scale.position(ticks.at(i));
            // A coarser scale may begin before this one and end behind it.
            if (position > -1e-9 && position < 1 + 1e-9) {
                double x = left + position * (right - left);
                tick(x, y, ticks.label(ticks.at(i)));
            }
        }
    }

    /** A tick of an axis from left to right, and its label. */
    void tick(double x, double y, String label) {
        line("axis", x, y, x, y + TICK);
        text("middle", x, y + TEXT_BELOW, label);
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.2f", value + 0.0);
    }
}

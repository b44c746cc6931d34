package io.github.mopospark.reports;

/** Draws a histogram. */
final class SvgHistogram {
    private static final int WIDTH = 360;
    private static final int HEIGHT = 220;
    private static final int LEFT = 52;
    private static final int RIGHT = 24;
    private static final int TOP = 10;
    private static final int BOTTOM = 44;
    /** So that a bin with one number beside thousands is seen. */
    private static final double LOWEST_BAR = 1.5;

    private SvgHistogram() {}

    /**
     * Draws.
     *
     * @param markup takes the picture
     * @param id of the picture, unique in its document
     * @param histogram what is drawn
     * @param title of the picture
     * @param axis what the numbers are
     * @param counted what is counted, in the plural
     */
    static void draw(Markup markup, String id, Histogram histogram, String title, String axis, String counted) {
        int fullest = 0;
        for (int bin = 0; bin < histogram.bins(); bin++) {
            fullest = histogram.count(bin) > histogram.count(fullest) ? bin : fullest;
        }
        Scale scale = histogram.scale();
        Scale up = Scale.covering(0, Math.max(1, (double) histogram.largest()), 5, 1);
        Svg svg = new Svg(markup, WIDTH, HEIGHT);
        svg.open(
                id,
                title,
                "%s %s from %s to %s; the most, %s, are from %s to %s."
                        .formatted(
                                Numbers.count(histogram.total()),
                                counted,
                                scale.label(scale.low()),
                                scale.label(scale.high()),
                                Numbers.count(histogram.count(fullest)),
                                scale.label(histogram.from(fullest)),
                                scale.label(histogram.to(fullest))));
        for (int i = 0; i <= up.intervals(); i++) {
            double y = y(up, up.at(i));
            svg.line(i == 0 ? "axis" : "grid", LEFT, y, WIDTH - RIGHT, y);
            svg.text("end", LEFT - 6, y + 4, up.label(up.at(i)));
        }
        double width = (double) (WIDTH - LEFT - RIGHT) / histogram.bins();
        double gap = Math.min(1, width / 8);
        for (int bin = 0; bin < histogram.bins(); bin++) {
            if (histogram.count(bin) > 0) {
                double bottom = y(up, 0);
                double top = Math.min(y(up, (double) histogram.count(bin)), bottom - LOWEST_BAR);
                svg.bar(
                        "bar",
                        LEFT + bin * width + gap / 2,
                        top,
                        width - gap,
                        bottom - top,
                        "%s to %s: %s %s"
                                .formatted(
                                        scale.label(histogram.from(bin)),
                                        scale.label(histogram.to(bin)),
                                        Numbers.count(histogram.count(bin)),
                                        counted));
            }
        }
        svg.axis(scale, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM);
        svg.text("middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, axis);
        svg.close();
    }

    private static double y(Scale up, double count) {
        return HEIGHT - BOTTOM - up.position(count) * (HEIGHT - BOTTOM - TOP);
    }
}

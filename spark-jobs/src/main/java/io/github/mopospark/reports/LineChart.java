package io.github.mopospark.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Draws lines over epochs, with a band of spread around them where they have one. */
final class LineChart {
    private static final int DEFAULT_WIDTH = 360;
    private static final int DEFAULT_HEIGHT = 240;
    private static final int TOP = 12;
    private static final int BOTTOM = 42;
    private static final int GAP = 6;
    private static final double CHARACTER = 6.8;
    private static final double BOLD_CHARACTER = 7.8;
    private static final int LEAST_SIDE = 24;

    /** Labels at the ends of lines are at least so far apart. */
    private static final double LABEL_HEIGHT = 13;

    private static final int MOST_TICKS = 5;
    private static final int MOST_GRID_LINES = 6;

    /** With more points than this, and in small charts, the line alone is drawn. */
    private static final int MOST_DOTS = 40;

    /** Sums and differences of larger numbers are infinite; they leave a gap as infinity does. */
    private static final double LARGEST = 1e300;

    private final String id;
    private final String title;
    private final List<Line> lines;
    private final boolean logarithmic;
    private final Optional<Frame> frame;
    private final int width;
    private final int height;

    private DoubleUnaryOperator up;
    private double last;
    private double left;
    private double right;

    /**
     * The axes of several charts that are to be compared, which are smaller than one alone.
     *
     * @param low the least of all their numbers
     * @param high the greatest of all their numbers
     * @param last the last of all their epochs
     */
    record Frame(double low, double high, double last) {
        private static final int WIDTH = 260;
        private static final int HEIGHT = 180;

        /** The axes for the lines of several charts; empty if they have no point to draw. */
        static Optional<Frame> around(List<Line> lines) {
            double[] drawn = lines.stream()
                    .flatMapToDouble(line -> Arrays.stream(line.y()))
                    .filter(y -> isDrawn(y, false))
                    .toArray();
            if (drawn.length == 0) {
                return Optional.empty();
            }
            Spread spread = Spread.of(drawn);
            double last = lines.stream()
                    .flatMapToDouble(line -> Arrays.stream(line.x()))
                    .max()
                    .orElseThrow();
            return Optional.of(new Frame(spread.min(), spread.max(), last));
        }
    }

    /** A horizontal line of the grid. */
    private record GridLine(double value, String label) {}

    /**
     * A chart.
     *
     * @param id unique in its document
     * @param title what it shows
     * @param lines its lines
     * @param logarithmic whether the vertical axis is; numbers that are not above 0 then leave a gap
     */
    LineChart(String id, String title, List<Line> lines, boolean logarithmic) {
        this(id, title, lines, logarithmic, Optional.empty());
    }

    /**
     * A chart beside others with the same axes.
     *
     * @param id unique in its document
     * @param title what it shows
     * @param lines its lines, all within the frame
     * @param frame the axes
     */
    LineChart(String id, String title, List<Line> lines, Frame frame) {
        this(id, title, lines, false, Optional.of(frame));
    }

    private LineChart(String id, String title, List<Line> lines, boolean logarithmic, Optional<Frame> frame) {
        this.id = id;
        this.title = title;
        this.lines = lines.stream().filter(line -> count(line, logarithmic) > 0).toList();
        this.logarithmic = logarithmic;
        this.frame = frame;
        this.width = frame.isPresent() ? Frame.WIDTH : DEFAULT_WIDTH;
        this.height = frame.isPresent() ? Frame.HEIGHT : DEFAULT_HEIGHT;
    }

    private static long count(Line line, boolean logarithmic) {
        return Arrays.stream(line.y()).filter(y -> isDrawn(y, logarithmic)).count();
    }

    private static boolean isDrawn(double y, boolean logarithmic) {
        return Math.abs(y) < LARGEST && (!logarithmic || y >= Double.MIN_NORMAL);
    }

    /** Whether there is no point to draw. */
    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** What the picture's strokes mean, for a legend: lines with other names than those before. */
    List<Line> legend() {
        List<Line> named = new ArrayList<>();
        for (Line line : lines) {
            if (named.stream().noneMatch(other -> other.name().equals(line.name()))) {
                named.add(line);
            }
        }
        return named;
    }

    /**
     * Draws.
     *
     * @param markup takes the picture
     */
    void draw(Markup markup) {
        List<GridLine> grid = scale();
        int longest =
                grid.stream().mapToInt(mark -> mark.label().length()).max().orElseThrow();
        int longestLabel =
                lines.stream().mapToInt(line -> line.label().length()).max().orElseThrow();
        left = Math.max(LEAST_SIDE, longest * CHARACTER + GAP + 4);
        right = width - Math.max(LEAST_SIDE, longestLabel * BOLD_CHARACTER + GAP + 4);
        last = Math.max(1, frame.map(Frame::last).orElseGet(() -> lines.stream()
                .flatMapToDouble(line -> Arrays.stream(line.x()))
                .max()
                .orElseThrow()));
        Svg svg = new Svg(markup, width, height);
        svg.open(id, title, description());
        for (GridLine mark : grid) {
            svg.line(mark.value() == 0 ? "axis" : "grid", left, y(mark.value()), right, y(mark.value()));
            svg.text("end", left - GAP, y(mark.value()) + 4, mark.label());
        }
        epochAxis(svg);
        lines.forEach(line -> band(svg, line));
        lines.forEach(line -> line(svg, line));
        labels(svg);
        svg.close();
    }

    private List<GridLine> scale() {
        double low = frame.map(Frame::low).orElseGet(() -> values(-1).min().orElseThrow());
        double high = frame.map(Frame::high).orElseGet(() -> values(1).max().orElseThrow());
        if (logarithmic) {
            LogScale scale = LogScale.covering(low, high);
            up = scale::position;
            return scale.marks().stream()
                    .map(mark -> new GridLine(mark, LogScale.label(mark)))
                    .toList();
        }
        Scale scale = Scale.covering(low, high, MOST_GRID_LINES, 0);
        up = scale::position;
        List<GridLine> grid = new ArrayList<>();
        for (int i = 0; i <= scale.intervals(); i++) {
            grid.add(new GridLine(scale.at(i), scale.label(scale.at(i))));
        }
        return grid;
    }

    /** The numbers that the vertical axis covers: of points, and of bands on a side. */
    private DoubleStream values(int side) {
        return lines.stream().flatMapToDouble(line -> IntStream.range(0, line.x().length)
                .filter(i -> isDrawn(line.y()[i], logarithmic))
                .mapToDouble(i -> edge(line, i, side)));
    }

    private double edge(Line line, int point, int side) {
        double edge = line.edge(point, side);
        return isDrawn(edge, logarithmic) ? edge : line.y()[point];
    }

    private String description() {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            double[] drawn =
                    Arrays.stream(line.y()).filter(y -> isDrawn(y, logarithmic)).toArray();
            Spread spread = Spread.of(drawn);
            text.append(text.isEmpty() ? "" : " ")
                    .append(line.name())
                    .append(line.label().isEmpty() ? "" : " (" + line.label() + ")")
                    .append(": first %s, last %s, from %s to %s."
                            .formatted(
                                    Numbers.measured(drawn[0]),
                                    Numbers.measured(drawn[drawn.length - 1]),
                                    Numbers.measured(spread.min()),
                                    Numbers.measured(spread.max())));
        }
        return text.toString();
    }

    private void epochAxis(Svg svg) {
        double bottom = height - BOTTOM;
        svg.line("axis", left, bottom, right, bottom);
        Scale ticks = Scale.covering(0, last, MOST_TICKS, 1);
        for (int i = 0; i <= ticks.intervals() && ticks.at(i) <= last; i++) {
            svg.tick(x(ticks.at(i)), bottom, ticks.label(ticks.at(i)));
        }
        svg.text("middle", (left + right) / 2, height - GAP, "epoch");
    }

    /** The runs of points without a gap between them: where each begins, and where the next thing does. */
    private List<int[]> runs(Line line) {
        List<int[]> runs = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= line.x().length; i++) {
            if (i == line.x().length || !isDrawn(line.y()[i], logarithmic)) {
                if (i > start) {
                    runs.add(new int[] {start, i});
                }
                start = i + 1;
            }
        }
        return runs;
    }

    private void band(Svg svg, Line line) {
        if (line.spread().length == 0) {
            return;
        }
        for (int[] run : runs(line)) {
            Path path = new Path();
            for (int i = run[0]; i < run[1]; i++) {
                path.to(x(line.x()[i]), y(edge(line, i, 1)));
            }
            for (int i = run[1] - 1; i >= run[0]; i--) {
                path.to(x(line.x()[i]), y(edge(line, i, -1)));
            }
            // One point has no area: its band is a stroke up and down.
            svg.path(
                    run[1] - run[0] == 1
                            ? "whisker " + line.stroke().style()
                            : "band " + line.stroke().style(),
                    path.closed());
        }
    }

    private void line(Svg svg, Line line) {
        String style = line.stroke().style();
        boolean isDotted = frame.isEmpty() && count(line, logarithmic) <= MOST_DOTS;
        for (int[] run : runs(line)) {
            Path path = new Path();
            for (int i = run[0]; i < run[1]; i++) {
                path.to(x(line.x()[i]), y(line.y()[i]));
            }
            svg.path("line " + style, path.toString());
            for (int i = run[0]; i < run[1]; i++) {
                boolean isMarked = line.x()[i] == line.marked();
                if (isMarked || isDotted || run[1] - run[0] == 1) {
                    svg.dot("dot " + style, x(line.x()[i]), y(line.y()[i]), isMarked ? 4 : 2, tip(line, i));
                }
            }
        }
    }

    private static String tip(Line line, int point) {
        String spread = line.spread().length == 0 || !Double.isFinite(line.spread()[point])
                ? ""
                : " ± " + Numbers.measured(line.spread()[point]);
        return "%s, epoch %s: %s%s"
                .formatted(
                        line.label().isEmpty() ? line.name() : line.name() + " " + line.label(),
                        Numbers.fixed(line.x()[point], 0),
                        Numbers.measured(line.y()[point]),
                        spread);
    }

    /** Each line's label at the height of its end, pushed apart where they would cover each other. */
    private void labels(Svg svg) {
        List<Line> labelled =
                lines.stream().filter(line -> !line.label().isEmpty()).toList();
        double[] heights = labelled.stream().mapToDouble(this::end).toArray();
        double[] free = apart(heights, Math.min(LABEL_HEIGHT, (height - BOTTOM - TOP) / (labelled.size() + 1.0)));
        for (int i = 0; i < free.length; i++) {
            svg.text(
                    "label " + labelled.get(i).stroke().style(),
                    "start",
                    right + GAP,
                    free[i] + 4,
                    labelled.get(i).label());
        }
    }

    private double end(Line line) {
        double[] drawn =
                Arrays.stream(line.y()).filter(y -> isDrawn(y, logarithmic)).toArray();
        return y(drawn[drawn.length - 1]);
    }

    /** Heights at least a distance apart, in the same order, and none below the picture. */
    private double[] apart(double[] heights, double distance) {
        Integer[] order = new Integer[heights.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(heights[a], heights[b]));
        double[] moved = heights.clone();
        for (int i = 1; i < order.length; i++) {
            moved[order[i]] = Math.max(moved[order[i]], moved[order[i - 1]] + distance);
        }
        double lowest = height - BOTTOM;
        for (int i = order.length - 1; i >= 0; i--) {
            moved[order[i]] = Math.min(moved[order[i]], lowest);
            lowest = moved[order[i]] - distance;
        }
        return moved;
    }

    private double x(double epoch) {
        return left + epoch / last * (right - left);
    }

    private double y(double value) {
        return height - BOTTOM - up.applyAsDouble(value) * (height - BOTTOM - TOP);
    }

    /** The data of an SVG path of straight lines. */
    private static final class Path {
        private final StringBuilder data = new StringBuilder();

        void to(double x, double y) {
            data.append(data.isEmpty() ? 'M' : 'L').append(String.format(Locale.ROOT, "%.1f %.1f", x, y));
        }

        String closed() {
            return data + "Z";
        }

        @Override
        public String toString() {
            return data.toString();
        }
    }
}

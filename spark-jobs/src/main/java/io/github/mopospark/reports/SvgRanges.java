package io.github.mopospark.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Draws, for each dimension of a column, a bar from its smallest to its largest number and a box of a deviation each way. */
final class SvgRanges {
    private static final int WIDTH = 360;
    private static final int LEFT = 44;
    private static final int RIGHT = 24;
    private static final int TOP = 6;
    private static final int BOTTOM = 30;
    private static final int ROW = 20;
    private static final double BAR = 4;
    private static final double BOX = 10;

    /** In one picture no dimension's largest number is this many times another's: the small one could not be seen. */
    private static final double SPAN = 5;

    private SvgRanges() {}

    /**
     * Which dimensions can share a scale.
     *
     * @param min the smallest number of each dimension
     * @param max the largest number of each dimension
     * @return groups of dimensions, the one with the largest numbers first; ascending within a group
     */
    static List<List<Integer>> groups(double[] min, double[] max) {
        double[] sizes = IntStream.range(0, min.length)
                .mapToDouble(i -> Math.max(Math.abs(min[i]), Math.abs(max[i])))
                .toArray();
        List<Integer> bySize = IntStream.range(0, min.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -sizes[i]))
                .toList();
        List<List<Integer>> groups = new ArrayList<>();
        double largest = 0;
        for (int dimension : bySize) {
            if (groups.isEmpty() || sizes[dimension] * SPAN < largest) {
                groups.add(new ArrayList<>());
                largest = sizes[dimension];
            }
            groups.get(groups.size() - 1).add(dimension);
        }
        groups.forEach(group -> group.sort(null));
        return groups;
    }

    /**
     * Draws a group of dimensions.
     *
     * @param markup takes the picture
     * @param id of the picture, unique in its document
     * @param title of the picture
     * @param dimensions which dimensions
     * @param mean of each dimension of the column
     * @param std of each dimension of the column
     * @param min of each dimension of the column
     * @param max of each dimension of the column
     */
    static void draw(
            Markup markup,
            String id,
            String title,
            List<Integer> dimensions,
            double[] mean,
            double[] std,
            double[] min,
            double[] max) {
        double low = dimensions.stream().mapToDouble(i -> min[i]).min().orElseThrow();
        double high = dimensions.stream().mapToDouble(i -> max[i]).max().orElseThrow();
        Scale scale = Scale.covering(low, high, 10, 0);
        int bottom = TOP + ROW * dimensions.size();
        Svg svg = new Svg(markup, WIDTH, bottom + BOTTOM);
        svg.open(
                id,
                title,
                "%s, with numbers from %s to %s; the table has them all."
                        .formatted(
                                Numbers.counted(dimensions.size(), "dimension", "dimensions"),
                                Numbers.measured(low),
                                Numbers.measured(high)));
        if (low < 0 && high > 0) {
            double zero = x(scale, 0);
            svg.line("grid", zero, TOP, zero, bottom);
        }
        for (int row = 0; row < dimensions.size(); row++) {
            int i = dimensions.get(row);
            double y = TOP + ROW * (row + 0.5);
            svg.text("end", LEFT - 10, y + 4, Integer.toString(i));
            String tip = "dimension %d: mean %s, std %s, min %s, max %s"
                    .formatted(
                            i,
                            Numbers.measured(mean[i]),
                            Numbers.measured(std[i]),
                            Numbers.measured(min[i]),
                            Numbers.measured(max[i]));
            bar(svg, "range", scale, min[i], max[i], y, BAR, tip);
            // A lopsided distribution has less than a deviation on one side; the box ends with the numbers.
            bar(svg, "box", scale, Math.max(min[i], mean[i] - std[i]), Math.min(max[i], mean[i] + std[i]), y, BOX, tip);
            svg.line("mean", x(scale, mean[i]), y - BOX / 2 - 2, x(scale, mean[i]), y + BOX / 2 + 2);
        }
        svg.axis(scale, LEFT, WIDTH - RIGHT, bottom);
        svg.close();
    }

    private static void bar(
            Svg svg, String style, Scale scale, double from, double to, double y, double height, String tip) {
        svg.bar(style, x(scale, from), y - height / 2, Math.max(1, x(scale, to) - x(scale, from)), height, tip);
    }

    private static double x(Scale scale, double value) {
        return LEFT + scale.position(value) * (WIDTH - LEFT - RIGHT);
    }
}

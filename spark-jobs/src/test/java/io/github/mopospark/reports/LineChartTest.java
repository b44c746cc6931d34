package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.reports.Line.Stroke;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class LineChartTest {
    private static final double NAN = Double.NaN;

    private static Line line(String label, double... y) {
        return new Line(
                "line",
                label,
                Stroke.FIRST,
                IntStream.rangeClosed(1, y.length).asDoubleStream().toArray(),
                y,
                new double[0],
                NAN);
    }

    private static ParsedPage draw(boolean logarithmic, Line... lines) {
        Markup markup = new Markup();
        new LineChart("chart", "Chart", List.of(lines), logarithmic).draw(markup);
        return ParsedPage.of(markup.finish());
    }

    /** The points of the paths of a style: each path's, and of these x and y. */
    private static List<double[][]> paths(ParsedPage page, String style) {
        return page.elements("path").stream()
                .filter(path -> path.getAttribute("class").startsWith(style))
                .map(path -> path.getAttribute("d").replaceAll("[MZ]", "").split("L", -1))
                .map(points -> List.of(points).stream()
                        .map(point -> List.of(point.split(" ", -1)).stream()
                                .mapToDouble(Double::parseDouble)
                                .toArray())
                        .toArray(double[][]::new))
                .toList();
    }

    private static List<double[][]> lines(ParsedPage page) {
        return paths(page, "line");
    }

    private static double height(ParsedPage page, String label) {
        Element text = page.elements("text").stream()
                .filter(element -> element.getTextContent().equals(label))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(text.getAttribute("y")) - 4;
    }

    @Test
    void drawsPointsAtTheHeightOfTheirLabels() {
        ParsedPage page = draw(false, line("", 0, 20, 100, 40));

        double[][] points = lines(page).get(0);
        assertThat(points).hasDimensions(4, 2);
        assertThat(points[0][1]).isEqualTo(height(page, "0"));
        assertThat(points[2][1]).isEqualTo(height(page, "100"));
        assertThat(points[3][1]).isEqualTo(height(page, "40"));
        assertThat(points[2][1]).isLessThan(points[0][1]);
        assertThat(points[2][0] - points[1][0]).isCloseTo(points[1][0] - points[0][0], within(0.11));
    }

    private static org.assertj.core.data.Offset<Double> within(double size) {
        return org.assertj.core.data.Offset.offset(size);
    }

    @Test
    void drawsEqualFactorsAsEqualDistancesOnALogarithmicScale() {
        double[][] points = lines(draw(true, line("", 0.01, 1, 100))).get(0);

        assertThat(points[1][1] - points[2][1]).isCloseTo(points[0][1] - points[1][1], within(0.11));
    }

    @Test
    void leavesAGapWhereANumberIsNotFinite() {
        ParsedPage page = draw(false, line("", 1, 2, NAN, 3, Double.POSITIVE_INFINITY, 4, 5));

        assertThat(lines(page)).extracting(points -> points.length).containsExactly(2, 1, 2);
        assertThat(lines(draw(true, line("", 1, 0, 2, -1, 3)))).hasSize(3);
        assertThat(new LineChart("chart", "Chart", List.of(line("", NAN, -Double.MAX_VALUE)), false).isEmpty())
                .isTrue();
        assertThat(new LineChart("chart", "Chart", List.of(line("", 0, -1)), true).isEmpty())
                .isTrue();
    }

    @Test
    void drawsASinglePointAsADot() {
        ParsedPage page = draw(false, line("", 5).withSpread(2));

        assertThat(page.elements("circle")).hasSize(1);
        assertThat(page.texts("circle")).containsExactly("line, epoch 1: 5.0000 ± 2.0000");
        double[][] whisker = paths(page, "whisker").get(0);
        assertThat(whisker[1][1] - whisker[0][1]).isPositive();
    }

    @Test
    void drawsTheBandAroundThePointsAndMakesRoomForIt() {
        ParsedPage page = draw(false, line("", 10, 20, 30).withSpread(10, NAN, 70));

        double[][] band = paths(page, "band").get(0);
        double[][] points = lines(page).get(0);
        assertThat(band).hasDimensions(6, 2);
        assertThat(band[2][1]).isEqualTo(height(page, "100"));
        assertThat(band[5][1]).isEqualTo(height(page, "0"));
        assertThat(band[1]).isEqualTo(points[1]).isEqualTo(band[4]);
    }

    @Test
    void keepsLabelsApartAndInsideThePicture() {
        ParsedPage page = draw(false, line("a", 1, 0), line("b", 1, 0.001), line("c", 1, 0), line("d", 1, 1));

        List<Double> heights = List.of("a", "b", "c", "d").stream()
                .map(label -> height(page, label))
                .sorted()
                .toList();
        for (int i = 1; i < heights.size(); i++) {
            assertThat(heights.get(i) - heights.get(i - 1)).isGreaterThanOrEqualTo(12.9);
        }
        assertThat(heights.get(3)).isLessThanOrEqualTo(198);
        assertThat(height(page, "d")).isLessThan(height(page, "b"));
    }

    @Test
    void staysInsideThePictureForHugeTinyAndConstantNumbers() {
        for (double[] values : List.of(
                new double[] {1e200, -1e200},
                new double[] {1e-300, 2e-300},
                new double[] {7, 7, 7},
                new double[] {0},
                new double[] {12_345_678, 12_345_679},
                IntStream.range(0, 1_000).mapToDouble(i -> Math.sin(i) * i).toArray())) {
            for (double[] point : lines(draw(false, line("last", values))).get(0)) {
                assertThat(point[0]).isBetween(20.0, 340.0);
                assertThat(point[1]).isBetween(11.9, 198.1);
            }
        }
    }

    @Test
    void putsDotsOnFewPointsAndAMarkOnOneOfMany() {
        double[] many = IntStream.range(0, 1_000).asDoubleStream().toArray();

        assertThat(draw(false, line("", 1, 2, 3)).elements("circle")).hasSize(3);
        assertThat(draw(false, line("", many)).elements("circle")).isEmpty();
        assertThat(draw(false, line("", many).marking(700)).texts("circle"))
                .containsExactly("line, epoch 700: 699.0000");
    }

    @Test
    void refusesALineOfUnequalLengths() {
        assertThatThrownBy(() -> line("", 1, 2).withSpread(1)).hasMessage("the line line has 2 x, 2 y and 1 spreads");
    }
}

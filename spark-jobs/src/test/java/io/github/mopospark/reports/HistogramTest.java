package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void putsANumberOnAnEdgeIntoTheBinAboveItAndTheLastIntoTheLastBin() {
        Histogram histogram = Histogram.of(new double[] {0, 0.1, 0.3, 0.7, 3.9, 4}, 0);

        assertThat(histogram.bins()).isEqualTo(40);
        assertThat(histogram.from(3)).isEqualTo(0.3);
        assertThat(histogram.to(39)).isEqualTo(4);
        for (int bin : new int[] {0, 1, 3, 7}) {
            assertThat(histogram.count(bin)).as("bin %d", bin).isOne();
        }
        assertThat(histogram.count(39)).isEqualTo(2);
    }

    @Test
    void countsEveryNumberOnceAndBetweenItsEdges() {
        SplittableRandom random = new SplittableRandom(1);
        for (double size : new double[] {1e-30, 1e-3, 0.7, 33, 1e9, 1e30}) {
            double[] values = random.doubles(2_000, -0.3 * size, size).toArray();
            Histogram histogram = Histogram.of(values, 0);
            assertThat(histogram.total()).isEqualTo(2_000);
            assertThat(histogram.bins()).isBetween(12, 40);
            for (int bin = 0; bin < histogram.bins(); bin++) {
                long expected = 0;
                for (double value : values) {
                    expected += value >= histogram.from(bin) && value < histogram.to(bin) ? 1 : 0;
                }
                assertThat(histogram.count(bin)).isEqualTo(expected);
            }
        }
    }

    @Test
    void hasOneFullBinAmongEmptyOnesWhereAllNumbersAreEqual() {
        for (double value : new double[] {0, 1, -208.9, 1000, 1e-40, 3e38}) {
            Histogram histogram = Histogram.of(new double[] {value, value, value}, 0);
            assertThat(histogram.total()).isEqualTo(3);
            assertThat(histogram.largest()).isEqualTo(3);
            assertThat(histogram.bins()).isEqualTo(5);
            assertThat(histogram.count(2)).as("of %s", value).isEqualTo(3);
        }
    }

    @Test
    void tellsNumbersApartThatDifferInTheirLastDigitsOnly() {
        Histogram histogram = Histogram.of(new double[] {16_777_215, 16_777_216}, 0);

        assertThat(histogram.total()).isEqualTo(2);
        assertThat(histogram.count(0)).isOne();
        assertThat(Histogram.of(new double[] {1, Math.nextUp(1.0)}, 0).total()).isEqualTo(2);
    }

    @Test
    void keepsWholeNumbersInBinsOfTheirOwn() {
        Histogram histogram = Histogram.of(new double[] {7, 8, 8, 9}, 1);

        assertThat(histogram.bins()).isEqualTo(2);
        assertThat(histogram.count(0)).isOne();
        assertThat(histogram.count(1)).isEqualTo(3);
    }

    @Test
    void refusesWhatItsBinsDoNotCover() {
        Histogram histogram = new Histogram(0, 1, 0);

        assertThatThrownBy(() -> histogram.add(1.5)).hasMessage("1.5 is not from 0.0 to 1.0");
        assertThatThrownBy(() -> histogram.add(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Histogram(0, Double.NaN, 0)).hasMessage("no scale covers 0.0 to NaN");
    }
}

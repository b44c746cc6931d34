package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SvgRangesTest {
    @Test
    void givesDimensionsOfOtherMagnitudesAScaleOfTheirOwn() {
        double[] min = {-10, 0.7, -0.2, 0, -1, -3};
        double[] max = {8, 1.7, 0.1, 0, 1, 2};

        assertThat(SvgRanges.groups(min, max))
                .extracting(Object::toString)
                .containsExactly("[0, 5]", "[1, 4]", "[2]", "[3]");
    }
}

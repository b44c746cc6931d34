package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatasetFindingsTest {
    @Test
    void writesSpansOfDimensions() {
        assertThat(DatasetFindings.spans(new int[] {0, 2, 3, 4, 9})).isEqualTo("0, 2-4, 9");
    }
}

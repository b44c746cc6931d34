package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkVersionsTest {
    @ParameterizedTest
    @CsvSource({"3.5.0, 2.12.18", "3.5.7, 2.12.18", "3.5.7-SNAPSHOT, 2.12"})
    void theSparkOfTheBuildAndItsLikesAreTaken(String spark, String scala) {
        assertThat(SparkVersions.problem(spark, scala)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3.5.7, 2.13.8", "3.4.3, 2.12.17", "4.0.0, 2.13.16", "3.50.1, 2.12.18", "3.5.7, 2.120.1"})
    void othersAreRefusedByTheirNames(String spark, String scala) {
        assertThat(SparkVersions.problem(spark, scala))
                .hasValue(
                        "this is Spark %s with Scala %s, but mopo-spark.jar needs a Spark 3.5.x with Scala 2.12.x; take a Spark home of those"
                                .formatted(spark, scala));
    }

    @Test
    void thatOfTheTestsIsTaken() {
        assertThatCode(SparkVersions::require).doesNotThrowAnyException();
    }
}

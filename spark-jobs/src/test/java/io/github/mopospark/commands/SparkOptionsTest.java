package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParseResult;

class SparkOptionsTest {
    private static String commandLine(String... arguments) {
        ParseResult parsed = Mopo.commandLine().parseArgs(arguments);
        return SparkOptions.commandLine(parsed.subcommand().commandSpec());
    }

    @Test
    void aShellTakesTheCommandAsItWasGiven() {
        assertThat(commandLine(
                        "sweep", "--config", "a.conf", "--set", "ensemble.hidden-sizes=[16, 16]", "--output", "it's"))
                .isEqualTo("bin/mopo sweep --config a.conf --set 'ensemble.hidden-sizes=[16, 16]' --output 'it'\\''s'");
        assertThat(commandLine("sweep", "--output", "")).isEqualTo("bin/mopo sweep --output ''");
    }

    @Test
    void hidesSecrets() {
        assertThat(commandLine("sweep", "--spark-conf", "spark.hadoop.fs.s3a.secret.key=abc"))
                .isEqualTo("bin/mopo sweep --spark-conf 'spark.hadoop.fs.s3a.secret.key=(hidden)'");
    }

    @Test
    void whatWasSubmittedIsSubmittedAgain() {
        System.setProperty("SPARK_SUBMIT", "true");
        System.setProperty("spark.master", "spark://host:7077");
        try {
            assertThat(commandLine("sweep", "--output", "hdfs:/x"))
                    .isEqualTo(
                            "spark-submit --master spark://host:7077 --class io.github.mopospark.commands.Mopo mopo-spark.jar sweep --output hdfs:/x");
        } finally {
            System.clearProperty("SPARK_SUBMIT");
            System.clearProperty("spark.master");
        }
    }
}

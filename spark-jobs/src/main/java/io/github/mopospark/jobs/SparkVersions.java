package io.github.mopospark.jobs;

import java.util.Optional;
import org.apache.spark.package$;
import scala.util.Properties;

/** The Spark and the Scala that this program was compiled for; with others it would fail somewhere on its way. */
public final class SparkVersions {
    private static final String SPARK = "3.5";
    private static final String SCALA = "2.12";

    private SparkVersions() {}

    /**
     * Checks those that this JVM has.
     *
     * @throws IllegalArgumentException if they do not fit; the message names both
     */
    public static void require() {
        problem(package$.MODULE$.SPARK_VERSION(), Properties.versionNumberString())
                .ifPresent(problem -> {
                    throw new IllegalArgumentException(problem);
                });
    }

    /** What is wrong with versions, and what to do. */
    static Optional<String> problem(String spark, String scala) {
        if (isOf(SPARK, spark) && isOf(SCALA, scala)) {
            return Optional.empty();
        }
        return Optional.of(
                "this is Spark %s with Scala %s, but mopo-spark.jar needs a Spark %s.x with Scala %s.x; take a Spark home of those"
                        .formatted(spark, scala, SPARK, SCALA));
    }

    private static boolean isOf(String line, String version) {
        return version.equals(line) || version.startsWith(line + ".");
    }
}

package io.github.mopospark.cluster;

import java.nio.file.Path;

/** What the build made of this module, for tests that run after it was packaged. */
public final class Build {
    private Build() {}

    /**
     * The project's own folder.
     *
     * @return the folder of the root {@code pom.xml}
     */
    public static Path root() {
        return Path.of(System.getProperty("mopo.root", "..")).toAbsolutePath().normalize();
    }

    private static Path target() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
    }

    /**
     * The program.
     *
     * @return the jar that spark-submit takes
     */
    public static Path jar() {
        return target().resolve("mopo-spark.jar");
    }

    /**
     * The Spark home to test with.
     *
     * @return {@code SPARK_HOME} where it is set, else the one that the build lays out
     */
    public static Path sparkHome() {
        String given = System.getenv("SPARK_HOME");
        return given == null || given.isBlank() ? target().resolve("spark-home") : Path.of(given);
    }

    /**
     * The class path of Spark's own processes.
     *
     * @return the jars of the Spark home
     */
    public static String sparkClassPath() {
        return sparkHome().resolve("jars") + "/*";
    }
}

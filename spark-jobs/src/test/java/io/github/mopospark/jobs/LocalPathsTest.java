package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class LocalPathsTest {
    private static final List<Path> PATHS = List.of(new Path("file:///data"), new Path("file:///runs/1"));

    @Test
    void executorsElsewhereAreNamed() {
        assertThat(LocalPaths.warning("here", Set.of("there", "elsewhere", "here"), PATHS))
                .hasValue(
                        "warning: file:/data and file:/runs/1 of here must be there on elsewhere, there too, as a mounted file system is; else give paths that all hosts reach, such as hdfs:");
    }

    @Test
    void executorsOfTheSameHostSeeWhatTheDriverDoes() {
        assertThat(LocalPaths.warning("here", Set.of("here"), PATHS)).isEmpty();
    }

    @Test
    void aLocalMasterIsNotAsked() {
        SparkConf conf =
                new SparkConf(false).setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false");
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            assertThat(LocalPaths.warning(context, PATHS)).isEmpty();
            assertThat(context.statusTracker().getJobIdsForGroup("preflight")).isEmpty();
        }
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class LocalPathsTest {
    private static final List<Path> PATHS = List.of(new Path("file:///data"), new Path("file:///runs/1"));

    @Test
    void executorsElsewhereAreNamed() {
        assertThat(LocalPaths.warning(new TreeSet<>(Set.of("there", "elsewhere")), PATHS))
                .hasValue(
                        "warning: file:/data and file:/runs/1 must be the same on elsewhere, there as on the driver, as a mounted file system is; else give paths that all hosts reach, such as hdfs:");
    }

    @Test
    void executorsOfTheSameHostSeeWhatTheDriverDoes() throws IOException {
        assertThat(LocalPaths.warning(Set.of(), PATHS)).isEmpty();
        assertThat(LocalPaths.isHere("localhost")).isTrue();
        assertThat(LocalPaths.isHere("127.0.0.1")).isTrue();
        assertThat(LocalPaths.isHere(InetAddress.getLoopbackAddress().getHostAddress()))
                .isTrue();
        // An address that is kept for examples.
        assertThat(LocalPaths.isHere("192.0.2.1")).isFalse();
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

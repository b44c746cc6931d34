package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class OmpThreadsTest {
    private final SparkConf conf = new SparkConf(false).set("spark.master", "local[4]");

    private List<String> problems(String ofDriver) {
        return OmpThreads.problems(ofDriver, conf);
    }

    @Test
    void oneThreadATaskIsTaken() {
        assertThat(problems("1")).isEmpty();
        assertThat(problems(" 1,4 ")).as("OpenMP's list of levels").isEmpty();
    }

    @Test
    void asManyThreadsAsATaskHasCoresAreTaken() {
        conf.set("spark.task.cpus", "3");
        assertThat(problems("3")).isEmpty();
        assertThat(problems("4")).hasSize(1);
    }

    @Test
    void aVariableThatIsNotSetIsRefused() {
        assertThat(problems(null))
                .containsExactly(
                        "OMP_NUM_THREADS is not set, so that ND4J would take all cores for each task; export OMP_NUM_THREADS=1 before the driver starts, as bin/mopo does");
        assertThat(problems(" ")).hasSize(1);
    }

    @Test
    void moreThreadsThanCoresAreRefused() {
        assertThat(problems("2"))
                .singleElement()
                .asString()
                .startsWith("OMP_NUM_THREADS = 2 is more than spark.task.cpus = 1,");
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThat(problems("all")).singleElement().asString().contains("must be a number of at least 1, but was all");
        assertThat(problems("0")).hasSize(1);
    }

    @Test
    void executorsOfAClusterHaveTheirOwn() {
        conf.set("spark.master", "spark://host:7077");
        assertThat(problems("1")).singleElement().asString().startsWith("spark.executorEnv.OMP_NUM_THREADS is not set");

        conf.set("spark.executorEnv.OMP_NUM_THREADS", "1");
        assertThat(problems("1")).isEmpty();

        conf.set("spark.executorEnv.OMP_NUM_THREADS", "8");
        assertThat(problems("1")).singleElement().asString().contains("= 8 is more than spark.task.cpus = 1");
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkMasterTest {
    private static SparkMaster of(String master, String... settings) {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return SparkMaster.of(conf);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local | true | 1",
                "local[3] | true | 3",
                "local[4,2] | true | 4",
                "local-cluster[2,1,1024] | false | 16",
                "spark://host:7077 | false | 16",
                "yarn | false | 1",
                "k8s://https://host | false | 1"
            })
    void aMasterTellsWhereAndHowManyTasksRun(String master, boolean isLocal, int slots) {
        assertThat(of(master)).isEqualTo(new SparkMaster(isLocal, slots));
    }

    @Test
    void allCoresAreThoseOfTheMachine() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(of("local[*]")).isEqualTo(new SparkMaster(true, cores));
        assertThat(SparkMaster.of(new SparkConf(false))).isEqualTo(new SparkMaster(true, cores));
    }

    @Test
    void settingsOfCoresCount() {
        assertThat(of("local[4]", "spark.task.cpus", "2").slots()).isEqualTo(2);
        assertThat(of("yarn", "spark.executor.cores", "6", "spark.task.cpus", "2")
                        .slots())
                .isEqualTo(3);
        assertThat(of("spark://host:7077", "spark.cores.max", "5").slots()).isEqualTo(5);
        assertThat(of("spark://host:7077", "spark.cores.max", "5", "spark.executor.cores", "1")
                        .slots())
                .isEqualTo(1);
    }
}

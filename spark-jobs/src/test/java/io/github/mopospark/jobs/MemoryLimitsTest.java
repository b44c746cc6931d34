package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.cluster.Build;
import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class MemoryLimitsTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final SparkMaster LOCAL = new SparkMaster(true, 2);
    private static final SparkMaster CLUSTER = new SparkMaster(false, 2);

    private final RunConfig config = RunConfigs.of("hopper");
    /** Driver 2 GiB, executor 1 GiB, both in one 3 GiB; buffers 1 GiB. */
    private final MemoryNeeds needs = new MemoryNeeds(2 * GIB, GIB, 3 * GIB, 200 * MIB, 760 * MIB, 152 * MIB);

    private List<String> shortages(MemoryLimits limits) {
        return limits.shortages(needs, config);
    }

    private static MemoryLimits local(long heap, long direct, long machine) {
        return new MemoryLimits(LOCAL, heap, direct, machine, 0, GIB, 0, false);
    }

    private static MemoryLimits cluster(long heap, long executorHeap) {
        return new MemoryLimits(CLUSTER, heap, 4 * GIB, 64 * GIB, executorHeap, GIB, 0, true);
    }

    @Test
    void tellsWhatTheDeploymentPagesSay() throws IOException {
        RunConfig random = new ConfigReader(new Storage(new Configuration()))
                .read(
                        new Path(Build.root()
                                .resolve("conf/halfcheetah-random.conf")
                                .toString()),
                        Map.of());
        MemoryNeeds million = MemoryNeeds.of(random, new DataShape("d", 1_000_000, 17, 6, "halfcheetah"), 2);

        assertThat(Build.root().resolve("deploy/kubernetes/scheduled-sweep.yaml"))
                .content()
                .contains("# " + cluster(GIB, GIB).line(million) + "\n");
        assertThat(Build.root().resolve("docs/local.md"))
                .content()
                .contains("# " + local(GIB, GIB, GIB).line(million) + "  ");
    }

    @Test
    void whatIsEnoughIsTaken() {
        assertThat(shortages(local(3 * GIB, GIB, 8 * GIB))).isEmpty();
        assertThat(shortages(cluster(2 * GIB, GIB))).isEmpty();
    }

    @Test
    void theHeapOfOneJvmHoldsDriverAndExecutor() {
        assertThat(shortages(local(3 * GIB - MIB, GIB, 8 * GIB)))
                .containsExactly(
                        "memory: the run needs 3,072 MiB of heap in this JVM, which may take 3,071 MiB; give it MOPO_JAVA_OPTS=-Xmx3100m, or take fewer rows (mopo convert --sample)");
    }

    @Test
    void underSubmitItsOwnOptionsAreNamed() {
        assertThat(shortages(cluster(2 * GIB - MIB, GIB)))
                .singleElement()
                .asString()
                .contains("give it --driver-memory 2100m");
        MemoryLimits narrow = new MemoryLimits(CLUSTER, 2 * GIB, 512 * MIB, 64 * GIB, GIB, GIB, 0, true);
        assertThat(shortages(narrow))
                .singleElement()
                .asString()
                .contains("give it -XX:MaxDirectMemorySize=1100m among spark.driver.extraJavaOptions");
    }

    @Test
    void theBuffersFitBesideTheHeap() {
        assertThat(shortages(local(3 * GIB, GIB - MIB, 8 * GIB)))
                .containsExactly(
                        "memory: the buffers need 1,024 MiB beside the heap (200 MiB for the rows of the dataset, 760 MiB for 5 rounds of 50,000 x 5 transitions), but this JVM may take 1,023 MiB there; give it MOPO_JAVA_OPTS=-XX:MaxDirectMemorySize=1100m, or set rollout.rounds-kept or rollout.starts lower");
    }

    @Test
    void theMachineHoldsHeapAndBuffersTogether() {
        assertThat(shortages(local(8 * GIB, 8 * GIB, 4 * GIB)))
                .singleElement()
                .asString()
                .startsWith("memory: the run needs 4,396 MiB in this JVM, but the machine has 4,096 MiB;");
    }

    @Test
    void anExecutorsHeapIsSparks() {
        assertThat(shortages(cluster(2 * GIB, 700 * MIB)))
                .containsExactly(
                        "memory: an executor needs 1,024 MiB of heap, but spark.executor.memory is 700 MiB; set spark.executor.memory=1100m");
    }

    @Test
    void aRoundIsNoMoreThanTheDriverTakes() {
        MemoryLimits limits = new MemoryLimits(LOCAL, 3 * GIB, GIB, 8 * GIB, 0, 100 * MIB, 0, false);
        assertThat(shortages(limits))
                .singleElement()
                .asString()
                .contains("152 MiB in a round", "spark.driver.maxResultSize is 100 MiB", "maxResultSize=200m");
        assertThat(shortages(new MemoryLimits(LOCAL, 3 * GIB, GIB, 8 * GIB, 0, 0, 0, false)))
                .as("0 is for any")
                .isEmpty();
    }

    @Test
    void theDriversContainerHoldsTheBuffersBesideItsHeap() {
        MemoryLimits limits = new MemoryLimits(CLUSTER, 2 * GIB, 4 * GIB, 64 * GIB, GIB, GIB, 384 * MIB, true);
        assertThat(shortages(limits))
                .singleElement()
                .asString()
                .contains("1,324 MiB beside its heap", "384 MiB there; set spark.driver.memoryOverhead=1400m");
        assertThat(shortages(new MemoryLimits(CLUSTER, 2 * GIB, 4 * GIB, 64 * GIB, GIB, GIB, 1400 * MIB, true)))
                .isEmpty();
    }

    @Test
    void onlyADriverInAContainerHasAnOverhead() {
        SparkConf conf = new SparkConf(false).setMaster("yarn").set("spark.driver.memory", "8g");
        assertThat(MemoryLimits.of(conf).overhead()).isZero();
        conf.set("spark.submit.deployMode", "cluster");
        assertThat(MemoryLimits.of(conf).overhead()).isEqualTo(819 * MIB);
        conf.setMaster("k8s://host").set("spark.driver.memoryOverhead", "2g");
        assertThat(MemoryLimits.of(conf).overhead()).isEqualTo(2 * GIB);
        conf.setMaster("spark://host:7077");
        assertThat(MemoryLimits.of(conf).overhead()).isZero();
    }

    @Test
    void aRoundThatIsSavedFitsIntoAFile() {
        MemoryNeeds large = new MemoryNeeds(GIB, GIB, GIB, MIB, 10 * GIB, 2 * GIB);
        MemoryLimits limits = new MemoryLimits(LOCAL, 64 * GIB, 64 * GIB, 128 * GIB, 0, 0, 0, false);

        assertThat(limits.shortages(large, config))
                .singleElement()
                .asString()
                .contains("2,048 MiB cannot be saved as one file; set checkpoint.rounds = policies");
        assertThat(limits.shortages(large, RunConfigs.of("hopper", "checkpoint.rounds", "policies")))
                .isEmpty();
    }

    @Test
    void allShortagesAreTold() {
        assertThat(shortages(local(GIB, MIB, 2 * GIB))).hasSize(3);
    }

    @Test
    void anEnsembleAloneNeedsNoBuffers() {
        MemoryNeeds ensemble = new MemoryNeeds(GIB, GIB, 2 * GIB, 0, 0, 0);

        assertThat(local(2 * GIB, 1, 3 * GIB).shortages(ensemble, config)).isEmpty();
        assertThat(local(2 * GIB, 1, 3 * GIB).line(ensemble)).isEqualTo("memory: needs 2,048 MiB of heap");
    }

    @Test
    void theLineTellsWhatIsNeeded() {
        assertThat(local(1, 1, 1).line(needs)).isEqualTo("memory: needs 3,072 MiB of heap and 1,024 MiB beside it");
        assertThat(cluster(1, 1).line(needs))
                .isEqualTo(
                        "memory: needs 2,048 MiB of heap and 1,024 MiB beside it on the driver, 1,024 MiB of heap an executor");
    }

    @Test
    void theLimitsAreThoseOfThisJvm() {
        MemoryLimits limits = MemoryLimits.of(new SparkConf(false)
                .set("spark.master", "yarn")
                .set("spark.executor.memory", "3g")
                .set("spark.driver.maxResultSize", "5m"));

        assertThat(limits.heap()).isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(limits.direct()).isPositive();
        assertThat(limits.machine()).isGreaterThan(GIB);
        assertThat(limits.executorHeap()).isEqualTo(3 * GIB);
        assertThat(limits.results()).isEqualTo(5 * MIB);
        assertThat(MemoryLimits.of(new SparkConf(false)).executorHeap()).isEqualTo(GIB);
    }
}

package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.configuration.Trial;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialsAtOnceTest {
    private static final long GIB = 1L << 30;
    private static final long PLENTY = 256 * GIB;
    private static final RunConfig CONFIG = RunConfigs.of("halfcheetah");
    private static final DataShape LARGE = new DataShape("d", 1_000_000, 17, 6, "halfcheetah");

    private static int most(int cores, long heap, long direct, long machine, Map<RunConfig, DataShape> sizes) {
        SparkMaster master = SparkMaster.of(new SparkConf().set("spark.master", "local[2]"));
        return TrialsAtOnce.most(cores, new MemoryLimits(master, heap, direct, machine, GIB, 0, 0, false), sizes);
    }

    @Test
    void areAsManyAsThereAreCoresFor() {
        assertThat(most(3, PLENTY, PLENTY, PLENTY, Map.of(CONFIG, LARGE))).isEqualTo(3);
        assertThat(most(0, PLENTY, PLENTY, PLENTY, Map.of(CONFIG, LARGE))).isOne();
    }

    /** What some runs at once need. */
    private static MemoryNeeds needs(int runs) {
        return MemoryNeeds.of(CONFIG, LARGE, EnumSet.allOf(MemoryNeeds.Step.class), 2, runs);
    }

    @Test
    void areNoMoreThanTheHeapTheBuffersAndTheMachineTake() {
        Map<RunConfig, DataShape> sizes = Map.of(CONFIG, LARGE);
        assertThat(most(8, needs(2).sharedHeap(), PLENTY, PLENTY, sizes)).isEqualTo(2);
        assertThat(most(8, needs(2).sharedHeap() - 1, PLENTY, PLENTY, sizes)).isOne();
        assertThat(most(8, PLENTY, needs(3).direct(), PLENTY, sizes)).isEqualTo(3);
        assertThat(most(8, PLENTY, needs(3).direct() - 1, PLENTY, sizes)).isEqualTo(2);
        long machine = needs(4).sharedHeap() + needs(4).direct();
        assertThat(most(8, PLENTY, PLENTY, machine, sizes)).isEqualTo(3);
        assertThat(most(8, PLENTY, PLENTY, machine + GIB / 2, sizes)).isEqualTo(4);
    }

    @Test
    void runsShareTheirJvmAndTheirTasksButNoData() {
        assertThat(needs(3).datasetBuffer()).isEqualTo(3 * needs(1).datasetBuffer());
        assertThat(needs(3).modelBuffer()).isEqualTo(3 * needs(1).modelBuffer());
        assertThat(needs(3).round()).isEqualTo(needs(1).round());
        assertThat(needs(3).driverHeap()).isBetween(2 * needs(1).driverHeap(), 3 * needs(1).driverHeap());
        assertThat(needs(3).executorHeap()).isBetween(needs(1).executorHeap() + 1, 3 * needs(1).executorHeap());
    }

    @Test
    void runsInDifferentPhasesCountWithTheGreatestOfEach() {
        // Two runs need no less than one that trains its members beside one that learns.
        Set<MemoryNeeds.Step> policy = EnumSet.of(MemoryNeeds.Step.POLICY);
        long mixed = MemoryNeeds.of(CONFIG, LARGE, EnumSet.of(MemoryNeeds.Step.ENSEMBLE), 2)
                        .driverHeap()
                + MemoryNeeds.of(CONFIG, LARGE, policy, 2).driverHeap();
        assertThat(needs(2).driverHeap() + (200L << 20)).isGreaterThanOrEqualTo(mixed);
    }

    @Test
    void aFileOfWhichTheSizesAreNotKnownYetAllowsOne(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("far.hdf5"));
        Configuration hadoop = new Configuration();
        RemoteLikeFileSystem.register(hadoop);
        Trial trial = new Trial("a", RunConfigs.of("hopper", "data", RemoteLikeFileSystem.uri(file)));
        SparkConf conf = new SparkConf().set("spark.master", "local[64]");
        assertThat(TrialsAtOnce.most(conf, new Storage(hadoop), List.of(trial, trial, trial)))
                .isOne();
    }

    @Test
    void isOneWhereNotEvenThatFits() {
        assertThat(most(8, GIB / 4, GIB, GIB, Map.of(CONFIG, LARGE))).isOne();
    }

    @Test
    void theLargestTrialCounts() {
        RunConfig other = RunConfigs.of("hopper");
        DataShape small = new DataShape("s", 1_000, 11, 3, "hopper");
        long heap = needs(2).sharedHeap();
        assertThat(most(8, heap, PLENTY, PLENTY, Map.of(other, small))).isGreaterThan(2);
        assertThat(most(8, heap, PLENTY, PLENTY, Map.of(other, small, CONFIG, LARGE)))
                .isEqualTo(2);
    }
}

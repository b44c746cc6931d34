package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.policy.buffers.DatasetBuffer;
import io.github.mopospark.policy.buffers.ModelBuffer;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryNeedsTest {
    private static final long MILLION = 1_000_000;

    private static DataShape hopper(long rows) {
        return new DataShape("d", rows, 11, 3, "hopper");
    }

    private static MemoryNeeds of(DataShape data, String... settings) {
        return MemoryNeeds.of(RunConfigs.of("hopper", settings), data, 2);
    }

    @Test
    void theBuffersTakeWhatIsSaid() {
        RunConfig config = RunConfigs.of("hopper", "rollout.starts", "3000", "rollout.rounds-kept", "3");
        Transitions rows = Transitions.allocate(5_000, 11, 3);
        Arrays.fill(rows.hasNextObservation(), true);

        long before = direct();
        DatasetBuffer dataset = DatasetBuffer.of(rows);
        ModelBuffer model = new ModelBuffer(dataset.layout(), config.rollout().roundShape(), 3, true);
        long taken = direct() - before;

        assertThat(model.shape().rows()).isEqualTo(15_000);
        MemoryNeeds needs =
                of(hopper(5_000), "rollout.starts", "3000", "rollout.rounds-kept", "3", "rollout.overlap", "true");
        assertThat(needs.datasetBuffer() + needs.modelBuffer()).isEqualTo(taken);
        assertThat(needs.round() * 4).isEqualTo(needs.modelBuffer());
        assertThat(needs.direct()).isGreaterThan(taken);
    }

    @Test
    void anAveragedEnsembleNeedsNoJvmThatHoldsAllRows() {
        RunConfig config = RunConfigs.of("hopper", "ensemble.trainer", "dl4j-spark");
        Set<MemoryNeeds.Step> ensemble = EnumSet.of(MemoryNeeds.Step.ENSEMBLE);
        MemoryNeeds few = MemoryNeeds.of(config, hopper(MILLION), ensemble, 2);
        MemoryNeeds many = MemoryNeeds.of(config, hopper(1_000 * MILLION), ensemble, 2);
        assertThat(many).isEqualTo(few);
        assertThat(many.driverHeap()).isEqualTo(MemoryNeeds.LEAST_HEAP);
        MemoryNeeds core = MemoryNeeds.of(RunConfigs.of("hopper"), hopper(10 * MILLION), ensemble, 2);
        assertThat(core.driverHeap()).isGreaterThan(1L << 30);
        assertThat(core.executorHeap()).isGreaterThan(1L << 30);
        // The learner of the policy has all rows.
        assertThat(MemoryNeeds.of(config, hopper(10 * MILLION), 2).driverHeap()).isGreaterThan(1L << 30);
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void rowsTakeTheArraysTheyAreReadInto() {
        Transitions rows = Transitions.allocate(1_000, 11, 3);
        long aThousand = 8L * rows.episodes().length
                + 4L * rows.steps().length
                + 4L * rows.observations().length
                + 4L * rows.actions().length
                + 4L * rows.rewards().length
                + 4L * rows.nextObservations().length
                + rows.hasNextObservation().length
                + rows.terminals().length
                + rows.timeouts().length;

        RunConfig config = RunConfigs.of("hopper");
        Set<MemoryNeeds.Step> onlyRead = EnumSet.noneOf(MemoryNeeds.Step.class);
        long more = MemoryNeeds.of(config, hopper(21 * MILLION), onlyRead, 2).driverHeap()
                - MemoryNeeds.of(config, hopper(20 * MILLION), onlyRead, 2).driverHeap();

        assertThat(more / (double) (1_000 * aThousand)).isBetween(1.0, 1.5);
    }

    @Test
    void anExecutorHoldsTheRowsAndTheirStandardisedCopiesWhileItReads() {
        // Inputs of 14, padded to 16, and targets of 12.
        long standardised = MILLION * 4 * (16 + 12);
        long arrays = MILLION * 119;

        // By how much a million rows more are: a small heap is as large as Spark's least.
        MemoryNeeds many = of(hopper(20L * MILLION));
        MemoryNeeds more = of(hopper(21L * MILLION));
        assertThat(more.executorHeap() - many.executorHeap()).isGreaterThan(standardised + arrays);
        assertThat(more.driverHeap() - many.driverHeap()).isGreaterThan(standardised + arrays);
    }

    @Test
    void oneJvmNeedsMoreThanEitherSideAndLessThanBoth() {
        MemoryNeeds needs = of(hopper(2 * MILLION));

        assertThat(needs.sharedHeap())
                .isGreaterThan(needs.driverHeap())
                .isGreaterThan(needs.executorHeap())
                .isLessThan(needs.driverHeap() + needs.executorHeap());
    }

    @Test
    void aSmallRunNeedsWhatSparkDoes() {
        MemoryNeeds needs = of(hopper(1_000), "rollout.starts", "1000");

        assertThat(needs.driverHeap()).isEqualTo(MemoryNeeds.LEAST_HEAP);
        assertThat(needs.executorHeap()).isEqualTo(MemoryNeeds.LEAST_HEAP);
    }

    @Test
    void whatIsDoneAlreadyIsNotCounted() {
        RunConfig config = RunConfigs.of("hopper");
        MemoryNeeds all = MemoryNeeds.of(config, hopper(4 * MILLION), 2);
        MemoryNeeds policy = MemoryNeeds.of(config, hopper(4 * MILLION), EnumSet.of(MemoryNeeds.Step.POLICY), 2);
        MemoryNeeds ensemble = MemoryNeeds.of(config, hopper(4 * MILLION), EnumSet.of(MemoryNeeds.Step.ENSEMBLE), 2);

        assertThat(policy.sharedHeap()).isLessThan(all.sharedHeap());
        assertThat(policy.modelBuffer()).isEqualTo(all.modelBuffer()).isPositive();
        assertThat(ensemble.sharedHeap()).isEqualTo(all.sharedHeap());
        assertThat(ensemble.modelBuffer() + ensemble.datasetBuffer() + ensemble.round())
                .isZero();
    }

    @Test
    void moreTasksAtOnceNeedMore() {
        DataShape data = hopper(8 * MILLION);
        RunConfig config = RunConfigs.of("hopper", "ensemble.members", "40");

        assertThat(MemoryNeeds.of(config, data, 40).executorHeap())
                .isGreaterThan(MemoryNeeds.of(config, data, 2).executorHeap());
        assertThat(MemoryNeeds.of(config, data, 41).executorHeap())
                .as("there are no more members to train")
                .isEqualTo(MemoryNeeds.of(config, data, 40).executorHeap());
    }

    @Test
    void roundsThatAreSavedNeedMoreOnTheDriver() {
        String[] large = {"rollout.starts", "1000000", "checkpoint.rounds", "save"};
        long saved = of(hopper(1_000), large).driverHeap();
        large[3] = "policies";

        assertThat(of(hopper(1_000), large).driverHeap()).isLessThan(saved);
    }
}

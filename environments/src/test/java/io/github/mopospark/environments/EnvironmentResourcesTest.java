package io.github.mopospark.environments;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a long run costs: no Java memory a step, no native memory an environment. */
class EnvironmentResourcesTest {
    private static final long MEBIBYTE = 1 << 20;

    static Stream<Task> tasks() {
        return Tasks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void allocatesNothingInAStep(Task task) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Environment environment = Environments.create(task)) {
            double[] observation = new double[task.observationSize()];
            float[] action = new float[task.actionSize()];
            long least = Long.MAX_VALUE;
            // The first rounds load classes and compile; what they allocate is not the step's.
            for (int round = 0; round < 20; round++) {
                environment.reset(round, observation);
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int step = 0; step < 10; step++) {
                    environment.step(action, observation);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
        }
    }

    @Test
    void keepsNoMemoryOfTenThousandEnvironments() throws IOException {
        Task task = Tasks.named("hopper");
        createAndClose(task, 1000);
        long before = residentBytes();
        createAndClose(task, 10_000);
        long growth = residentBytes() - before;

        // The heap is fixed and touched (see the pom), so this is native memory. One leaked model or simulation holds
        // more than 20 KiB: 10,000 of them 200 MiB.
        System.out.printf(
                "10,000 environments created and closed: resident memory %+.1f MiB%n", (double) growth / MEBIBYTE);
        assertThat(growth).isLessThan(40 * MEBIBYTE);
    }

    private static void createAndClose(Task task, int count) {
        double[] observation = new double[task.observationSize()];
        float[] action = new float[task.actionSize()];
        for (int i = 0; i < count; i++) {
            try (Environment environment = Environments.create(task)) {
                environment.reset(i, observation);
                environment.step(action, observation);
            }
        }
    }

    private static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }
}

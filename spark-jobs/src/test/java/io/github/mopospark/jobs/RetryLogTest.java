package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.junit.jupiter.api.Test;

class RetryLogTest {
    private static final long PATIENCE_MILLISECONDS = 60_000;

    @Test
    void namesTheTaskThatFailedAndWhy() throws Exception {
        RetryLog log = new RetryLog("run 7");
        try (JavaSparkContext context = TinyRun.spark("local[2,4]")) {
            context.sc().addSparkListener(log);
            context.setJobGroup("rollouts of run 7", "rollouts: round 3");
            List<Integer> done = context.parallelize(List.of(0, 1, 2), 3)
                    .map(number -> {
                        if (number == 1 && TaskContext.get().attemptNumber() == 0) {
                            throw new IllegalStateException("the disk\nis gone");
                        }
                        return number;
                    })
                    .collect();
            assertThat(done).containsExactly(0, 1, 2);
            context.sc().listenerBus().waitUntilEmpty(PATIENCE_MILLISECONDS);
        }
        assertThat(log.sentences())
                .containsExactly(
                        "rollouts: round 3: task 1 failed on executor driver, attempt 1 (java.lang.IllegalStateException: the disk)");
    }

    @Test
    void doesNotTellOfOtherRuns() throws Exception {
        RetryLog log = new RetryLog("run 7");
        try (JavaSparkContext context = TinyRun.spark("local[2,4]")) {
            context.sc().addSparkListener(log);
            context.setJobGroup("rollouts of run 8", "rollouts: round 3");
            context.parallelize(List.of(0), 1)
                    .map(number -> {
                        if (TaskContext.get().attemptNumber() == 0) {
                            throw new IllegalStateException("gone");
                        }
                        return number;
                    })
                    .collect();
            context.sc().listenerBus().waitUntilEmpty(PATIENCE_MILLISECONDS);
        }
        assertThat(log.sentences()).isEmpty();
    }

    @Test
    void namesTheExecutorThatWasLost() {
        RetryLog log = new RetryLog("run 7");
        log.onExecutorRemoved(new SparkListenerExecutorRemoved(0, "4", "Command exited with code 137\nby a signal"));
        assertThat(log.sentences()).containsExactly("executor 4 was lost (Command exited with code 137)");
    }

    @Test
    void aRunWithoutFailuresHasNothingToTell() throws Exception {
        RetryLog log = new RetryLog("run 7");
        try (JavaSparkContext context = TinyRun.spark("local[2]")) {
            context.sc().addSparkListener(log);
            context.parallelize(List.of(0, 1), 2).count();
            context.sc().listenerBus().waitUntilEmpty(PATIENCE_MILLISECONDS);
        }
        assertThat(log.sentences()).isEmpty();
    }
}

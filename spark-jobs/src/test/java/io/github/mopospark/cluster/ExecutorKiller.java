package io.github.mopospark.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes executors away from a driver that needs them. */
public final class ExecutorKiller {
    private static final Pattern LOST_TASK = Pattern.compile("Lost task .*ExecutorLostFailure");

    private ExecutorKiller() {}

    /**
     * Kills executors that run a task until a task was lost.
     *
     * @param cluster the executors'
     * @param driver the tasks'
     * @param leastTask the least number that the task has in its stage
     * @throws IOException if a log cannot be read
     * @throws InterruptedException if the thread is interrupted
     */
    public static void killOneAtWork(StandaloneCluster cluster, JavaProcess driver, int leastTask)
            throws IOException, InterruptedException {
        long before = lostTasks(driver);
        while (lostTasks(driver) == before) {
            List<StandaloneCluster.Executor> atWork = new ArrayList<>();
            require(driver.await("an executor works", () -> {
                for (StandaloneCluster.Executor executor : cluster.executors()) {
                    if (executor.runsTask(leastTask)) {
                        atWork.add(executor);
                    }
                }
                return !atWork.isEmpty();
            }));
            String id = atWork.get(0).id();
            atWork.get(0).process().destroyForcibly();
            require(driver.await("it is missed", () -> driver.printed().contains("Lost executor " + id + " on")));
        }
    }

    private static void require(boolean isAlive) {
        if (!isAlive) {
            throw new AssertionError("the driver ended before an executor at work was killed");
        }
    }

    private static long lostTasks(JavaProcess driver) {
        return LOST_TASK.matcher(driver.printed()).results().count();
    }
}

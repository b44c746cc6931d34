package io.github.mopospark.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/** What failed in the tasks of a run, to be tried again by Spark: on the log, and in sentences for the report. */
final class RetryLog extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(RetryLog.class);
    private static final int MOST = 1_000;

    private final Map<Integer, String> stages = new HashMap<>();
    private final List<String> sentences = new ArrayList<>();
    private final String run;

    /**
     * Nothing yet.
     *
     * @param run tells this run's jobs, by their groups, from others of the same context
     */
    RetryLog(String run) {
        this.run = Objects.requireNonNull(run, "run");
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
        if (!job.properties().getProperty("spark.jobGroup.id", "").contains(run)) {
            return;
        }
        String description = job.properties().getProperty("spark.job.description", "a job");
        JavaConverters.seqAsJavaList(job.stageIds()).forEach(stage -> stages.put((Integer) stage, description));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        // A task that is killed is one that is not needed any more.
        if (task.reason() instanceof TaskFailedReason reason
                && !(reason instanceof TaskKilled)
                && stages.containsKey(task.stageId())) {
            add("%s: task %d failed on executor %s, attempt %d (%s)"
                    .formatted(
                            stages.get(task.stageId()),
                            task.taskInfo().index(),
                            task.taskInfo().executorId(),
                            task.taskInfo().attemptNumber() + 1,
                            firstLine(reason.toErrorString())));
        }
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
        add("executor %s was lost (%s)".formatted(executor.executorId(), firstLine(executor.reason())));
    }

    private void add(String sentence) {
        LOG.warn(sentence);
        if (sentences.size() < MOST) {
            sentences.add(sentence);
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** What it has heard so far. */
    synchronized List<String> sentences() {
        return List.copyOf(sentences);
    }
}

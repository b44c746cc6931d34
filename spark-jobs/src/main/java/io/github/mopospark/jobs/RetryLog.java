package io.github.mopospark.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;

/** What failed in a run and was tried again by Spark, in sentences for the report. */
final class RetryLog extends SparkListener {
    private static final int MOST = 1_000;

    private final Map<Integer, String> stages = new HashMap<>();
    private final List<String> sentences = new ArrayList<>();

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
        String description = job.properties().getProperty("spark.job.description", "a job");
        JavaConverters.seqAsJavaList(job.stageIds()).forEach(stage -> stages.put((Integer) stage, description));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        // A task that is killed is one that is not needed any more.
        if (task.reason() != Success$.MODULE$ && !(task.reason() instanceof TaskKilled)) {
            add("%s: task %d failed on executor %s and was tried again (%s)"
                    .formatted(
                            stages.getOrDefault(task.stageId(), "a job"),
                            task.taskInfo().index(),
                            task.taskInfo().executorId(),
                            reason(task.reason())));
        }
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
        add("executor %s was lost (%s)".formatted(executor.executorId(), firstLine(executor.reason())));
    }

    private void add(String sentence) {
        if (sentences.size() < MOST) {
            sentences.add(sentence);
        }
    }

    private static String reason(TaskEndReason reason) {
        return firstLine(reason instanceof TaskFailedReason failed ? failed.toErrorString() : reason.toString());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** What it has heard so far. */
    synchronized List<String> sentences() {
        return List.copyOf(sentences);
    }
}

package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.jobs.EpisodeScore;
import io.github.mopospark.jobs.Evaluation;
import io.github.mopospark.jobs.EvaluationJob;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores a saved policy in MuJoCo. */
@Command(
        name = "evaluate",
        description =
                "Plays episodes of a saved policy in MuJoCo, with its most likely actions, and scores them as D4RL does.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SparkOptions spark;

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "URI",
            description = "A saved policy: the folder policy of a run.")
    private String policyFolder;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "A task; see mopo tasks. The policy's own unless given.")
    private String taskName;

    @Mixin
    private SpeedCapOption speedCap;

    @Option(names = "--episodes", defaultValue = "10", paramLabel = "N", description = "How many.")
    private int episodes;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Of the initial states.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        if (episodes < 1) {
            throw new IllegalArgumentException("--episodes must be at least 1, but was " + episodes);
        }
        SavedPolicy policy = PolicyOption.read(new Storage(spark.hadoop()), policyFolder);
        Task task = taskName == null ? policy.task() : Tasks.named(taskName);
        requireSizes(policy, task);
        PrintWriter out = spec.commandLine().getOut();
        try (JavaSparkContext context = spark.start("mopo evaluate " + task.name())) {
            Evaluation evaluation = EvaluationJob.evaluate(context, policy, task, speedCap.value(), episodes, seed);
            int number = 1;
            for (EpisodeScore episode : evaluation.episodes()) {
                out.printf(
                        Locale.ROOT,
                        "episode %d: return %.1f, %d steps%n",
                        number++,
                        episode.episodeReturn(),
                        episode.length());
            }
            String score = Double.isNaN(evaluation.score())
                    ? ""
                    : String.format(Locale.ROOT, ", score %.1f +- %.1f", evaluation.score(), evaluation.scoreStd());
            out.printf(
                    Locale.ROOT,
                    "%s, %d episodes: return %.1f +- %.1f%s%n",
                    task.name(),
                    episodes,
                    evaluation.meanReturn(),
                    evaluation.returnStd(),
                    score);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void requireSizes(SavedPolicy policy, Task task) {
        if (policy.task().observationSize() != task.observationSize()
                || policy.task().actionSize() != task.actionSize()) {
            throw new IllegalArgumentException(
                    "--task: %s has %d observed numbers and %d actions, but the policy is of %s with %d and %d"
                            .formatted(
                                    task.name(),
                                    task.observationSize(),
                                    task.actionSize(),
                                    policy.task().name(),
                                    policy.task().observationSize(),
                                    policy.task().actionSize()));
        }
    }
}

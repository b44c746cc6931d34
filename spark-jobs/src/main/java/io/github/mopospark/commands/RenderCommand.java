package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.environments.rendering.AnimatedGif;
import io.github.mopospark.jobs.Episode;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.policy.PolicyActions;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws an episode as an animated GIF, or one moment of it as a PNG. */
@Command(
        name = "render",
        description = "Draws an episode of a task, without a GPU or a display.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class RenderCommand implements Callable<Integer> {
    private static final int CENTISECONDS = 100;
    /** The last frame stays for a second, so that the end of a short episode can be seen. */
    private static final int LAST_FRAME_CENTISECONDS = 100;

    /** A GIF has 16 bits for it. */
    private static final int LONGEST_FRAME_CENTISECONDS = 65_535;

    private static final int SMALLEST_SIDE = 16;
    private static final int LARGEST_SIDE = 4096;

    private static final String RANDOM = "random";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "A task; see mopo tasks. The saved policy's own unless given.")
    private String taskName;

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "URI|random",
            description = "What acts: the most likely actions of the saved policy in this folder, on any file system of"
                    + " Hadoop; or random, for uniform actions.")
    private String policy;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Where to: FILE.gif for the episode, FILE.png for one moment. Replaced if it exists.")
    private Path output;

    @Mixin
    private SpeedCapOption speedCap;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "N",
            description = "Of the initial state and of random actions.")
    private long seed;

    @Option(names = "--max-steps", defaultValue = "1000", paramLabel = "N", description = "Ends the episode early.")
    private int maxSteps;

    @Option(names = "--at-step", paramLabel = "N", description = "The moment a PNG shows; the start unless given.")
    private Integer atStep;

    @Option(names = "--width", defaultValue = "480", paramLabel = "PIXELS", description = "Of the picture.")
    private int width;

    @Option(names = "--height", defaultValue = "320", paramLabel = "PIXELS", description = "Of the picture.")
    private int height;

    @Option(
            names = "--slow-motion",
            defaultValue = "1",
            paramLabel = "FACTOR",
            description = "How many times slower than real time a GIF plays.")
    private double slowMotion;

    @Option(
            names = "--frames-per-second",
            defaultValue = "25",
            paramLabel = "N",
            description = "Of a GIF at most; no more than one a step.")
    private int framesPerSecond;

    @Override
    public Integer call() throws IOException {
        String ending = ending(output);
        requirePositive("--max-steps", maxSteps);
        requirePositive("--frames-per-second", framesPerSecond);
        if (!(slowMotion > 0)) {
            throw new IllegalArgumentException("--slow-motion must be positive, but was " + slowMotion);
        }
        requireSide("--width", width);
        requireSide("--height", height);
        if (ending.equals("gif") && atStep != null) {
            throw new IllegalArgumentException("--at-step belongs to a PNG; a GIF shows the whole episode");
        }
        Path target = output.toAbsolutePath();
        if (!Files.isDirectory(target.getParent())) {
            throw new IllegalArgumentException("--output: the folder " + target.getParent() + " does not exist");
        }
        if (!Files.isWritable(target.getParent())) {
            throw new IllegalArgumentException("--output: the folder " + target.getParent() + " cannot be written to");
        }
        if (Files.isDirectory(target)) {
            throw new IllegalArgumentException("--output: " + target + " is a folder; name a file");
        }
        Optional<SavedPolicy> saved = saved();
        Task task = task(saved);
        Path aside = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".part");
        // An interrupted JVM does nothing else.
        aside.toFile().deleteOnExit();
        try (Environment environment = Environments.create(task.withSpeedCap(speedCap.value()))) {
            Episode episode = saved.isPresent()
                    ? Episode.mostLikely(environment, actions(saved.get()), seed)
                    : randomEpisode(environment);
            String drawn = ending.equals("gif") ? drawGif(episode, aside) : drawPng(episode, aside);
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            spec.commandLine().getOut().printf(Locale.ROOT, "%s; wrote %s (%s)%n", summary(episode), output, drawn);
            spec.commandLine().getOut().flush();
        } finally {
            Files.deleteIfExists(aside);
        }
        return 0;
    }

    /** The policy that acts; empty for random actions. */
    private Optional<SavedPolicy> saved() throws IOException {
        if (policy.equals(RANDOM)) {
            return Optional.empty();
        }
        Storage storage = new Storage(SparkOptions.submittedHadoop());
        return Optional.of(PolicyOption.read(storage, policy));
    }

    private Task task(Optional<SavedPolicy> saved) {
        if (taskName != null) {
            return Tasks.named(taskName);
        }
        return saved.map(SavedPolicy::task)
                .orElseThrow(
                        () -> new IllegalArgumentException("--task must be given for random actions; see mopo tasks"));
    }

    private Episode randomEpisode(Environment environment) {
        RandomPolicy random = new RandomPolicy(environment.actionSpace(), seed);
        return new Episode(environment, (observation, action) -> random.act(action), seed);
    }

    private static PolicyActions actions(SavedPolicy saved) {
        return new PolicyActions(saved.policy(KernelChoice.CPU.open()), 1);
    }

    /** Task, steps, return and score so far in a line. */
    private String summary(Episode episode) {
        Environment environment = episode.environment();
        String end = environment.terminated() ? "terminated" : environment.truncated() ? "truncated" : "cut short";
        // A score belongs to a whole episode.
        String score = !episode.isOver()
                ? ""
                : environment
                        .task()
                        .referenceReturns()
                        .map(returns ->
                                String.format(Locale.ROOT, " (score %.1f)", returns.score(episode.episodeReturn())))
                        .orElse("");
        return String.format(
                Locale.ROOT,
                "%s, seed %d: %d steps, %s, return %.1f%s",
                environment.task().name(),
                seed,
                episode.steps(),
                end,
                episode.episodeReturn(),
                score);
    }

    private static String ending(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".gif") || name.endsWith(".png")) {
            return name.substring(name.length() - 3);
        }
        throw new IllegalArgumentException("--output must end in .gif or .png, but was " + path);
    }

    private static void requireSide(String option, int pixels) {
        if (pixels < SMALLEST_SIDE || pixels > LARGEST_SIDE) {
            throw new IllegalArgumentException(
                    option + " must be from " + SMALLEST_SIDE + " to " + LARGEST_SIDE + " pixels, but was " + pixels);
        }
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, but was " + value);
        }
    }

    private String drawPng(Episode episode, Path path) throws IOException {
        int moment = atStep == null ? 0 : atStep;
        if (moment < 0 || moment > maxSteps) {
            throw new IllegalArgumentException(
                    "--at-step must be from 0 to --max-steps " + maxSteps + ", but was " + moment);
        }
        while (episode.steps() < moment && !episode.isOver()) {
            episode.step();
        }
        if (episode.steps() < moment) {
            throw new IllegalArgumentException(
                    "--at-step is " + moment + ", but the episode ended after " + episode.steps() + " steps");
        }
        ImageIO.write(episode.environment().render(width, height), "png", path.toFile());
        return width + " x " + height;
    }

    private String drawGif(Episode episode, Path path) throws IOException {
        double shownSecondsAStep = episode.environment().stepSeconds() * slowMotion;
        int stepsAFrame = Math.max(1, (int) Math.round(1 / (framesPerSecond * shownSecondsAStep)));
        int centiseconds = (int)
                Math.min(Integer.MAX_VALUE, Math.max(2, Math.round(CENTISECONDS * stepsAFrame * shownSecondsAStep)));
        if (centiseconds > LONGEST_FRAME_CENTISECONDS) {
            throw new IllegalArgumentException("--slow-motion " + slowMotion + " would show a frame for more than the "
                    + LONGEST_FRAME_CENTISECONDS / CENTISECONDS + " s that a GIF can");
        }
        int frames = 0;
        try (AnimatedGif gif = new AnimatedGif(path)) {
            while (!episode.isOver() && episode.steps() < maxSteps) {
                if (episode.steps() % stepsAFrame == 0) {
                    gif.add(episode.environment().render(width, height), centiseconds);
                    frames++;
                }
                episode.step();
            }
            gif.add(episode.environment().render(width, height), LAST_FRAME_CENTISECONDS);
            frames++;
        }
        return frames + " frames of " + width + " x " + height;
    }
}

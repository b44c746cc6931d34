package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.jobs.EpisodeScore;
import io.github.mopospark.jobs.Policies;
import io.github.mopospark.policy.SavedPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MopoTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine =
                Mopo.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private int render(Path output, String task, String... more) {
        String[] arguments = {"render", "--policy", "random", "--task", task, "--output", output.toString()};
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    @Test
    void listsTheTasks() {
        assertThat(run("tasks")).isZero();
        assertThat(out.toString())
                .contains("halfcheetah-jump", "ant-contact", "111")
                .containsPattern("hopper +11 +3 +-20.272305 +3234.3 ");
    }

    @Test
    void drawsAnEpisodeAsAGif() throws IOException {
        Path gif = folder.resolve("hopper.gif");

        assertThat(render(
                        gif, "hopper", "--seed", "1", "--width", "120", "--height", "80", "--frames-per-second", "50"))
                .as(err.toString())
                .isZero();

        // A step takes 8 ms, so a frame every third step; the frames before the last of the steps, and the last.
        String printed = out.toString();
        int steps = Integer.parseInt(printed.replaceAll("(?s).*seed 1: (\\d+) steps, terminated.*", "$1"));
        int frames = (steps + 2) / 3 + 1;
        assertThat(printed).contains("(score ", "wrote " + gif + " (" + frames + " frames of 120 x 80)");
        try (ImageInputStream stream = ImageIO.createImageInputStream(gif.toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            reader.setInput(stream);
            assertThat(reader.getNumImages(true)).isEqualTo(frames);
            assertThat(reader.getWidth(0)).isEqualTo(120);
            assertThat(reader.getHeight(0)).isEqualTo(80);
            reader.dispose();
        }
        assertThat(folder.toFile().list()).as("nothing else is left").containsExactly("hopper.gif");
    }

    @Test
    void drawsASavedPolicyInItsTask() throws IOException {
        SavedPolicy saved = Policies.random("halfcheetah");
        Policies.save(saved, folder.resolve("policy"));
        double episodeReturn;
        try (Environment environment = Environments.create(saved.task())) {
            episodeReturn =
                    EpisodeScore.play(environment, Policies.actions(saved), 2).episodeReturn();
        }

        assertThat(renderSaved("--seed", "2")).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("halfcheetah, seed 2: 1000 steps, truncated, return %.1f (score ".formatted(episodeReturn));
        assertThat(folder.resolve("x.gif")).isNotEmptyFile();
    }

    @Test
    void drawsASavedPolicyInAnotherTaskOfItsSizes() throws IOException {
        Policies.save(Policies.random("halfcheetah"), folder.resolve("policy"));
        assertThat(renderSaved("--task", "halfcheetah-jump", "--max-steps", "3"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("halfcheetah-jump, seed 0: 3 steps, cut short");

        Path before = Files.move(folder.resolve("x.gif"), folder.resolve("before.gif"));
        fails(
                renderSaved("--task", "hopper"),
                "a policy for hopper must have observations of 11 and actions of 3, but has 17 and 6");
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(before.getFileName().toString(), "policy");
    }

    private int renderSaved(String... more) {
        String[] arguments = {
            "render",
            "--policy",
            folder.resolve("policy").toString(),
            "--output",
            folder.resolve("x.gif").toString(),
            "--width",
            "64",
            "--height",
            "48"
        };
        return run(Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    void drawsOneMomentAsAPng() throws IOException {
        Path first = folder.resolve("first.png");
        Path later = folder.resolve("later.png");
        Path again = folder.resolve("again.png");

        assertThat(render(first, "Walker2d-v4")).isZero();
        assertThat(render(later, "walker2d-medium-v2", "--at-step", "10")).isZero();
        assertThat(render(again, "walker2d", "--at-step", "10")).isZero();

        assertThat(ImageIO.read(first.toFile()).getWidth()).isEqualTo(480);
        assertThat(Files.readAllBytes(later)).isNotEqualTo(Files.readAllBytes(first));
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(later));
        assertThat(out.toString()).contains("10 steps, cut short").doesNotContain("score");
    }

    @Test
    void endsAnEpisodeEarlyWhenAsked() {
        assertThat(render(folder.resolve("cheetah.gif"), "halfcheetah", "--max-steps", "4"))
                .isZero();
        assertThat(out.toString()).contains("halfcheetah, seed 0: 4 steps, cut short", "(5 frames of 480 x 320)");
    }

    @Test
    void tellsWrongArgumentsInALineAndWritesNothing() throws IOException {
        Path gif = folder.resolve("x.gif");
        fails(render(gif, "hoper"), "mopo render: unknown task 'hoper'; known are hopper, ");
        fails(render(folder.resolve("x.jpg"), "hopper"), "--output must end in .gif or .png, but was ");
        fails(render(gif, "hopper", "--max-steps", "0"), "--max-steps must be at least 1, but was 0");
        fails(render(gif, "hopper", "--slow-motion", "0"), "--slow-motion must be positive, but was 0.0");
        fails(render(gif, "hopper", "--slow-motion", "1e6"), "would show a frame for more than the 655 s");
        fails(render(gif, "hopper", "--slow-motion", "Infinity"), "would show a frame for more than the 655 s");
        fails(render(gif, "hopper", "--frames-per-second", "-1"), "--frames-per-second must be at least 1, but was -1");
        fails(render(gif, "hopper", "--width", "1"), "--width must be from 16 to 4096 pixels, but was 1");
        fails(render(folder.resolve("x.png"), "hopper", "--at-step", "900"), "but the episode ended after ");
        fails(render(gif, "hopper", "--height", "5000"), "--height must be from 16 to 4096 pixels, but was 5000");
        fails(render(gif, "hopper", "--at-step", "3"), "--at-step belongs to a PNG");
        fails(render(folder.resolve("x.png"), "hopper", "--at-step", "-1"), "--at-step must be from 0 to");
        fails(
                run("render", "--task", "hopper", "--policy", "best", "--output", gif.toString()),
                "/best/model.json: there is no such file; not a saved policy");
        fails(
                run("render", "--policy", "random", "--output", gif.toString()),
                "--task must be given for random actions");
        fails(run("rendr"), "Unmatched argument at index 0: 'rendr'");
        fails(run(), "a command is missing");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void keepsTheOldFileWhenTheNewOneFails() throws IOException {
        Path png = folder.resolve("x.png");
        Files.writeString(png, "old");
        fails(render(png, "hopper", "--at-step", "900"), "the episode ended");
        assertThat(png).hasContent("old");
    }

    @Test
    void saysThatTheFolderIsMissing() {
        Path gif = folder.resolve("missing").resolve("x.gif");
        fails(render(gif, "hopper"), "--output: the folder " + gif.getParent() + " does not exist");
    }

    @Test
    void refusesAFolderAsTheFile() throws IOException {
        Path gif = Files.createDirectory(folder.resolve("x.gif"));
        fails(render(gif, "hopper"), "--output: " + gif + " is a folder; name a file");
    }

    private void fails(int exitCode, String message) {
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
        assertThat(exitCode).isEqualTo(2);
        err.getBuffer().setLength(0);
    }
}

package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.jobs.Policies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
    @TempDir
    private Path folder;

    private String out;
    private String err;

    @BeforeEach
    void save() throws IOException {
        Policies.save(Policies.random("hopper"), folder.resolve("policy"));
    }

    private int evaluate(String... more) {
        List<String> arguments = new ArrayList<>(List.of("evaluate"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--master")) {
            arguments.addAll(List.of("--master", "local[2]"));
        }
        if (!arguments.contains("--policy")) {
            arguments.addAll(List.of("--policy", folder.resolve("policy").toString()));
        }
        CommandOutcome outcome = CommandOutcome.of(arguments.toArray(String[]::new));
        out = outcome.out();
        err = outcome.err();
        return outcome.exitCode();
    }

    @Test
    void tellsEveryEpisodeAndTheScoreTheSameForTheSameSeed() {
        assertThat(evaluate("--episodes", "3", "--seed", "5")).as(err).isZero();
        String first = out;
        assertThat(first)
                .matches(
                        "(?s)(episode [123]: return -?\\d+\\.\\d, \\d+ steps\n){3}"
                                + "hopper, 3 episodes: return -?\\d+\\.\\d \\+- \\d+\\.\\d, score -?\\d+\\.\\d \\+- \\d+\\.\\d\n");
        assertThat(evaluate("--episodes", "3", "--seed", "5", "--task", "hopper-v2", "--master", "local[1]"))
                .as(err)
                .isZero();
        assertThat(out).isEqualTo(first);
        assertThat(evaluate("--episodes", "3", "--seed", "6")).as(err).isZero();
        assertThat(out).isNotEqualTo(first);
    }

    @Test
    void playsTheReadingOfTheJumpRewardThatIsAskedFor() throws IOException {
        Policies.save(Policies.random("halfcheetah-jump"), folder.resolve("jump"));
        String policy = folder.resolve("jump").toString();
        assertThat(evaluate("--episodes", "1", "--policy", policy)).as(err).isZero();
        double min = Double.parseDouble(out.replaceAll("(?s)episode 1: return (-?[0-9.]+),.*", "$1"));
        assertThat(evaluate("--episodes", "1", "--policy", policy, "--speed-cap", "max"))
                .as(err)
                .isZero();
        double max = Double.parseDouble(out.replaceAll("(?s)episode 1: return (-?[0-9.]+),.*", "$1"));
        assertThat(max).isGreaterThan(min + 1_000);
    }

    private void refuses(String reason, String... arguments) {
        assertThat(evaluate(arguments)).isEqualTo(2);
        assertThat(err).contains(reason).matches("mopo evaluate: [^\n]*\n");
        assertThat(out).isEmpty();
    }

    @Test
    void whatCannotBePlayedIsToldInALine() {
        refuses("none/model.json: there is no such file; not a saved policy", "--policy", folder + "/none");
        refuses("--policy: nowhere://a/b cannot be used (", "--policy", "nowhere://a/b");
        refuses("--episodes must be at least 1, but was 0", "--episodes", "0");
        refuses("--task: walker2d has 17 observed numbers and 6 actions, but the policy is of", "--task", "walker2d");
        refuses("unknown task 'juggler'", "--task", "juggler");
    }
}

package io.github.mopospark.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.jobs.Policies;
import io.github.mopospark.jobs.TinyRun;
import io.github.mopospark.policy.PolicyFolder;
import io.github.mopospark.policy.SavedPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export --format dl4j} and {@code import --format dl4j}. */
class Dl4jCommandTest {
    @TempDir
    private Path folder;

    private CommandOutcome outcome;

    private int run(String... arguments) {
        outcome = CommandOutcome.of(arguments);
        return outcome.exitCode();
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private void fails(int exitCode, String message) {
        assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
        assertThat(exitCode).isEqualTo(2);
    }

    private static SavedPolicy policy(Path from) throws IOException {
        return new PolicyFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(from.toUri())).read();
    }

    private static Ensemble ensemble(Path from) throws IOException {
        return new EnsembleFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(from.toUri())).read();
    }

    @Test
    void aPolicyGoesToDl4jAndComesBack() throws IOException {
        Policies.save(Policies.random("hopper"), folder.resolve("policy"));
        assertThat(run("export", "--format", "dl4j", "--policy", at("policy"), "--output", at("actor.zip")))
                .as(outcome.err())
                .isZero();
        assertThat(outcome.out()).contains("file:" + at("actor.zip") + ": exported; hopper, 11 numbers to 3, ");
        assertThat(run("import", "--format", "dl4j", "--input", at("actor.zip"), "--output", at("back")))
                .as(outcome.err())
                .isZero();
        assertThat(outcome.out())
                .contains("file:" + at("back") + ": imported; hopper, 11 numbers to 3, hidden layers of [16]");
        assertThat(policy(folder.resolve("back")))
                .usingRecursiveComparison()
                .isEqualTo(policy(folder.resolve("policy")));
        fails(
                run("import", "--format", "dl4j", "--input", at("actor.zip"), "--output", at("back")),
                "back/model.json is there already; give --overwrite");
    }

    @Test
    void aPolicyThatDl4jWroteNeedsItsTask() throws IOException {
        Policies.save(Policies.random("hopper"), folder.resolve("policy"));
        run("export", "--format", "dl4j", "--policy", at("policy"), "--output", at("actor.zip"));
        ComputationGraph graph = ModelSerializer.restoreComputationGraph(at("actor.zip"));
        ModelSerializer.writeModel(graph, at("own.zip"), true);
        String[] arguments = {"import", "--format", "dl4j", "--input", at("own.zip"), "--output", at("back")};
        fails(run(arguments), "own.zip: does not say of which task it is; give --task NAME");
        assertThat(folder.resolve("back")).doesNotExist();
        assertThat(run(
                        "import",
                        "--format",
                        "dl4j",
                        "--input",
                        at("own.zip"),
                        "--output",
                        at("back"),
                        "--task",
                        "hopper"))
                .as(outcome.err())
                .isZero();
        assertThat(policy(folder.resolve("back")).actor())
                .isEqualTo(Policies.random("hopper").actor());
    }

    @Test
    void membersGoToDl4jAreTrainedThereAndComeBack() throws IOException {
        Map<String, String> settings = TinyRun.settings(TinyRun.SAMPLE);
        assertThat(run(TinyRun.command("train-ensemble", settings, folder.resolve("run"), "--master", "local[2]")))
                .as(outcome.err())
                .isZero();
        String trained = at("run/ensemble");
        assertThat(run("export", "--format", "dl4j", "--ensemble", trained, "--output", at("members")))
                .as(outcome.err())
                .isZero();
        assertThat(folder.resolve("members").toFile().list())
                .containsExactlyInAnyOrder("member-0.zip", "member-1.zip", "member-2.zip");
        String[] back = {
            "import", "--format", "dl4j", "--input", at("members"), "--ensemble", trained, "--output", at("same")
        };
        assertThat(run(back)).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("same: imported; 3 members, none changed, ");
        Ensemble before = ensemble(folder.resolve("run/ensemble"));
        assertThat(EnsembleFolder.toBytes(ensemble(folder.resolve("same")))).isEqualTo(EnsembleFolder.toBytes(before));

        // A mean that is off by 1 for each output adds 1 to the error, but for what it was off by before.
        ComputationGraph graph = ModelSerializer.restoreComputationGraph(at("members/member-1.zip"));
        graph.getLayer("mean").getParam("b").addi(1);
        ModelSerializer.writeModel(graph, at("members/member-1.zip"), true);
        back[back.length - 1] = at("changed");
        fails(run(back), "members: the weights of members [1] have changed");
        assertThat(run(with(back, "--data", at("run/dataset"))))
                .as(outcome.err())
                .isZero();
        Ensemble after = ensemble(folder.resolve("changed"));
        assertThat(after.holdoutErrors()[0]).isEqualTo(before.holdoutErrors()[0]);
        assertThat(after.holdoutErrors()[1])
                .isBetween(before.holdoutErrors()[1] + 0.5, before.holdoutErrors()[1] + 1.5);
        assertThat(after.elites()).doesNotContain(1).hasSize(2);
        assertThat(after.members().get(2).parameters())
                .isEqualTo(before.members().get(2).parameters());
        fails(
                run(with(back, "--overwrite", "--data", at("run/dataset"), "--seed", "1")),
                "--seed: member 0 of the ensemble has an error of");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    void tellsWhatIsWrongInALineAndWritesNothing() throws IOException {
        Files.writeString(folder.resolve("no.zip"), "no zip");
        fails(
                run("import", "--format", "dl4j", "--input", at("no.zip"), "--output", at("back")),
                "no.zip: is no zip, or was cut off or damaged");
        fails(
                run("import", "--format", "dl4j", "--input", at("none"), "--output", at("back")),
                "--input: " + at("none") + " cannot be used");
        fails(
                run("import", "--format", "dl4j", "--input", at(""), "--output", at("back"), "--ensemble", at("none")),
                "none/model.json: there is no such file; not a saved ensemble");
        fails(
                run("export", "--format", "onnx", "--ensemble", at("none"), "--output", at("back")),
                "--format must be dl4j for --ensemble");
        assertThat(folder.toFile().list()).containsExactly("no.zip");
    }
}

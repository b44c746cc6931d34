package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.saving.LayerArrays;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.TerminationRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFolderTest {
    @TempDir
    private Path folder;

    private final SavedPolicy policy = SavedPolicies.random("hopper", List.of(8, 4), 5);
    private Path manifest;
    private PolicyFolder saved;

    @BeforeEach
    void open() throws IOException {
        manifest = folder.resolve("policy/model.json");
        saved = new PolicyFolder(
                new Storage(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve("policy").toUri()));
    }

    private Path actor() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("policy"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("actor"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void replaceInManifest(String old, String now) throws IOException {
        String content = Files.readString(manifest);
        assertThat(content).contains(old);
        Files.writeString(manifest, content.replace(old, now));
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith("file:" + folder.resolve("policy"))
                .hasMessageContainingAll(parts);
    }

    @Test
    void comesBackAsItWas() throws IOException {
        saved.write(policy);
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(policy);
        SavedPolicy linear = new SavedPolicy(
                policy.task(), List.of(), -20.5, 2, new float[72], "", Long.MIN_VALUE, Integer.MAX_VALUE);
        saved.write(linear);
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(linear);
    }

    @Test
    void isReplacedAsAWhole() throws IOException {
        SavedPolicy next = SavedPolicies.random("walker2d", List.of(4), 6);
        saved.write(policy);
        saved.write(next);
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(next);
        try (Stream<Path> files = Files.list(folder.resolve("policy"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void keepsTheArraysThatPythonReads() throws IOException {
        saved.write(policy);
        NpzFile arrays = NpzFile.read(Files.newInputStream(actor()), "actor");
        assertThat(arrays.names()).containsExactly("W0", "W1", "W2", "b0", "b1", "b2");
        assertThat(arrays.array("W2").shape())
                .as("mean and log standard deviation")
                .containsExactly(4, 6);
    }

    @Test
    void aWriterThatDiedBeforeTheManifestLeavesTheOldOne() throws IOException {
        saved.write(policy);
        Files.writeString(folder.resolve("policy/actor.0123456789abcdef.npz"), "half");
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(policy);
    }

    @Test
    void aTaskThatNoReaderKnowsIsRefusedBeforeAnythingIsWritten() {
        Task toy = new Task("toy", 11, 3, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty());
        SavedPolicy other = new SavedPolicy(toy, List.of(8, 4), -5, 2, policy.actor(), "abc", 5, 30);
        assertThatThrownBy(() -> saved.write(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be of a known task: unknown task 'toy'");
        assertThatThrownBy(other::toBytes).hasMessageContaining("must be of a known task: unknown task 'toy'");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anOldFileThatCannotBeDeletedDoesNotFailTheWrite() throws IOException {
        Files.createDirectories(folder.resolve("policy/actor.0123456789abcdef.npz/full"));
        saved.write(policy);
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(policy);
    }

    @Test
    void aFolderWithoutAManifestIsNoPolicy() {
        assertRefused("model.json: there is no such file; not a saved policy");
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        saved.write(policy);
        replaceInManifest("\"format_version\" : 1", "\"format_version\" : 2");
        assertRefused("model.json: format_version is 2, but this program reads 1; a newer mopo-spark wrote it");
        replaceInManifest("\"format_version\" : 2", "\"format_version\" : 0");
        assertRefused("model.json: not a saved policy (format_version is 0, but must be a whole number of at least 1)");
    }

    @Test
    void aManifestThatDoesNotFitIsRefused() throws IOException {
        saved.write(policy);
        String good = Files.readString(manifest);
        String[][] faults = {
            {"\"task\" : \"hopper\"", "\"task\" : \"juggler\"", "juggler"},
            {"\"action_size\" : 3", "\"action_size\" : 4", "hopper's, 11 and 3, but are 11 and 4"},
            {"[ 8, 4 ]", "[ 8, 5 ]", "W1 has the shape (8, 4), but must have (8, 5)"},
            {"[ 8, 4 ]", "[ 8, null ]", "null"},
            {"[ 8, 4 ]", "[ 8, 0 ]", "hidden size must be from 1 to 8,192, but was 0"},
            {"\"least_log_std\" : -5.0", "\"least_log_std\" : 3", "3.0 and 2.0"},
            {"\"least_log_std\" : -5.0", "\"least_log_std\" : \"NaN\"", "NaN and 2.0"},
            {"\"epoch\" : 30", "\"epoch\" : -3", "epoch must be at least 0, but was -3"},
            {"\"epoch\" : 30", "\"epoch\" : 3.5", "3.5"},
            {"\"path\" : \"", "\"path\" : \"../", "named actor.HASH.npz, but is ../actor."},
        };
        for (String[] fault : faults) {
            Files.writeString(manifest, good);
            replaceInManifest(fault[0], fault[1]);
            assertRefused(fault[2]);
        }
        List<String> fields = List.of(
                "task",
                "observation_size",
                "action_size",
                "hidden_sizes",
                "least_log_std",
                "greatest_log_std",
                "actor",
                "path",
                "sha256",
                "dataset_checksum",
                "seed",
                "epoch",
                "format_version");
        for (String field : fields) {
            Files.writeString(manifest, good.replace("\"" + field + "\"", "\"other\""));
            assertRefused("model.json");
            String without = good.replaceFirst(
                    "\"" + field + "\" : (\\{[^}]*\\}|\\[[^]]*\\]|[^,\\n}]*)", "\"" + field + "\" : null");
            assertThat(without).isNotEqualTo(good);
            Files.writeString(manifest, without);
            assertRefused("model.json");
        }
        for (String broken : List.of(good.substring(0, good.length() / 2), "", "[]", good + "}")) {
            Files.writeString(manifest, broken);
            assertRefused("model.json");
        }
    }

    @Test
    void aDamagedActorIsRefused() throws IOException {
        saved.write(policy);
        Path actor = actor();
        byte[] content = Files.readAllBytes(actor);
        content[300] ^= 1;
        Files.write(actor, content);
        assertRefused(actor.getFileName().toString(), "SHA-256", "damaged");
        Files.delete(actor);
        assertRefused("model.json: it names " + actor.getFileName() + ", but there is no such file");
    }

    @Test
    void anActorThatIsNotFiniteIsRefused() throws IOException {
        saved.write(policy);
        Map<String, NpyArray> arrays = LayerArrays.of(policy.shape(), policy.actor());
        arrays.get("W1").values()[5] = Float.POSITIVE_INFINITY;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzFile.write(out, arrays);
        Path actor = actor();
        replaceInManifest(sha256(Files.readAllBytes(actor)), sha256(out.toByteArray()));
        Files.write(actor, out.toByteArray());
        assertRefused(actor.getFileName().toString(), "W1", "[1, 1] is Infinity, but must be finite");
    }

    private static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Storage.sha256().digest(content));
    }
}

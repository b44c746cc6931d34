package io.github.mopospark.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.jobs.RemoteLikeFileSystem;
import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.runs.Snapshots.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotsTest {
    @TempDir
    private Path folder;

    private Path states;
    private Snapshots snapshots;

    @BeforeEach
    void open() throws IOException {
        states = folder.resolve("states");
        snapshots = at(states.toString());
    }

    private static Snapshots at(String uri) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set("fs." + RemoteLikeFileSystem.SCHEME + ".impl", RemoteLikeFileSystem.class.getName());
        return new Snapshots(new Storage(configuration), new org.apache.hadoop.fs.Path(uri));
    }

    private static Snapshots.Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the last state holds. */
    private Map<String, String> last() throws IOException {
        Snapshot snapshot = snapshots.latest().orElseThrow();
        Map<String, String> contents = new TreeMap<>();
        for (String name : snapshot.names()) {
            contents.put(name, new String(snapshots.read(snapshot, name), StandardCharsets.UTF_8));
        }
        return contents;
    }

    private Path file(String start) throws IOException {
        try (Stream<Path> files = Files.list(states)) {
            return files.filter(file -> file.getFileName().toString().startsWith(start))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void assertDamaged(String name, String... reasons) throws IOException {
        Snapshot snapshot = snapshots.latest().orElseThrow();
        assertThatThrownBy(() -> snapshots.read(snapshot, name))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("states/snapshot.json: ")
                .hasMessageContainingAll(reasons);
    }

    @Test
    void aFolderThatIsNotThereHasNone() throws IOException {
        assertThat(snapshots.latest()).isEmpty();
    }

    @Test
    void theLastStateCountsAndTheOthersGo() throws IOException {
        snapshots.write(1, Map.of("learner.npz", text("one"), "policy-1.bin", text("1")), Set.of());
        snapshots.write(2, Map.of("learner.npz", text("two"), "transitions-2.npy", text("2")), Set.of("policy-1.bin"));

        Snapshot last = snapshots.latest().orElseThrow();
        assertThat(last.epoch()).isEqualTo(2);
        assertThat(last()).isEqualTo(Map.of("learner.npz", "two", "policy-1.bin", "1", "transitions-2.npy", "2"));
        assertThat(snapshots.path(last, "transitions-2.npy"))
                .matches("file:.*/states/transitions-2\\.[0-9a-f]{16}\\.npy");
        assertThat(states.toFile().list()).hasSize(4);
    }

    @Test
    void aWriterThatDiesLeavesTheOldStateAndTheNextSweepsWhatItLeft() throws IOException {
        snapshots.write(1, Map.of("learner.npz", text("one")), Set.of());
        Map<String, Snapshots.Content> files = new TreeMap<>();
        files.put("learner.npz", text("two"));
        files.put("policy-2.bin", out -> {
            out.write(2);
            throw new IOException("No space left on device");
        });
        assertThatThrownBy(() -> snapshots.write(2, files, Set.of())).hasMessageContaining("No space left");
        Files.writeString(states.resolve(".snapshot.json." + UUID.randomUUID()), "{");
        assertThat(last()).isEqualTo(Map.of("learner.npz", "one"));
        assertThat(snapshots.latest().orElseThrow().epoch()).isEqualTo(1);

        snapshots.write(2, Map.of("learner.npz", text("two again")), Set.of());

        assertThat(last()).isEqualTo(Map.of("learner.npz", "two again"));
        assertThat(states.toFile().list()).hasSize(2);
    }

    @Test
    void aManifestThatCannotBeWrittenLeavesTheOldState() throws IOException {
        snapshots = at(RemoteLikeFileSystem.uri(states));
        snapshots.write(1, Map.of("learner.npz", text("one")), Set.of());
        Files.createFile(folder.resolve("read-only"));
        assertThatThrownBy(() -> snapshots.write(2, Map.of("learner.npz", text("two")), Set.of()))
                .isInstanceOf(IOException.class);
        assertThat(last()).isEqualTo(Map.of("learner.npz", "one"));

        Files.delete(folder.resolve("read-only"));
        snapshots.write(2, Map.of("learner.npz", text("two")), Set.of());
        assertThat(last()).isEqualTo(Map.of("learner.npz", "two"));
        assertThat(states.toFile().list()).hasSize(2);
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        snapshots.write(1, Map.of("learner.npz", text("one"), "policy-1.bin", text("1")), Set.of());
        Path damaged = Files.writeString(file("learner"), "two");
        assertDamaged("learner.npz", damaged.getFileName().toString(), "SHA-256", "damaged or changed");
        Files.delete(damaged);
        assertDamaged("learner.npz", damaged.getFileName().toString(), "there is no such file");
        assertDamaged("policy-2.bin", "names no file as policy-2.bin, only [learner.npz, policy-1.bin]");
    }

    @Test
    void aManifestCannotNameFilesElsewhere() throws IOException {
        snapshots.write(1, Map.of("learner.npz", text("one")), Set.of());
        Path manifest = states.resolve("snapshot.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"learner.", "\"../learner."));
        assertDamaged("../learner.npz", "must lie beside it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"format_version\" : 1 | \"format_version\" : 2 | a newer mopo-spark wrote it",
                "\"epoch\" : 1 | \"epoch\" : null | not a saved state of a run",
                "\"files\" | \"other\" | not a saved state of a run",
                "{ | [ | not a saved state of a run"
            })
    void aManifestThatIsNoneIsNamed(String old, String now, String reason) throws IOException {
        snapshots.write(1, Map.of("learner.npz", text("one")), Set.of());
        Path manifest = states.resolve("snapshot.json");
        assertThat(Files.readString(manifest)).contains(old);
        Files.writeString(manifest, Files.readString(manifest).replace(old, now));
        assertThatThrownBy(() -> snapshots.latest())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContainingAll("states/snapshot.json: ", reason);
    }

    @Test
    void whatCannotBeKeptOrNamedIsRefusedAndTheOldStateStays() throws IOException {
        snapshots.write(1, Map.of("learner.npz", text("one")), Set.of());
        assertThatThrownBy(() -> snapshots.write(2, Map.of(), Set.of("policy-1.bin")))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("names no file as policy-1.bin, only [learner.npz]");
        assertThatThrownBy(() -> snapshots.write(2, Map.of("../x.npz", text("x")), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(last()).isEqualTo(Map.of("learner.npz", "one"));
    }

    @Test
    void clearedThereIsNone() throws IOException {
        snapshots.write(1, Map.of("learner.npz", text("one")), Set.of());
        snapshots.clear();
        assertThat(snapshots.latest()).isEmpty();
        assertThat(states).doesNotExist();
        snapshots.clear();
    }
}

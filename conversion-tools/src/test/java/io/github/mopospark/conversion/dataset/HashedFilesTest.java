package io.github.mopospark.conversion.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.dataset.HashedFiles.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashedFilesTest {
    private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private HashedFiles files;

    @BeforeEach
    void open() {
        files = new HashedFiles(
                new Storage(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.toUri()),
                "member-[0-9]+",
                ".npz",
                "");
    }

    @Test
    void aNewFileDoesNotReplaceAnOldOneOfTheSameStem() throws IOException {
        Entry old = files.write("member-1", ".npz", OLD);
        Entry now = files.write("member-1", ".npz", NEW);
        assertThat(files.read(old)).isEqualTo(OLD);
        assertThat(files.read(now)).isEqualTo(NEW);
        assertThat(files.write("member-1", ".npz", OLD)).isEqualTo(old);
        assertThat(now.path()).matches("member-1\\.[0-9a-f]{16}\\.npz");
        assertThat(now.sha256()).hasSize(64).startsWith(now.path().substring(9, 25));
    }

    @Test
    void aNameEndsAsItsFileDoes() throws IOException {
        Entry plain = files.write("member-2", "", OLD);
        assertThat(plain.path()).matches("member-2\\.[0-9a-f]{16}");
        assertThat(files.read(plain)).isEqualTo(OLD);
        assertThatThrownBy(() -> files.write("member-2", ".txt", OLD)).hasMessageContaining("but is member-2.");
        assertThatThrownBy(() -> files.write("actor", ".npz", OLD)).hasMessageContaining("but is actor.");
        assertThat(folder.toFile().list()).containsExactly(plain.path());
    }

    @Test
    void deletesOnlyItsOwnThatNobodyNames() throws IOException {
        Entry old = files.write("member-1", ".npz", OLD);
        Entry now = files.write("member-1", ".npz", NEW);
        Files.writeString(folder.resolve("model.json"), "{}");
        Files.writeString(folder.resolve("actor.0123456789abcdef.npz"), "another's");
        Files.writeString(folder.resolve(".member-1.x.npz." + UUID.randomUUID()), "half");
        Files.writeString(folder.resolve(".hidden.npz"), "another's");
        files.deleteAllBut(List.of(now));
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(now.path(), "model.json", "actor.0123456789abcdef.npz", ".hidden.npz")
                .doesNotContain(old.path());
    }

    @Test
    void refusesWhatIsNotWhatWasWritten() throws IOException {
        Entry entry = files.write("member-1", ".npz", OLD);
        Files.write(folder.resolve(entry.path()), NEW);
        assertRefused(
                entry, "it names " + entry.path() + " with the SHA-256 " + entry.sha256() + ", but that file's is ");
        Files.delete(folder.resolve(entry.path()));
        assertRefused(entry, "it names " + entry.path() + ", but there is no such file");
        assertRefused(
                new Entry("../" + entry.path(), entry.sha256()), "named member-[0-9]+.HASH.npz|, but is ../member-1.");
        assertRefused(null, "but is null");
    }

    private void assertRefused(Entry entry, String message) {
        assertThatThrownBy(() -> files.read(entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}

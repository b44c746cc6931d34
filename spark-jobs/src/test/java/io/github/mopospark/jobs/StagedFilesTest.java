package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.cluster.FileTree;
import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFilesTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    private final Configuration configuration = new Configuration();

    @TempDir
    private Path folder;

    private Path copies;

    @BeforeEach
    void registerTheRemoteFileSystem() {
        RemoteLikeFileSystem.register(configuration);
        copies = folder.resolve("copies");
    }

    private StagedFiles staged(long maxBytes) {
        return new StagedFiles(copies, maxBytes, configuration);
    }

    private Path file(int seed) {
        return D4rlRows.hopper(seed, 50, 10).write(folder.resolve("file-" + seed + ".hdf5"));
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static float firstReward(TransitionFile file) {
        return file.read(0, 1).rewards()[0];
    }

    private TransitionFile open(StagedFiles staged, Path file, String sha256) throws IOException {
        return staged.open(
                RemoteLikeFileSystem.uri(file),
                sha256,
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis());
    }

    @Test
    void copiesARemoteFileOnceAndALocalOneNever() throws Exception {
        Path file = file(1);
        StagedFiles staged = staged(1 << 20);

        StagedFiles.Opened opened = staged.open(RemoteLikeFileSystem.uri(file));
        opened.file().close();

        assertThat(opened.sha256()).isEqualTo(sha256(file));
        Path copy = copies.resolve(opened.sha256() + ".hdf5");
        assertThat(FileTree.filesBelow(copies)).containsExactly(copy);
        assertThat(copy).hasSameBinaryContentAs(file);
        Object inode = Files.getAttribute(copy, "unix:ino");
        try (TransitionFile again = open(staged, file, opened.sha256())) {
            assertThat(firstReward(again)).isEqualTo(D4rlRows.hopper(1, 50, 10).rewards()[0]);
        }
        assertThat(Files.getAttribute(copy, "unix:ino")).as("the same copy").isEqualTo(inode);
        Path local = file(2);
        staged.open(local.toUri().toString()).file().close();
        assertThat(FileTree.filesBelow(copies)).containsExactly(copy);
    }

    @Test
    void deletesTheCopyThatWasUsedLeastRecentlyWhenThereAreTooManyBytes() throws Exception {
        Path first = file(1);
        Path second = file(2);
        Path third = file(3);
        StagedFiles staged = staged(2 * Files.size(first) + 100);
        staged.open(RemoteLikeFileSystem.uri(first)).file().close();
        staged.open(RemoteLikeFileSystem.uri(second)).file().close();
        Files.setLastModifiedTime(copies.resolve(sha256(first) + ".hdf5"), LONG_AGO);
        Files.setLastModifiedTime(
                copies.resolve(sha256(second) + ".hdf5"),
                FileTime.from(Instant.now().minusSeconds(60)));
        open(staged, first, sha256(first)).close();

        try (TransitionFile open = open(staged, second, sha256(second))) {
            Files.setLastModifiedTime(copies.resolve(sha256(second) + ".hdf5"), LONG_AGO);
            staged.open(RemoteLikeFileSystem.uri(third)).file().close();

            assertThat(FileTree.filesBelow(copies))
                    .containsExactlyInAnyOrder(
                            copies.resolve(sha256(first) + ".hdf5"), copies.resolve(sha256(third) + ".hdf5"));
            assertThat(firstReward(open))
                    .as("a file that is open can still be read")
                    .isEqualTo(D4rlRows.hopper(2, 50, 10).rewards()[0]);
        }
    }

    @Test
    void refusesAFileThatIsLargerThanTheBound() {
        Path file = file(1);
        assertThatThrownBy(() -> staged(1_000).open(RemoteLikeFileSystem.uri(file)))
                .isInstanceOf(DatasetException.class)
                .hasMessageMatching(
                        ".*file-1\\.hdf5 has [0-9,]+ bytes, more than the 1,000 that an executor stages; raise "
                                + "spark\\.mopo\\.staging\\.maxBytes");
        assertThat(copies).isEmptyDirectory();
    }

    @Test
    void refusesAFileThatWasChangedSinceItWasSurveyed() throws Exception {
        Path file = file(1);
        String before = sha256(file);
        Path same = file(2);
        long modified = Files.getLastModifiedTime(file).toMillis();
        String changed = "the file was changed while it was converted";

        assertThatThrownBy(() ->
                        staged(1 << 20).open(RemoteLikeFileSystem.uri(file), before, Files.size(file) + 1, modified))
                .hasMessageContaining(changed);
        assertThatThrownBy(
                        () -> staged(1 << 20).open(file.toUri().toString(), before, Files.size(file), modified - 5_000))
                .hasMessageContaining(changed);
        assertThatThrownBy(() -> open(staged(1 << 20), same, before))
                .as("of the same size and time")
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(changed);
    }

    @Test
    void leavesNoCopyOfAFileThatCannotBeRead() throws IOException {
        Path missing = folder.resolve("missing.hdf5");
        assertThatThrownBy(() -> staged(1 << 20).open(RemoteLikeFileSystem.uri(missing)))
                .isInstanceOf(IOException.class);
        assertThat(FileTree.filesBelow(copies)).isEmpty();
    }

    @Test
    void clearsAllCopiesAndTheirFolder() throws IOException {
        StagedFiles staged = staged(1 << 20);
        staged.clear();
        staged.open(RemoteLikeFileSystem.uri(file(1))).file().close();
        staged.open(RemoteLikeFileSystem.uri(file(2))).file().close();
        staged.clear();
        assertThat(copies).doesNotExist();
    }
}

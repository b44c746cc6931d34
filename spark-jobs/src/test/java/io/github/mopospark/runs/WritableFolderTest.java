package io.github.mopospark.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritableFolderTest {
    @TempDir
    private Path folder;

    private static void tryToWrite(Path path) throws IOException {
        new RunFolder(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(path.toString())).tryToWrite();
    }

    @Test
    void leavesNothingOfAFolderThatWasNotThere() throws IOException {
        tryToWrite(folder.resolve("a/b/c"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesWhatWasThere() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        tryToWrite(empty);
        assertThat(empty).isEmptyDirectory();

        Path file = Files.writeString(empty.resolve("file"), "text");
        tryToWrite(empty);
        assertThat(empty.toFile().list()).containsExactly("file");
        assertThat(file).hasContent("text");
    }

    @Test
    void refusesWhereNothingCanBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> tryToWrite(file.resolve("run/1"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> tryToWrite(file)).isInstanceOf(IOException.class);
        assertThat(folder.toFile().list()).containsExactly("file");
    }
}

package io.github.mopospark.conversion.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    @TempDir
    private java.nio.file.Path folder;

    /** Another process writes a longer file over what is read: once, or for ever, between the look at its length and its opening. */
    public static final class ReplacedMeanwhile extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("replaced:///");
        }

        @Override
        public FSDataInputStream open(Path path, int bufferSize) throws IOException {
            java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
            String text = Files.readString(file);
            if (text.length() < getConf().getInt("test.longest", 0)) {
                Files.writeString(file, text + "more");
            }
            return super.open(path, bufferSize);
        }
    }

    private byte[] read(int longest) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set("fs.replaced.impl", ReplacedMeanwhile.class.getName());
        configuration.setBoolean("fs.replaced.impl.disable.cache", true);
        configuration.setInt("test.longest", longest);
        java.nio.file.Path file = Files.writeString(folder.resolve("file"), "some");
        return new Storage(configuration).readFully(new Path("replaced://" + file));
    }

    @Test
    void readsAFileThatIsReplacedMeanwhileAsItIsThen() throws IOException {
        assertThat(read(0)).asString().isEqualTo("some");
        assertThat(read(5)).asString().isEqualTo("somemore");
    }

    @Test
    void saysThatAFileWasAlwaysReplaced() {
        assertThatThrownBy(() -> read(1_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("file was replaced each time when it was read");
    }
}

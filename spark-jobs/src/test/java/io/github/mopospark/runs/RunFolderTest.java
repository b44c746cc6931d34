package io.github.mopospark.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.ConfigurationException;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    private static final Storage STORAGE = new Storage(new Configuration());
    private static final RunConfig CONFIG = new ConfigReader(STORAGE).read(Map.of("task", "hopper", "seed", "7"));

    @TempDir
    private Path temporary;

    private Path path;
    private RunFolder folder;

    @BeforeEach
    void open() throws IOException {
        path = temporary.resolve("run");
        folder = new RunFolder(STORAGE, new org.apache.hadoop.fs.Path(path.toString()));
    }

    @Test
    void aFolderThatIsNotThereIsEmptyAndNoRun() throws IOException {
        assertThat(folder.isEmpty()).isTrue();
        assertThat(folder.configuration()).isEmpty();
        assertThat(path).doesNotExist();
    }

    @Test
    void aRunThatWasBegunHasItsConfiguration() throws IOException {
        folder.begin(CONFIG);
        assertThat(folder.isEmpty()).isFalse();
        assertThat(folder.configuration()).contains(CONFIG);
    }

    @Test
    void whatAKilledRunHasHalfWrittenGoesAndNothingElse() throws IOException {
        Files.createDirectory(path);
        Path half = Files.writeString(path.resolve(".config.conf." + UUID.randomUUID()), "task");
        assertThat(folder.isEmpty()).isTrue();
        Path notes = Files.writeString(path.resolve(".notes.txt"), "mine");
        assertThat(folder.isEmpty()).isFalse();

        folder.begin(CONFIG);

        assertThat(half).doesNotExist();
        assertThat(notes).exists();
    }

    @Test
    void abandonedItIsAsBefore() throws IOException {
        folder.begin(CONFIG);
        Files.createDirectories(path.resolve("dataset/parts-x"));
        folder.abandon();
        assertThat(path).isEmptyDirectory();
        assertThat(folder.configuration()).isEmpty();
    }

    @Test
    void aConfigurationThatWasChangedToNonsenseIsNamed() throws IOException {
        folder.begin(CONFIG);
        Files.writeString(path.resolve("config.conf"), "task = hopper\nrollout.length = five\n");
        assertThatThrownBy(() -> folder.configuration())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("run/config.conf: 2")
                .hasMessageContaining("rollout.length");
    }

    @Test
    void secondsAndRetriesOfEarlierStartsAreKept() throws IOException {
        folder.begin(CONFIG);
        folder.keepSeconds("dataset", 1.0);
        // Told again with each block.
        folder.keepSeconds("dataset", 1.5);
        assertThat(folder.seconds()).containsExactly(entry("dataset", 1.5));
        folder.retries(List.of("member 1 went on"));
        open();

        assertThat(folder.seconds()).containsExactly(entry("dataset", 1.5));
        folder.keepSeconds("ensemble", 60.0);
        folder.keepSeconds("dataset", 0.5);
        assertThat(folder.seconds()).containsExactly(entry("dataset", 2.0), entry("ensemble", 60.0));
        assertThat(folder.retries(List.of("shard 2 again"))).containsExactly("member 1 went on", "shard 2 again");
    }

    @Test
    void secondsThatWereChangedToNonsenseAreNamed() throws IOException {
        folder.begin(CONFIG);
        Files.writeString(path.resolve("phases.csv"), "phase,seconds\ndataset\n");
        assertThatThrownBy(() -> folder.seconds())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("phases.csv: 'dataset' is not a phase and its seconds; delete the file");
    }
}

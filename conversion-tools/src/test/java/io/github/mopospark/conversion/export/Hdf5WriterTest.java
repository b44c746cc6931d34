package io.github.mopospark.conversion.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5WriterTest {
    @TempDir
    private Path folder;

    @Test
    void growsADatasetByRows() throws IOException {
        Path path = folder.resolve("x.hdf5");
        try (Hdf5Writer file = new Hdf5Writer(path);
                Hdf5Writer.Column column = file.matrix("m", 2, 3)) {
            column.append(new float[] {9, 9, 1, 2, 3, 4}, 1, 2);
            column.append(new float[0], 0, 0);
            column.append(new float[] {5, 6, 7, 8, 9, 9}, 0, 2);
            assertThat(column.rows()).isEqualTo(4);
        }
        try (HdfFile file = new HdfFile(path)) {
            assertThat(file.getDatasetByPath("/m").getData()).isEqualTo(new float[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});
        }
    }

    @Test
    void doesNotReplaceAFile() throws IOException {
        Path path = folder.resolve("x.hdf5");
        Files.writeString(path, "mine");
        assertThatThrownBy(() -> new Hdf5Writer(path).close())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(path + ": HDF5's H5Fcreate failed: ")
                .hasMessageContaining("File exists");
        assertThat(path).hasContent("mine");
    }

    @Test
    void namesTheCallThatFailed() throws IOException {
        Path path = folder.resolve("x.hdf5");
        try (Hdf5Writer file = new Hdf5Writer(path)) {
            file.group("a");
            assertThatThrownBy(() -> file.group("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessage(path + ": HDF5's H5Gcreate2 of a failed: name already exists");
            assertThatThrownBy(() -> file.vector("b/c", 10))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(path + ": HDF5's H5Dcreate2 of b/c failed: ");
            assertThatThrownBy(() -> file.attribute("b", "id", 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(path + ": HDF5's H5Gopen2 of b/id failed: ");
            file.flags("f", 10).close();
            assertThatThrownBy(() -> file.flags("f", 10)).hasMessageContaining("H5Dcreate2 of f failed: ");
            Hdf5Writer.Column column = file.vector("v", 10);
            column.close();
            assertThatThrownBy(() -> column.append(new float[1], 0, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("H5Dset_extent of v failed: ");
            assertThatThrownBy(column::close).hasMessageContaining("H5Dclose of v failed: ");
        }
    }

    @Test
    void closesWhatAFailureLeftOpen() throws IOException {
        Path path = folder.resolve("x.hdf5");
        Hdf5Writer.Column column;
        try (Hdf5Writer file = new Hdf5Writer(path)) {
            column = file.vector("v", 10);
        }
        // Closed with the file, and the file with it: its descriptor would keep the space of a deleted file.
        assertThatThrownBy(column::close).isInstanceOf(IOException.class);
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(descriptors.map(Hdf5WriterTest::target)).doesNotContain(path.toString());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "gone";
        }
    }
}

package io.github.mopospark.networks.saving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFileTest {
    private static final List<String> PLAIN =
            List.of("number", "vector", "matrix", "cube", "least-padding", "most-padding", "empty", "special");

    @Test
    void readsWhatNumPyWrote() throws IOException {
        NpzFile file = NpzFile.read(NumpyFiles.open("plain.npz"), "plain.npz");
        assertThat(file.names()).containsExactlyElementsOf(PLAIN);
        for (String name : PLAIN) {
            assertThat(NumpyFiles.isSame(file.array(name), NumpyFiles.expected(name)))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void readsWhatNumPyCompressed() throws IOException {
        NpzFile file = NpzFile.read(NumpyFiles.open("compressed.npz"), "compressed.npz");
        assertThat(file.names()).containsExactly("float64", "int32", "int64", "big-endian", "fortran");
        for (String name : file.names()) {
            assertThat(NumpyFiles.isSame(file.array(name), NumpyFiles.expected(name)))
                    .as(name)
                    .isTrue();
        }
        assertThat(NpzFile.read(NumpyFiles.open("none.npz"), "none.npz").names())
                .isEmpty();
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Map<String, NpyArray> arrays = arrays();
        arrays.put("actor/schärfe", NumpyFiles.expected(1, 300, 301));
        NpzFile file = NpzFile.read(new ByteArrayInputStream(bytes(arrays)), "a.npz");
        assertThat(file.names()).containsExactlyInAnyOrderElementsOf(arrays.keySet());
        arrays.forEach((name, array) ->
                assertThat(NumpyFiles.isSame(file.array(name), array)).as(name).isTrue());
    }

    @Test
    void writesTheSameBytesForTheSameArraysInAnyOrderAndTimeZone() throws IOException {
        byte[] bytes = bytes(arrays());
        Map<String, NpyArray> reversed = new LinkedHashMap<>();
        for (int i = PLAIN.size() - 1; i >= 0; i--) {
            reversed.put(PLAIN.get(i), NumpyFiles.expected(PLAIN.get(i)));
        }
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            assertThat(bytes(reversed)).isEqualTo(bytes);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    /** Python reads the directory at the archive's end, which our reader does not. */
    @Test
    void writesADirectoryOfUncompressedFilesThatAreNumPys(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("a.npz");
        Files.write(path, bytes(arrays()));
        try (ZipFile zip = new ZipFile(path.toFile())) {
            assertThat(zip.size()).isEqualTo(PLAIN.size());
            for (String name : PLAIN) {
                ZipEntry entry = zip.getEntry(name + ".npy");
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                assertThat(entry.getTimeLocal()).isEqualTo(LocalDateTime.of(1980, 2, 1, 0, 0));
                assertThat(entry.getExtra()).isNull();
                assertThat(zip.getInputStream(entry).readAllBytes()).isEqualTo(NumpyFiles.bytes(name + ".npy"));
            }
        }
    }

    @Test
    void leavesTheStreamsOpen() throws IOException {
        boolean[] closed = new boolean[2];
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        NpzFile.write(out, arrays());
        NpzFile.read(
                new ByteArrayInputStream(bytes(arrays())) {
                    @Override
                    public void close() {
                        closed[1] = true;
                    }
                },
                "a.npz");
        assertThat(closed).containsExactly(false, false);
    }

    @Test
    void refusesAnArchiveThatWasCutOffAnywhere() throws IOException {
        byte[] whole = NumpyFiles.bytes("plain.npz");
        byte[] ours = bytes(arrays());
        for (byte[] bytes : List.of(whole, ours)) {
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> read(cut))
                        .as("%d bytes", length)
                        .isInstanceOf(SavedDataException.class)
                        .hasMessageStartingWith("a.npz: ");
            }
        }
    }

    @Test
    void givesOneExceptionOrTheSameNumbersForDamagedBytes() throws IOException {
        SplittableRandom random = new SplittableRandom(6);
        int refused = 0;
        for (String original : List.of("plain.npz", "compressed.npz")) {
            byte[] whole = NumpyFiles.bytes(original);
            List<NpyArray> arrays =
                    read(whole).names().stream().map(NumpyFiles::expected).toList();
            for (int copy = 0; copy < 3000; copy++) {
                byte[] damaged = whole.clone();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                try {
                    NpzFile read = read(damaged);
                    // A name can be another one, but not the numbers, which have checksums.
                    int next = 0;
                    for (String name : read.names()) {
                        assertThat(NumpyFiles.isSame(read.array(name), arrays.get(next++)))
                                .isTrue();
                    }
                    assertThat(next).isEqualTo(arrays.size());
                } catch (SavedDataException e) {
                    assertThat(e).hasMessageStartingWith("a.npz: ");
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(2000, 5999);
    }

    @Test
    void refusesOtherFilesInTheArchive() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("notes.txt"));
            zip.write("x".getBytes(StandardCharsets.US_ASCII));
        }
        assertThatThrownBy(() -> read(out.toByteArray()))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("a.npz: holds notes.txt, but must hold only arrays, named *.npy");
    }

    @Test
    void namesTheArrayThatIsWrongInTheArchive() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("actor.npy"));
            zip.write(NumpyFiles.bytes("refused-float16.npy"));
        }
        assertThatThrownBy(() -> read(out.toByteArray()))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith("a.npz: actor: the type of its numbers is <f2");
    }

    @Test
    void givesNumbersOnlyOfTheShapeAndFinite() throws IOException {
        NpzFile file = NpzFile.read(NumpyFiles.open("plain.npz"), "critic.npz");
        assertThat(file.finiteValues("matrix", 3, 4)).hasSize(12);
        assertThat(file.finiteValues("number")).containsExactly(-2.5f);
        assertThatThrownBy(() -> file.finiteValues("matrix", 4, 3))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("critic.npz: matrix has the shape (3, 4), but must have (4, 3)");
        assertThatThrownBy(() -> file.finiteValues("special", 9))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("critic.npz: special: the number at [2] is Infinity, but must be finite");
        assertThatThrownBy(() -> file.finiteValues("w0", 9))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("critic.npz: has no array w0; it has [number, vector, ");
    }

    @Test
    void refusesAnArrayWithoutAName() {
        assertThatThrownBy(() -> bytes(Map.of("", NumpyFiles.expected(0, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
    }

    private static Map<String, NpyArray> arrays() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        PLAIN.forEach(name -> arrays.put(name, NumpyFiles.expected(name)));
        return arrays;
    }

    private static byte[] bytes(Map<String, NpyArray> arrays) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzFile.write(out, arrays);
        return out.toByteArray();
    }

    private static NpzFile read(byte[] bytes) throws IOException {
        return NpzFile.read(new ByteArrayInputStream(bytes), "a.npz");
    }
}

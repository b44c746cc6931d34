package io.github.mopospark.networks.saving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyArrayTest {
    @ParameterizedTest
    @ValueSource(strings = {"number", "vector", "matrix", "cube", "least-padding", "most-padding", "empty", "special"})
    void writesTheBytesThatNumPyWrites(String name) throws IOException {
        assertThat(bytes(NumpyFiles.expected(name))).isEqualTo(NumpyFiles.bytes(name + ".npy"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "number",
                "vector",
                "matrix",
                "cube",
                "least-padding",
                "most-padding",
                "empty",
                "special",
                "float64",
                "int32",
                "int64",
                "big-endian",
                "fortran"
            })
    void readsWhatNumPyWrote(String name) throws IOException {
        NpyArray read = NpyArray.read(NumpyFiles.open(name + ".npy"), name);
        assertThat(NumpyFiles.isSame(read, NumpyFiles.expected(name)))
                .as("%s %s", Arrays.toString(read.shape()), Arrays.toString(read.values()))
                .isTrue();
    }

    @Test
    void readsAnArrayOfManyChunksFromAStreamThatGivesFewBytesAtATime() throws IOException {
        NpyArray array = NumpyFiles.expected(-3, 1001, 211);
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(bytes(array))) {
            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                return super.read(target, offset, Math.min(count, 1009));
            }
        };
        assertThat(NumpyFiles.isSame(NpyArray.read(slow, "slow"), array)).isTrue();
    }

    @Test
    void takesTheKeysOfAHeaderInAnyOrder() throws IOException {
        String header = "{'shape':(2,),'fortran_order':False,'descr':'<f4'}  \n";
        assertThat(read(header, new byte[8]).shape()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "refused-bool.npy; \\|b1",
                "refused-float16.npy; <f2",
                "refused-too-large-float64.npy; number 1 is 1.0E39",
                "refused-too-large-int64.npy; number 1 is 16777217",
                "refused-structured.npy; header is .*descr",
                "refused-version-2.npy; version is 2.0.* reads 1.0",
                "plain.npz; does not begin"
            })
    void refusesWhatItCannotHold(String file, String fault) {
        assertThatThrownBy(() -> NpyArray.read(NumpyFiles.open(file), "saved/a.npy"))
                .isInstanceOf(SavedDataException.class)
                .hasMessageMatching("(?s)saved/a\\.npy: .*" + fault + ".*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{'descr': '<f4', 'fortran_order': False, }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1, }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
                "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3000000000,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } and more",
            })
    void refusesAHeaderThatIsNotOne(String header) {
        assertThatThrownBy(() -> read(header, new byte[8]))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith("a.npy: ");
    }

    @Test
    void refusesFewerAndMoreNumbersThanTheShape() {
        byte[] whole = NumpyFiles.bytes("matrix.npy");
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 5)))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("a.npy: ends after 10 of the 12 numbers of its shape (3, 4); it was cut off");
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("goes on after the 12 numbers of its shape (3, 4)");
    }

    @Test
    void makesNoRoomForNumbersThatDoNotCome() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() ->
                        read("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }\n", new byte[999]))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("ends after 249 of the 2,000,000,000 numbers");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4L << 20);
    }

    @Test
    void givesOneExceptionOrTheSameNumbersForDamagedBytes() throws IOException {
        byte[] whole = NumpyFiles.bytes("cube.npy");
        int header = whole.length - 24 * Float.BYTES;
        NpyArray original = NumpyFiles.expected("cube");
        SplittableRandom random = new SplittableRandom(5);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int refused = 0;
        for (int copy = 0; copy < 5000; copy++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                // Mostly digits and quotes, which change what a header says without breaking it.
                int value =
                        random.nextInt(3) == 0 ? random.nextInt(256) : "0123456789'(,) <>fi".charAt(random.nextInt(19));
                damaged[random.nextInt(header)] = (byte) value;
            }
            try {
                NpyArray read = read(damaged);
                assertThat(read.values()).hasSameSizeAs(original.values());
            } catch (SavedDataException e) {
                assertThat(e).hasMessageStartingWith("a.npy: ");
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 4999);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 5000).isLessThan(1L << 20);
    }

    @Test
    void passesOnAnExceptionOfTheStream() {
        InputStream broken = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                throw new IOException("the network is down");
            }
        };
        assertThatThrownBy(() -> NpyArray.read(broken, "a.npy")).isExactlyInstanceOf(IOException.class);
    }

    @Test
    void namesTheNumberThatIsNotFinite() {
        NpyArray array = NumpyFiles.expected(0, 2, 3, 4);
        array.requireFinite("w");
        array.values()[1 * 12 + 2 * 4 + 3] = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> array.requireFinite("model.npz: w"))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("model.npz: w: the number at [1, 2, 3] is -Infinity, but must be finite");
    }

    @Test
    void refusesAShapeThatDoesNotFitItsNumbers() {
        assertThatThrownBy(() -> new NpyArray(new int[] {2, 3}, new float[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an array of shape (2, 3) must have 6 numbers, but has 5");
        assertThatThrownBy(() -> new NpyArray(new int[] {-1}, new float[1])).hasMessageContaining("negative");
    }

    private static byte[] bytes(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        array.write(out);
        return out.toByteArray();
    }

    private static NpyArray read(byte[] bytes) throws IOException {
        return NpyArray.read(new ByteArrayInputStream(bytes), "a.npy");
    }

    private static NpyArray read(String header, byte[] numbers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(NumpyFiles.bytes("vector.npy"), 0, 8);
        out.write(header.length());
        out.write(0);
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(numbers);
        return read(out.toByteArray());
    }
}

package io.github.mopospark.policy.buffers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowStorageTest {
    private static final int ROWS = 21;
    private static final int WIDTH = 5;

    /** Blocks of 1, 2, 4 rows, and one for all. */
    @ParameterizedTest
    @ValueSource(ints = {20, 59, 80, 1 << 20})
    void keepsRowsThatLieInAnyBlock(int blockBytes) {
        RowStorage storage = new RowStorage(ROWS, WIDTH, blockBytes);
        float[] rows = numbers(ROWS);
        storage.put(0, rows, 3);
        storage.put(3, Arrays.copyOfRange(rows, 3 * WIDTH, ROWS * WIDTH), ROWS - 3);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < WIDTH; column++) {
                assertThat(storage.block(row).get(storage.start(row) + column)).isEqualTo(rows[row * WIDTH + column]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 80, 1 << 20})
    void givesTheBytesOfLittleEndianFloats(int blockBytes) {
        RowStorage storage = new RowStorage(ROWS, WIDTH, blockBytes);
        storage.put(0, numbers(ROWS), ROWS);
        byte[] bytes = new byte[7 * WIDTH * Float.BYTES];
        storage.getBytes(2, bytes, 7);
        float[] read = new float[7 * WIDTH];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(read);
        assertThat(read).isEqualTo(Arrays.copyOfRange(numbers(ROWS), 2 * WIDTH, 9 * WIDTH));
    }

    @Test
    void overwritesOnlyTheRowsThatArePut() {
        RowStorage storage = new RowStorage(ROWS, WIDTH, 80);
        storage.put(0, numbers(ROWS), ROWS);
        storage.put(3, new float[2 * WIDTH], 2);
        assertThat(storage.block(2).get(storage.start(2) + 4)).isEqualTo(14);
        assertThat(storage.block(3).get(storage.start(3))).isZero();
        assertThat(storage.block(4).get(storage.start(4) + 4)).isZero();
        assertThat(storage.block(5).get(storage.start(5))).isEqualTo(25);
    }

    @Test
    void takesNoMoreMemoryThanItsRows() {
        RowStorage storage = new RowStorage(ROWS, WIDTH, 80);
        assertThat(storage.block(ROWS - 2).capacity()).isEqualTo(4 * WIDTH);
        assertThat(storage.block(ROWS - 1).capacity()).isEqualTo(WIDTH);
    }

    private static float[] numbers(int rows) {
        float[] numbers = new float[rows * WIDTH];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        return numbers;
    }
}

package io.github.mopospark.networks.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers are fixed by their names, so what is coarse about a bound here never makes a test fail now and then. */
class RandomStreamTest {
    private static final int MANY = 200_000;

    private static long[] longs(RandomStream stream, int count) {
        long[] numbers = new long[count];
        Arrays.setAll(numbers, i -> stream.nextLong());
        return numbers;
    }

    @Test
    void givesTheSameNumbersForTheSameName() {
        assertThat(longs(RandomStream.of(7, "holdout", 3, 4), 100))
                .containsExactly(longs(RandomStream.of(7, "holdout", 3, 4), 100));
    }

    @Test
    void neverChangesItsNumbers() {
        // What recorded runs were drawn from, computed once more in Python.
        assertThat(longs(RandomStream.of(0, ""), 2)).containsExactly(-1370816716057303562L, 7723603777842359968L);
        assertThat(longs(RandomStream.of(42, "holdout", 1, -5), 3))
                .containsExactly(1907661891527517633L, -6988330194144634380L, -2333462855207231834L);
    }

    @Test
    void givesOtherNumbersForAnyOtherName() {
        List<RandomStream> streams = List.of(
                RandomStream.of(7, "holdout", 3, 4),
                RandomStream.of(8, "holdout", 3, 4),
                RandomStream.of(-7, "holdout", 3, 4),
                RandomStream.of(7, "holdouT", 3, 4),
                RandomStream.of(7, "holdou", 3, 4),
                RandomStream.of(7, "", 3, 4),
                RandomStream.of(7, "holdout", 4, 3),
                RandomStream.of(7, "holdout", 3),
                RandomStream.of(7, "holdout", 3, 4, 0),
                RandomStream.of(7, "holdout", 0, 3, 4),
                RandomStream.of(7, "holdout"));
        Set<Long> numbers = new HashSet<>();
        for (RandomStream stream : streams) {
            for (long number : longs(stream, 1_000)) {
                numbers.add(number);
            }
        }

        assertThat(numbers).hasSize(1_000 * streams.size());
        assertThatThrownBy(() -> RandomStream.of(7, null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void goesToAnyPlace() {
        RandomStream stream = RandomStream.of(1, "places");
        long[] numbers = longs(stream, 50);
        assertThat(stream.position()).isEqualTo(50);

        stream.seek(20);
        assertThat(longs(stream, 30)).containsExactly(Arrays.copyOfRange(numbers, 20, 50));

        // Normal numbers take one or more places each; the place still says where the next begins.
        stream.seek(7);
        stream.nextGaussian();
        long place = stream.position();
        float[] first = new float[100];
        stream.fillGaussian(first, 0, 100);
        long end = stream.position();
        float[] second = new float[100];
        stream.seek(place);
        stream.fillGaussian(second, 0, 100);
        assertThat(second).containsExactly(first);
        assertThat(stream.position()).isEqualTo(end);

        stream.seek(Long.MAX_VALUE - 5);
        assertThat(longs(stream, 3)).doesNotHaveDuplicates();
        assertThatThrownBy(() -> stream.seek(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void isUniform() {
        RandomStream stream = RandomStream.of(2, "uniform");
        int[] buckets = new int[100];
        double sum = 0;
        for (int i = 0; i < MANY; i++) {
            float number = stream.nextFloat();
            assertThat(number >= 0f && number < 1f).isTrue();
            sum += number;
            buckets[(int) (100 * number)]++;
        }
        double chiSquare = 0;
        for (int count : buckets) {
            chiSquare += Math.pow(count - MANY / 100.0, 2) / (MANY / 100.0);
        }

        assertThat(sum / MANY).isCloseTo(0.5, within(0.003));
        // Of 99 degrees of freedom: beyond these once in 10,000 streams.
        assertThat(chiSquare).isBetween(53.0, 160.0);
        int[] ones = new int[64];
        for (long number : longs(stream, 20_000)) {
            for (int bit = 0; bit < 64; bit++) {
                ones[bit] += (int) (number >>> bit & 1);
            }
        }
        assertThat(Arrays.stream(ones).min().orElseThrow()).isGreaterThan(9_700);
        assertThat(Arrays.stream(ones).max().orElseThrow()).isLessThan(10_300);
    }

    @Test
    void isNormal() {
        float[] numbers = new float[MANY + 2];
        RandomStream.of(3, "normal").fillGaussian(numbers, 1, MANY + 1);
        double[] moments = new double[5];
        int[] beyond = new int[4];
        for (int i = 1; i <= MANY; i++) {
            for (int power = 1; power < 5; power++) {
                moments[power] += Math.pow(numbers[i], power) / MANY;
            }
            for (int bound = 1; bound < 4; bound++) {
                beyond[bound] += numbers[i] > bound ? 1 : 0;
            }
        }

        assertThat(numbers[0]).isZero();
        assertThat(numbers[MANY + 1]).isZero();
        assertThat(moments[1]).isCloseTo(0, within(0.01));
        assertThat(moments[2]).isCloseTo(1, within(0.015));
        assertThat(moments[3]).isCloseTo(0, within(0.03));
        assertThat(moments[4]).isCloseTo(3, within(0.1));
        assertThat(beyond[1] / (double) MANY).isCloseTo(0.158655, within(0.003));
        assertThat(beyond[2] / (double) MANY).isCloseTo(0.022750, within(0.0015));
        assertThat(beyond[3] / (double) MANY).isCloseTo(0.001350, within(0.0004));
    }

    @Test
    void fillsUpToButNotWithTheBound() {
        float[] numbers = new float[MANY];
        Arrays.fill(numbers, 9f);
        RandomStream.of(4, "bound").fillUniform(numbers, 1, MANY - 1, -2f, 3f);
        double sum = 0;
        for (int i = 1; i < MANY - 1; i++) {
            assertThat(numbers[i] >= -2f && numbers[i] < 3f).isTrue();
            sum += numbers[i];
        }
        assertThat(sum / MANY).isCloseTo(0.5, within(0.02));
        assertThat(numbers[0]).isEqualTo(9f);
        assertThat(numbers[MANY - 1]).isEqualTo(9f);

        // Two floats apart, so that a quarter of the sums round up to the bound.
        float low = 1e6f;
        float high = Math.nextUp(Math.nextUp(low));
        RandomStream.of(4, "bound").fillUniform(numbers, 0, 1_000, low, high);
        for (int i = 0; i < 1_000; i++) {
            assertThat(numbers[i]).isIn(low, Math.nextUp(low));
        }
    }

    private static double correlation(RandomStream a, RandomStream b, ToDoubleFunction<RandomStream> draw) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < MANY; i++) {
            double first = draw.applyAsDouble(a);
            double second = draw.applyAsDouble(b);
            ab += first * second;
            aa += first * first;
            bb += second * second;
        }
        return ab / Math.sqrt(aa * bb);
    }

    @Test
    void isNotCorrelatedWithItsNeighbours() {
        double bound = 4 / Math.sqrt(MANY);
        ToDoubleFunction<RandomStream> uniform = stream -> stream.nextDouble() - 0.5;
        for (int i = 0; i < 3; i++) {
            assertThat(correlation(RandomStream.of(5, "role", i), RandomStream.of(5, "role", i + 1), uniform))
                    .isBetween(-bound, bound);
            assertThat(correlation(RandomStream.of(i, "role"), RandomStream.of(i + 1, "role"), uniform))
                    .isBetween(-bound, bound);
            assertThat(correlation(
                            RandomStream.of(5, "role", i),
                            RandomStream.of(5, "role", i + 1),
                            RandomStream::nextGaussian))
                    .isBetween(-bound, bound);
            RandomStream later = RandomStream.of(5, "role", i);
            later.seek(i + 1);
            assertThat(correlation(RandomStream.of(5, "role", i), later, uniform))
                    .as("with itself, %d later", i + 1)
                    .isBetween(-bound, bound);
        }
    }

    @Test
    void permutes() {
        RandomStream stream = RandomStream.of(6, "permutation");
        int[] all = stream.permutation(1_000, 1_000);
        assertThat(all).doesNotHaveDuplicates();
        assertThat(Arrays.stream(all).min().orElseThrow()).isZero();
        assertThat(Arrays.stream(all).max().orElseThrow()).isEqualTo(999);
        assertThat(all).isNotEqualTo(stream.permutation(1_000, 1_000));

        assertThat(stream.permutation(1_000, 10)).hasSize(10).doesNotHaveDuplicates();
        assertThat(stream.permutation(5, 0)).isEmpty();
        assertThat(stream.permutation(0, 0)).isEmpty();
        assertThat(stream.permutation(1, 1)).containsExactly(0);
        assertThatThrownBy(() -> stream.permutation(3, 4)).hasMessage("4 of 3 numbers cannot be drawn");
        assertThatThrownBy(() -> stream.permutation(3, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "1000, 10", "5, 0", "0, 0", "1, 1", "7, 6"})
    void choosesTheStartOfAPermutation(int size, int count) {
        RandomStream stream = RandomStream.of(6, "choice");
        assertThat(stream.choice(size, count))
                .isEqualTo(RandomStream.of(6, "choice").permutation(size, count));
        RandomStream other = RandomStream.of(6, "choice");
        other.permutation(size, count);
        assertThat(stream.position()).isEqualTo(other.position());
        assertThatThrownBy(() -> stream.choice(3, 4)).hasMessage("4 of 3 numbers cannot be drawn");
    }

    @Test
    void permutesToEveryOrderAlike() {
        RandomStream stream = RandomStream.of(6, "orders");
        int[] orders = new int[64];
        for (int i = 0; i < 24_000; i++) {
            int[] order = stream.permutation(4, 4);
            orders[order[0] * 16 + order[1] * 4 + order[2]]++;
        }
        int[] counts = Arrays.stream(orders).filter(count -> count > 0).toArray();

        assertThat(counts).hasSize(24);
        for (int count : counts) {
            assertThat(count).isBetween(850, 1_150);
        }
    }
}

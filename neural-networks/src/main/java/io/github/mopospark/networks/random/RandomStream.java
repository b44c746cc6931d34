package io.github.mopospark.networks.random;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A counter-based stream of random numbers: number {@code n} of a stream is a fixed function of the stream's key and
 * {@code n}, so that a position is a number and streams of different names are independent. The key is mixed from a run's
 * seed, the role of the stream and indices such as a shard and an epoch: two streams with the same name are the same
 * stream, wherever they run. For one thread at a time.
 */
public final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final float FLOAT_UNIT = 0x1.0p-24f;

    private final long key;
    private final long secondKey;
    private long position;

    private RandomStream(long key) {
        this.key = key;
        this.secondKey = mix(key ^ 0xD1B54A32D192ED03L);
    }

    /**
     * Opens the stream of a name at its start.
     *
     * @param seed the run's seed
     * @param role what the numbers are for, such as {@code "holdout"}
     * @param indices what tells streams of one role apart, such as a shard and an epoch
     * @return the stream, at position 0
     */
    public static RandomStream of(long seed, String role, long... indices) {
        long key = mix(seed + GOLDEN_RATIO);
        Objects.requireNonNull(role, "role");
        for (int i = 0; i < role.length(); i++) {
            key = mix(key * 31 + role.charAt(i));
        }
        // Its length keeps ("a", 1) and ("a", 1, 0) apart.
        key = mix(key + indices.length * GOLDEN_RATIO);
        for (long index : indices) {
            key = mix((key ^ index) + GOLDEN_RATIO);
        }
        return new RandomStream(key);
    }

    /** Stafford's variant 13 of the 64-bit finalizer, the mixing function of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    @Override
    public long nextLong() {
        position++;
        // Two keys, so that two streams are not one sequence read at two places.
        return mix(mix(key + position * GOLDEN_RATIO) ^ secondKey);
    }

    @Override
    public float nextFloat() {
        return (nextLong() >>> 40) * FLOAT_UNIT;
    }

    /**
     * How many numbers were drawn.
     *
     * @return the position
     */
    public long position() {
        return position;
    }

    /**
     * Goes to a place in the stream.
     *
     * @param position a value of {@link #position()}, not negative
     */
    public void seek(long position) {
        if (position < 0) {
            throw new IllegalArgumentException(
                    "a stream's position must not be negative, but was %d".formatted(position));
        }
        this.position = position;
    }

    /**
     * Fills an array with standard normal numbers.
     *
     * @param target the array
     * @param from the first place to fill
     * @param to the place after the last
     */
    public void fillGaussian(float[] target, int from, int to) {
        for (int i = from; i < to; i++) {
            target[i] = (float) nextGaussian();
        }
    }

    /**
     * Fills an array with numbers drawn uniformly from {@code [low, high)}.
     *
     * @param target the array
     * @param from the first place to fill
     * @param to the place after the last
     * @param low the least number
     * @param high the bound above
     */
    public void fillUniform(float[] target, int from, int to, float low, float high) {
        for (int i = from; i < to; i++) {
            // The sum may round up to the bound.
            target[i] = Math.min(low + (high - low) * nextFloat(), Math.nextDown(high));
        }
    }

    /**
     * A permutation of {@code 0..size-1}, or its start (Fisher and Yates).
     *
     * @param size how many numbers there are to choose from
     * @param count how many of them, each at most once
     * @return the chosen numbers in random order
     */
    public int[] permutation(int size, int count) {
        if (count < 0 || count > size) {
            throw new IllegalArgumentException("%d of %d numbers cannot be drawn".formatted(count, size));
        }
        int[] numbers = new int[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = i;
        }
        for (int i = 0; i < count; i++) {
            int other = i + nextInt(size - i);
            int number = numbers[i];
            numbers[i] = numbers[other];
            numbers[other] = number;
        }
        return java.util.Arrays.copyOf(numbers, count);
    }

    /**
     * The start of a {@link #permutation}, the same numbers, without room for the rest.
     *
     * @param size how many numbers there are to choose from
     * @param count how many of them, each at most once
     * @return the chosen numbers in random order
     */
    public int[] choice(int size, int count) {
        if (count < 0 || count > size) {
            throw new IllegalArgumentException("%d of %d numbers cannot be drawn".formatted(count, size));
        }
        Map<Integer, Integer> moved = new HashMap<>();
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            int other = i + nextInt(size - i);
            chosen[i] = moved.getOrDefault(other, other);
            moved.put(other, moved.getOrDefault(i, i));
        }
        return chosen;
    }
}

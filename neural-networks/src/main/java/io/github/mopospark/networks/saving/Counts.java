package io.github.mopospark.networks.saving;

/**
 * Whole numbers among floats, so that a file of floats holds them unchanged: a float is exact up to 2^24 only, so each is two of
 * them, its high and its low 20 bits.
 */
public final class Counts {
    /** Floats that a count takes. */
    public static final int FLOATS = 2;

    private static final int DIGIT = 1 << 20;

    private Counts() {}

    /**
     * Writes a count.
     *
     * @param count from 0 to 2^40 - 1
     * @param numbers takes it
     * @param place where the first of its {@link #FLOATS} floats goes
     * @throws IllegalArgumentException if the count is outside its range
     */
    public static void put(long count, float[] numbers, int place) {
        long high = count / DIGIT;
        if (count < 0 || high >= DIGIT) {
            throw new IllegalArgumentException("a count that is saved must be from 0 to 2^40 - 1, but was " + count);
        }
        numbers[place] = high;
        numbers[place + 1] = count - high * DIGIT;
    }

    /**
     * Reads a count.
     *
     * @param numbers holds it
     * @param place where the first of its {@link #FLOATS} floats is
     * @param name what messages call the array
     * @return the count
     * @throws SavedDataException if there is none that {@link #put} wrote
     */
    public static long get(float[] numbers, int place, String name) {
        return DIGIT * digit(numbers, place, name) + digit(numbers, place + 1, name);
    }

    private static long digit(float[] numbers, int place, String name) {
        float number = numbers[place];
        if (!(number >= 0 && number < DIGIT) || number != (long) number) {
            throw new SavedDataException("%s: the number at [%d] is %s, but must be a whole one from 0 to %d"
                    .formatted(name, place, number, DIGIT - 1));
        }
        return (long) number;
    }
}

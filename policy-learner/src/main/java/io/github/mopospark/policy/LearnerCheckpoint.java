package io.github.mopospark.policy;

import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.saving.Counts;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A learner between two updates as an {@code .npz} file: networks, target networks, Adam's moments, temperature and
 * counters. Noise and batches are drawn by the number of the update, so that no generator needs to be saved; the buffer of
 * model transitions is saved by itself. A restored learner goes on to the same bits as one that was never stopped.
 */
public final class LearnerCheckpoint {
    private static final int VERSION = 1;
    private static final String COUNTS = "counts";
    private static final String TEMPERATURE = "temperature";
    private static final String FIRST_MOMENT = ".first_moment";
    private static final String SECOND_MOMENT = ".second_moment";

    private LearnerCheckpoint() {}

    /**
     * Writes a learner.
     *
     * @param out takes it; not closed
     * @param learner between two updates
     * @throws IOException if it cannot be written
     */
    public static void write(OutputStream out, SacLearner learner) throws IOException {
        SacLearner.State state = learner.state();
        Map<String, NpyArray> arrays = new TreeMap<>();
        long steps = state.moments().get("actor").steps();
        put(arrays, COUNTS, counts(VERSION, state.updates(), steps, state.temperatureSteps()));
        put(arrays, TEMPERATURE, state.temperature());
        state.networks().forEach((name, numbers) -> put(arrays, name, numbers));
        state.moments().forEach((name, moments) -> {
            put(arrays, name + FIRST_MOMENT, moments.firstMoment());
            put(arrays, name + SECOND_MOMENT, moments.secondMoment());
        });
        NpzFile.write(out, arrays);
    }

    private static void put(Map<String, NpyArray> arrays, String name, float[] numbers) {
        arrays.put(name, new NpyArray(new int[] {numbers.length}, numbers));
    }

    private static float[] counts(int version, long... counts) {
        float[] numbers = new float[1 + Counts.FLOATS * counts.length];
        numbers[0] = version;
        for (int i = 0; i < counts.length; i++) {
            Counts.put(counts[i], numbers, 1 + Counts.FLOATS * i);
        }
        return numbers;
    }

    private static long count(float[] numbers, int index, String file) {
        return Counts.get(numbers, 1 + Counts.FLOATS * index, file + ": " + COUNTS);
    }

    /**
     * Sets a learner to where another of the same settings stopped. Nothing is changed unless all of it fits.
     *
     * @param in holds it; not closed
     * @param file what messages call it
     * @param learner takes it
     * @throws SavedDataException if it is no such file, damaged, of another version, or of networks of other sizes
     * @throws IOException if it cannot be read
     */
    public static void read(InputStream in, String file, SacLearner learner) throws IOException {
        NpzFile arrays = NpzFile.read(in, file);
        float version = arrays.array(COUNTS).values().length == 0
                ? 0
                : arrays.array(COUNTS).values()[0];
        if (version != VERSION) {
            throw new SavedDataException(
                    "%s: its version is %.0f, but this program reads %d".formatted(file, version, VERSION));
        }
        SacLearner.State now = learner.state();
        float[] counts = arrays.finiteValues(COUNTS, counts(VERSION, 0, 0, 0).length);
        Map<String, float[]> networks = new TreeMap<>();
        now.networks().forEach((name, numbers) -> networks.put(name, arrays.finiteValues(name, numbers.length)));
        Map<String, Adam.State> moments = new TreeMap<>();
        Set<String> optimizers = now.moments().keySet();
        for (String name : optimizers) {
            int length = now.moments().get(name).firstMoment().length;
            moments.put(
                    name,
                    new Adam.State(
                            count(counts, 1, file),
                            arrays.finiteValues(name + FIRST_MOMENT, length),
                            arrays.finiteValues(name + SECOND_MOMENT, length)));
        }
        float[] temperature = arrays.finiteValues(TEMPERATURE, now.temperature().length);
        learner.restore(
                new SacLearner.State(count(counts, 0, file), networks, moments, temperature, count(counts, 2, file)));
    }
}

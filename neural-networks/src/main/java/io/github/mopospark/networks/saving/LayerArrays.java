package io.github.mopospark.networks.saving;

import io.github.mopospark.networks.MlpShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network's parameters as the named arrays of a file: the weights {@code W0, W1, ...} as {@code [in, out]} and the biases
 * {@code b0, b1, ...} as {@code [out]}, layer by layer.
 */
public final class LayerArrays {
    private LayerArrays() {}

    /**
     * Cuts parameters into arrays.
     *
     * @param shape the network's sizes
     * @param parameters {@code [parameterCount]}, layer after layer the weights and then the biases
     * @return copies, by name; more can be put to them
     * @throws IllegalArgumentException if there are more or fewer parameters
     */
    public static Map<String, NpyArray> of(MlpShape shape, float[] parameters) {
        if (parameters.length != shape.parameterCount()) {
            throw new IllegalArgumentException("a network of %s has %,d parameters, but was given %,d"
                    .formatted(shape, shape.parameterCount(), parameters.length));
        }
        Map<String, NpyArray> arrays = new TreeMap<>();
        int place = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int in = shape.in(layer);
            int out = shape.out(layer);
            int biases = place + in * out;
            arrays.put("W" + layer, new NpyArray(new int[] {in, out}, Arrays.copyOfRange(parameters, place, biases)));
            place = biases + out;
            arrays.put("b" + layer, new NpyArray(new int[] {out}, Arrays.copyOfRange(parameters, biases, place)));
        }
        return arrays;
    }

    /**
     * Joins arrays to parameters.
     *
     * @param file holds the arrays, and may hold others
     * @param shape the network's sizes
     * @return {@code [parameterCount]}, as {@link #of} takes them
     * @throws SavedDataException if an array is missing or of another shape, or one of its numbers is not finite
     */
    public static float[] read(NpzFile file, MlpShape shape) {
        // The shape may be another file's word: no room is made before the arrays turn out to have it.
        List<float[]> arrays = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            arrays.add(file.finiteValues("W" + layer, shape.in(layer), shape.out(layer)));
            arrays.add(file.finiteValues("b" + layer, shape.out(layer)));
        }
        float[] parameters = new float[shape.parameterCount()];
        int place = 0;
        for (float[] array : arrays) {
            System.arraycopy(array, 0, parameters, place, array.length);
            place += array.length;
        }
        return parameters;
    }
}

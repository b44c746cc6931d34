package io.github.mopospark.policy;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** {@code updates.hdf5}: from the folder named by the property {@code mopo.reference} if set, else the tests' copy. */
final class Reference {
    private final HdfFile file;

    private Reference(HdfFile file) {
        this.file = file;
    }

    static Reference open() {
        String folder = System.getProperty("mopo.reference", "");
        if (!folder.isEmpty()) {
            // Maven runs a module's tests in the module's folder; whoever named the reference stood in the root.
            Path root = Path.of(System.getProperty("mopo.root", ""));
            return new Reference(new HdfFile(root.resolve(folder).resolve("updates.hdf5")));
        }
        try (InputStream copy = Reference.class.getResourceAsStream("/reference/updates.hdf5")) {
            return new Reference(HdfFile.fromInputStream(copy));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String path) {
        try {
            return file.getByPath(path) != null;
        } catch (io.jhdf.exceptions.HdfInvalidPathException absent) {
            return false;
        }
    }

    int[] shape(String path) {
        return file.getDatasetByPath(path).getDimensions();
    }

    /** A dataset's numbers, packed; one number for a scalar. */
    float[] array(String path) {
        Dataset dataset = file.getDatasetByPath(path);
        if (dataset.isScalar()) {
            return new float[] {((Number) dataset.getData()).floatValue()};
        }
        Object flat = dataset.getDataFlat();
        if (flat instanceof double[] doubles) {
            float[] numbers = new float[doubles.length];
            for (int i = 0; i < doubles.length; i++) {
                numbers[i] = (float) doubles[i];
            }
            return numbers;
        }
        return (float[]) flat;
    }

    double attribute(String group, String name) {
        return ((Number) file.getByPath(group).getAttribute(name).getData()).doubleValue();
    }

    /** {@code ||ours - reference|| / ||reference||}. */
    static double relativeError(float[] ours, float[] reference) {
        if (ours.length != reference.length) {
            throw new IllegalArgumentException(
                    "%d numbers are compared with %d".formatted(ours.length, reference.length));
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < ours.length; i++) {
            difference += Math.pow((double) ours[i] - reference[i], 2);
            norm += Math.pow(reference[i], 2);
        }
        if (norm == 0) {
            throw new IllegalArgumentException("the reference is all zero: " + Arrays.toString(reference));
        }
        return Math.sqrt(difference / norm);
    }
}

package io.github.mopospark.ensemble;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.lang.reflect.Array;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Figures computed with PyTorch in float64: {@code updates.hdf5} in the folder that the system property
 * {@code mopo.reference} names, else the copy in the test resources.
 */
public final class ReferenceFigures implements AutoCloseable {
    private final HdfFile file;

    private ReferenceFigures(HdfFile file) {
        this.file = file;
    }

    public static ReferenceFigures open() {
        String folder = System.getProperty("mopo.reference", "");
        // Maven runs a module's tests in the module's folder; whoever named the reference stood in the root.
        Path root = Path.of(System.getProperty("mopo.root", ""));
        try {
            Path path = folder.isEmpty()
                    ? Path.of(ReferenceFigures.class
                            .getResource("/reference/updates.hdf5")
                            .toURI())
                    : root.resolve(folder).resolve("updates.hdf5");
            if (!Files.isReadable(path)) {
                throw new IOException(path + " cannot be read; mopo.reference names its folder");
            }
            return new ReferenceFigures(new HdfFile(path));
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public int[] shape(String path) {
        return file.getDatasetByPath(path).getDimensions();
    }

    public boolean has(String path) {
        try {
            return file.getByPath(path) != null;
        } catch (RuntimeException absent) {
            return false;
        }
    }

    /** The numbers of a dataset row after row. */
    public float[] numbers(String path) {
        return floats(file.getDatasetByPath(path).getDataFlat());
    }

    public double number(String path) {
        return numbers(path)[0];
    }

    public float[] attribute(String group, String name) {
        return floats(file.getByPath(group).getAttribute(name).getData());
    }

    private static float[] floats(Object data) {
        if (!data.getClass().isArray()) {
            return new float[] {((Number) data).floatValue()};
        }
        float[] numbers = new float[Array.getLength(data)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = ((Number) Array.get(data, i)).floatValue();
        }
        return numbers;
    }

    @Override
    public void close() {
        file.close();
    }
}

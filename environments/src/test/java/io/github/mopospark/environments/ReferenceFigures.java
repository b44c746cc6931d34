package io.github.mopospark.environments;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import java.io.IOException;
import java.lang.reflect.Array;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Figures computed with Gymnasium 1.4.0 and MuJoCo 3.3.7: {@code environments.hdf5} in the folder that the system property
 * {@code mopo.reference} names, else the copy in the test resources.
 */
final class ReferenceFigures implements AutoCloseable {
    private final HdfFile file;

    private ReferenceFigures(HdfFile file) {
        this.file = file;
    }

    static ReferenceFigures open() {
        String folder = System.getProperty("mopo.reference", "");
        // Maven runs a module's tests in the module's folder; whoever named the reference stood in the root.
        Path root = Path.of(System.getProperty("mopo.root", ""));
        try {
            Path path = folder.isEmpty()
                    ? Path.of(ReferenceFigures.class
                            .getResource("/reference/environments.hdf5")
                            .toURI())
                    : root.resolve(folder).resolve("environments.hdf5");
            if (!Files.isReadable(path)) {
                throw new IOException(path + " cannot be read; mopo.reference names its folder");
            }
            return new ReferenceFigures(new HdfFile(path));
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A group of the file to the task whose environment it was computed with. */
    static Map<String, String> tasksByGroup() {
        return Map.of(
                "Hopper-v4", "hopper",
                "HalfCheetah-v4", "halfcheetah",
                "Walker2d-v4", "walker2d",
                "Ant-v4", "ant",
                "Ant-v4-contact", "ant-contact");
    }

    List<String> datasets(String group) {
        return ((Group) file.getByPath(group))
                .getChildren().keySet().stream().sorted().toList();
    }

    /** The numbers of a dataset row after row; true is 1. */
    double[] numbers(String path) {
        Object flat = file.getDatasetByPath(path).getDataFlat();
        if (!flat.getClass().isArray()) {
            return new double[] {((Number) flat).doubleValue()};
        }
        double[] numbers = new double[Array.getLength(flat)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(Array.get(flat, i));
        }
        return numbers;
    }

    /** h5py stores booleans as an enumeration, which jHDF reads by name. */
    private static double number(Object value) {
        if (value instanceof String name) {
            return name.equals("TRUE") ? 1 : 0;
        }
        return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
    }

    List<String> strings(String path) {
        return List.of((String[]) file.getDatasetByPath(path).getDataFlat());
    }

    double attribute(String group, String name) {
        return ((Number) file.getByPath(group).getAttribute(name).getData()).doubleValue();
    }

    @Override
    public void close() {
        file.close();
    }
}

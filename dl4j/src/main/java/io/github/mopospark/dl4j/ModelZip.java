package io.github.mopospark.dl4j;

import io.github.mopospark.networks.saving.SavedDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A zip as DL4J's {@link ModelSerializer} writes and reads it, with a network's configuration in JSON and its parameters. What
 * a foreign zip holds is read here: DL4J gets its parameters, and of its configuration nothing. Nothing is restored by Java
 * serialization.
 */
public final class ModelZip {
    private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;
    private static final String COEFFICIENTS = ModelSerializer.COEFFICIENTS_BIN;

    /** Entries that would change what a network puts out, and are not taken over. */
    private static final List<String> NORMALIZERS =
            List.of(ModelSerializer.NORMALIZER_BIN, ModelSerializer.PREPROCESSOR_BIN);

    /** The largest networks of this project have a few hundred thousand parameters of four bytes. */
    private static final int MOST_BYTES = 1 << 27;

    /** Of hidden layers, and of their outputs. */
    private static final int WIDEST = 4_096;

    /** One time for all, so that the same network is the same bytes; Java writes a month earlier with the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final String file;
    private final Map<String, byte[]> entries;
    private final GraphJson configuration;

    private ModelZip(String file, Map<String, byte[]> entries) {
        this.file = file;
        this.entries = entries;
        configuration = GraphJson.read(entries.get(CONFIGURATION), file, CONFIGURATION);
    }

    /**
     * Writes a network without the state of its training: the same network is the same bytes.
     *
     * @param graph the network
     * @param more entries beside DL4J's, by name, which it does not look at
     * @return the zip
     */
    public static byte[] write(ComputationGraph graph, Map<String, byte[]> more) {
        try {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            ModelSerializer.writeModel(graph, written, false);
            Map<String, byte[]> entries = new TreeMap<>(entries(written.toByteArray()));
            entries.putAll(more);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    ZipEntry header = new ZipEntry(entry.getKey());
                    header.setTimeLocal(TIME);
                    zip.putNextEntry(header);
                    zip.write(entry.getValue());
                    zip.closeEntry();
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a zip, and of its network the configuration.
     *
     * @param content the zip
     * @param file what messages call it
     * @return what it holds
     * @throws SavedDataException if it is no zip of a ComputationGraph, or its configuration names other classes than DL4J's
     */
    public static ModelZip read(byte[] content, String file) {
        Objects.requireNonNull(file, "file");
        Map<String, byte[]> entries;
        try {
            entries = entries(content);
        } catch (IOException | IllegalArgumentException e) {
            throw new SavedDataException(
                    "%s: is no zip, or was cut off or damaged (%s)".formatted(file, e.getMessage()), e);
        }
        for (String name : List.of(CONFIGURATION, COEFFICIENTS)) {
            if (!entries.containsKey(name)) {
                throw new SavedDataException(
                        "%s: has no %s; it must be a zip that DL4J's ModelSerializer wrote, but has %s"
                                .formatted(file, name, entries.isEmpty() ? "no entries" : entries.keySet()));
            }
        }
        for (String name : NORMALIZERS) {
            if (entries.containsKey(name)) {
                throw new SavedDataException(
                        "%s: has %s, and what it does to inputs would be lost; save the network without a normalizer"
                                .formatted(file, name));
            }
        }
        return new ModelZip(file, entries);
    }

    private static Map<String, byte[]> entries(byte[] content) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        int left = MOST_BYTES;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] bytes = zip.readNBytes(left);
                left -= bytes.length;
                if (left == 0) {
                    throw new ZipException("it holds more than %,d bytes".formatted(MOST_BYTES));
                }
                if (entries.put(entry.getName(), bytes) != null) {
                    throw new ZipException("it holds %s twice".formatted(entry.getName()));
                }
            }
        }
        if (entries.isEmpty()) {
            throw new ZipException("there are no entries");
        }
        return entries;
    }

    /**
     * Where the policy in it comes from.
     *
     * @return what this project wrote beside the network, if it did
     * @throws SavedDataException if that cannot be read
     */
    public Optional<PolicyOrigin> origin() {
        byte[] entry = entries.get(PolicyOrigin.ENTRY);
        return entry == null ? Optional.empty() : Optional.of(PolicyOrigin.ofBytes(entry, file));
    }

    /** The widths of the layers that are called as hidden ones are. */
    List<Integer> hiddenSizes() {
        return configuration.hiddenSizes(WIDEST);
    }

    /**
     * Builds the network.
     *
     * @param expected what layers it must have
     * @return the network
     * @throws SavedDataException if it has others, or others than as many finite parameters as they need
     */
    ComputationGraph graph(ComputationGraphConfiguration expected) {
        ComputationGraph graph = new ComputationGraph(expected);
        // Settles in which order layers have their parameters.
        graph.topologicalSortOrder();
        configuration.requireSame(expected);
        // Before room is made for them, since the sizes may be the zip's word.
        float[] parameters = parameters(parameterCount(expected));
        graph.init();
        graph.setParams(Nd4j.create(parameters, new long[] {1, parameters.length}));
        for (Layer layer : graph.getLayers()) {
            requireFinite(layer);
        }
        return graph;
    }

    private static long parameterCount(ComputationGraphConfiguration graph) {
        long count = 0;
        for (GraphVertex vertex : graph.getVertices().values()) {
            count = Math.addExact(count, vertex.numParams(false));
        }
        return count;
    }

    /**
     * The parameters as ND4J writes an array: a buffer with its shape, and one with its numbers, each after a mode, its length and its
     * type. The shape does not matter: all are one row.
     */
    private float[] parameters(long count) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entries.get(COEFFICIENTS)))) {
            in.readUTF();
            long shape = in.readLong();
            in.readUTF();
            if (shape < 0 || shape > in.available() / Long.BYTES) {
                throw new EOFException("its shape says that it has %,d numbers".formatted(shape));
            }
            in.skipNBytes(shape * Long.BYTES);
            in.readUTF();
            long numbers = in.readLong();
            String type = in.readUTF();
            if (numbers != count) {
                throw wrong(COEFFICIENTS, "has %,d numbers".formatted(numbers), "its layers have %,d".formatted(count));
            }
            if (!type.equals(DataType.FLOAT.name())) {
                throw wrong(COEFFICIENTS, "has numbers of type " + type, "they must be FLOAT");
            }
            if (in.available() != count * Float.BYTES) {
                throw new EOFException("it has %,d bytes of numbers, but must have %,d"
                        .formatted(in.available(), count * Float.BYTES));
            }
            float[] parameters = new float[Math.toIntExact(count)];
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = in.readFloat();
            }
            return parameters;
        } catch (IOException e) {
            throw new SavedDataException(
                    "%s: %s is no array that ND4J writes, or was cut off (%s)"
                            .formatted(file, COEFFICIENTS, e.getMessage()),
                    e);
        }
    }

    private void requireFinite(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
            float[] numbers = LayerParameters.row(layer, parameter.getKey());
            for (int i = 0; i < numbers.length; i++) {
                if (!Float.isFinite(numbers[i])) {
                    throw wrong(
                            "layer " + name,
                            "has %s at place %,d of %s".formatted(numbers[i], i, parameter.getKey()),
                            "parameters must be finite");
                }
            }
        }
    }

    /** Checks a row that is multiplied and added. */
    void requireRow(ComputationGraph graph, String layer, float[] factors, float[] summands, String rule) {
        requireNear(layer, "factor", GraphParts.factors(graph, layer), factors, rule);
        requireNear(layer, "summand", GraphParts.summands(graph, layer), summands, rule);
    }

    /** DL4J may have trained them; rounding is not to be a reason. */
    private void requireNear(String layer, String what, float[] found, float[] needed, String rule) {
        for (int j = 0; j < needed.length; j++) {
            if (!(Math.abs(found[j] - needed[j]) <= 1e-5 * Math.max(1, Math.abs(needed[j])))) {
                throw wrong(
                        "layer " + layer,
                        "has %s at %s %d".formatted(found[j], what, j),
                        "it " + rule + ", " + needed[j]);
            }
        }
    }

    /** What refuses something in the zip. */
    SavedDataException wrong(String where, String found, String rule) {
        return new SavedDataException("%s: %s %s; %s".formatted(file, where, found, rule));
    }
}

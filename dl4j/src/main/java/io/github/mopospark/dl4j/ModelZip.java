package io.github.mopospark.dl4j;

import io.github.mopospark.networks.saving.SavedDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
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
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A zip as DL4J's {@link ModelSerializer} writes and reads it, with a network's configuration in JSON and its parameters. What
 * a foreign zip holds is looked at before DL4J sees it: the classes that the configuration names, the layers, how many
 * parameters there are. Nothing is restored by Java serialization.
 */
public final class ModelZip {
    private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;
    private static final String COEFFICIENTS = ModelSerializer.COEFFICIENTS_BIN;

    /** Entries that would change what a network puts out, and are not taken over. */
    private static final List<String> NORMALIZERS =
            List.of(ModelSerializer.NORMALIZER_BIN, ModelSerializer.PREPROCESSOR_BIN);

    /** The largest networks of this project have a few million parameters. */
    private static final int MOST_BYTES = 1 << 30;

    /** One time for all, so that the same network is the same bytes; Java writes a month earlier with the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final String file;
    private final Map<String, byte[]> entries;
    private final ComputationGraphConfiguration configuration;

    private ModelZip(String file, Map<String, byte[]> entries) {
        this.file = file;
        this.entries = entries;
        configuration = ConfigurationJson.read(entries.get(CONFIGURATION), file + ": " + CONFIGURATION);
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
        List<Integer> sizes = new ArrayList<>();
        for (String name = GraphParts.hidden(0);
                configuration.getVertices().containsKey(name);
                name = GraphParts.hidden(sizes.size())) {
            if (layer(configuration, name) instanceof DenseLayer dense) {
                sizes.add(Math.toIntExact(dense.getNOut()));
            } else {
                throw wrong(
                        "layer " + name,
                        "is " + kind(configuration.getVertices().get(name)),
                        "it must be a DenseLayer");
            }
        }
        return Collections.unmodifiableList(sizes);
    }

    /**
     * Builds the network.
     *
     * @param expected what layers it must have
     * @return the network
     * @throws SavedDataException if it has others, or others than as many finite parameters as they need
     */
    ComputationGraph graph(ComputationGraphConfiguration expected) {
        requireSame("inputs", configuration.getNetworkInputs(), expected.getNetworkInputs());
        requireSame("outputs", configuration.getNetworkOutputs(), expected.getNetworkOutputs());
        for (String name : configuration.getVertices().keySet()) {
            if (!expected.getVertices().containsKey(name)) {
                throw wrong(
                        "layer " + name,
                        "is not known",
                        "the layers must be "
                                + String.join(", ", expected.getVertices().keySet()));
            }
        }
        for (String name : expected.getVertices().keySet()) {
            requireSameLayer(name, expected);
        }
        if (configuration.getDataType() != DataType.FLOAT) {
            throw wrong("its parameters", "are " + configuration.getDataType(), "they must be FLOAT");
        }
        // The found one: parameters lie in the order of its layers.
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        graph.setParams(parameters(graph.numParams()));
        for (Layer layer : graph.getLayers()) {
            requireFinite(layer);
        }
        return graph;
    }

    private void requireSame(String what, List<String> found, List<String> needed) {
        if (!found.equals(needed)) {
            throw wrong("its " + what, "are " + found, "they must be " + needed);
        }
    }

    private void requireSameLayer(String name, ComputationGraphConfiguration expected) {
        GraphVertex found = configuration.getVertices().get(name);
        if (found == null) {
            throw wrong(
                    "layer " + name,
                    "is missing",
                    "it must be " + kind(expected.getVertices().get(name)));
        }
        String kind = kind(expected.getVertices().get(name));
        if (!kind(found).equals(kind)) {
            throw wrong("layer " + name, "is " + kind(found), "it must be " + kind);
        }
        requireSame(
                "inputs of layer " + name,
                configuration.getVertexInputs().get(name),
                expected.getVertexInputs().get(name));
        if (((LayerVertex) found).getPreProcessor() != null) {
            throw wrong("layer " + name, "has a preprocessor", "it must have none");
        }
    }

    private static Object layer(ComputationGraphConfiguration graph, String name) {
        return graph.getVertices().get(name) instanceof LayerVertex vertex
                ? vertex.getLayerConf().getLayer()
                : null;
    }

    /** A layer's class and all that what it puts out depends on, but for parameters. */
    private static String kind(GraphVertex vertex) {
        if (!(vertex instanceof LayerVertex layerVertex)) {
            return "a " + vertex.getClass().getSimpleName();
        }
        Object layer = layerVertex.getLayerConf().getLayer();
        StringBuilder kind = new StringBuilder("a " + layer.getClass().getSimpleName());
        if (layer instanceof FeedForwardLayer sized) {
            kind.append(" of %,d inputs, %,d outputs and %s"
                    .formatted(sized.getNIn(), sized.getNOut(), sized.getActivationFn()));
        }
        if (layer instanceof DenseLayer dense) {
            kind.append(dense.hasBias() ? "" : " without biases").append(dense.hasLayerNorm() ? " normalised" : "");
        }
        return kind.toString();
    }

    /** The parameters, whose number ND4J would make room for whatever it is: it is looked at before. */
    private INDArray parameters(long count) {
        byte[] content = entries.get(COEFFICIENTS);
        String name = COEFFICIENTS;
        try (DataInputStream header = new DataInputStream(new ByteArrayInputStream(content))) {
            long shape = bufferLength(header);
            header.skipNBytes(Math.multiplyExact(shape, Long.BYTES));
            long numbers = bufferLength(header);
            if (numbers != count) {
                throw wrong(name, "has %,d numbers".formatted(numbers), "its layers have %,d".formatted(count));
            }
            if (header.available() < count * Float.BYTES) {
                throw new EOFException("it was cut off");
            }
            return Nd4j.read(new ByteArrayInputStream(content)).castTo(DataType.FLOAT);
        } catch (SavedDataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new SavedDataException(
                    "%s: %s is no array that ND4J reads (%s)".formatted(file, name, e.getMessage()), e);
        }
    }

    /** How many numbers a buffer says that it has, after its mode and before its type. */
    private static long bufferLength(DataInputStream in) throws IOException {
        in.readUTF();
        long length = in.readLong();
        in.readUTF();
        if (length < 0 || length > in.available()) {
            throw new EOFException("a buffer of it says that it has %,d numbers".formatted(length));
        }
        return length;
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

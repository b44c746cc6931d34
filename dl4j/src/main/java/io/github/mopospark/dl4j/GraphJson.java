package io.github.mopospark.dl4j;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The configuration of a foreign graph, which names Java classes that DL4J would load and instantiate. So DL4J never sees it: it is
 * read as a tree and compared with the configuration of a graph that was built here, as far as what a network puts out depends
 * on it.
 */
final class GraphJson {
    private static final String CLASS = "@class";
    private static final String LAYER_VERTEX = "LayerVertex";
    private static final Pattern CLASS_NAME = Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*");

    /** DL4J's configurations, what they are made of, and this project's. */
    private static final List<String> KNOWN = List.of(
            "org.deeplearning4j.nn.conf.",
            "org.deeplearning4j.nn.weights.",
            "org.nd4j.linalg.activations.impl.",
            "org.nd4j.linalg.learning.config.",
            "org.nd4j.linalg.learning.regularization.",
            "org.nd4j.linalg.lossfunctions.impl.",
            "org.nd4j.linalg.schedule.",
            "io.github.mopospark.dl4j.");

    /** Of two fields of one name one would be looked at, and another reader might take the other. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode tree;
    private final String file;

    private GraphJson(JsonNode tree, String file) {
        this.tree = tree;
        this.file = file;
    }

    /**
     * Reads the configuration of a graph.
     *
     * @param content the JSON
     * @param file the zip's name
     * @param entry the name of the entry
     * @return the configuration
     * @throws SavedDataException if it is none of a graph, or names a class that is none of DL4J's or this project's
     */
    static GraphJson read(byte[] content, String file, String entry) {
        JsonNode tree;
        try {
            tree = JSON.readTree(content);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new SavedDataException("%s: %s is not JSON (%s)".formatted(file, entry, reason), e);
        }
        requireKnownClasses(tree, file + ": " + entry, "");
        if (!tree.path("vertices").isObject()) {
            throw new SavedDataException(
                    "%s: %s has no vertices; it must be a ComputationGraph's configuration, not a MultiLayerNetwork's or another's"
                            .formatted(file, entry));
        }
        return new GraphJson(tree, file);
    }

    private static void requireKnownClasses(JsonNode node, String file, String place) {
        for (JsonNode element : node) {
            if (node.isArray()) {
                requireKnownClasses(element, file, place);
            }
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String path = place + "/" + field.getKey();
            if (field.getKey().equals(CLASS)) {
                requireKnownClass(field.getValue(), file, path);
            }
            requireKnownClasses(field.getValue(), file, path);
        }
    }

    private static void requireKnownClass(JsonNode value, String file, String path) {
        String name = value.asText();
        if (!CLASS_NAME.matcher(name).matches() || KNOWN.stream().noneMatch(name::startsWith)) {
            throw new SavedDataException(
                    "%s: %s names the class %s, which is none of DL4J's layers nor of this project's; it is not loaded"
                            .formatted(file, path, value.isTextual() ? name : value));
        }
    }

    /**
     * The widths of the layers that are called as hidden ones are.
     *
     * @param most the greatest number of layers, and of a layer's outputs
     * @return in order
     * @throws SavedDataException if one is not a dense layer of such a width
     */
    List<Integer> hiddenSizes(int most) {
        List<Integer> sizes = new ArrayList<>();
        JsonNode vertices = tree.path("vertices");
        for (String name = GraphParts.hidden(0); vertices.has(name); name = GraphParts.hidden(sizes.size())) {
            JsonNode layer = layer(vertices.path(name));
            JsonNode size = layer.path("nout");
            if (!simpleName(layer).equals("DenseLayer")) {
                throw wrong("layer " + name, "is " + kind(vertices.path(name)), "it must be a DenseLayer");
            }
            if (!size.isInt() || size.asInt() < 1 || size.asInt() > most || sizes.size() == most) {
                throw wrong(
                        "layer " + name,
                        "has %s outputs".formatted(size),
                        "they must be from 1 to %,d".formatted(most));
            }
            sizes.add(size.asInt());
        }
        return List.copyOf(sizes);
    }

    /**
     * Checks that this is a graph of the same layers.
     *
     * @param expected the layers it must have
     * @throws SavedDataException if it has others
     */
    void requireSame(ComputationGraphConfiguration expected) {
        GraphJson needed = of(expected);
        requireSame("inputs", "networkInputs", needed);
        requireSame("outputs", "networkOutputs", needed);
        JsonNode found = tree.path("vertices");
        List<String> names = new ArrayList<>();
        needed.tree.path("vertices").fieldNames().forEachRemaining(names::add);
        found.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw wrong("layer " + name, "is not known", "the layers must be " + String.join(", ", names));
            }
        });
        for (String name : names) {
            requireSameLayer(name, needed);
        }
        if (!tree.path("dataType").asText().equals("FLOAT")) {
            throw wrong("its parameters", "are " + tree.path("dataType").asText(), "they must be FLOAT");
        }
        // Parameters lie in this order.
        requireSame("order of layers", "topologicalOrderStr", needed);
    }

    private static GraphJson of(ComputationGraphConfiguration graph) {
        try {
            return new GraphJson(JSON.readTree(graph.toJson()), "");
        } catch (IOException e) {
            throw new IllegalStateException("DL4J writes a configuration that is not JSON", e);
        }
    }

    private void requireSame(String what, String field, GraphJson needed) {
        requireSame("its " + what, tree.path(field), needed.tree.path(field));
    }

    private void requireSame(String where, JsonNode found, JsonNode needed) {
        if (!found.equals(needed)) {
            throw wrong(where, "are " + found, "they must be " + needed);
        }
    }

    private void requireSameLayer(String name, GraphJson needed) {
        JsonNode found = tree.path("vertices").path(name);
        String kind = kind(needed.tree.path("vertices").path(name));
        if (found.isMissingNode()) {
            throw wrong("layer " + name, "is missing", "it must be " + kind);
        }
        if (!kind(found).equals(kind)) {
            throw wrong("layer " + name, "is " + kind(found), "it must be " + kind);
        }
        requireSame(
                "the inputs of layer " + name,
                tree.path("vertexInputs").path(name),
                needed.tree.path("vertexInputs").path(name));
        if (!found.path("preProcessor").isNull() && !found.path("preProcessor").isMissingNode()) {
            throw wrong("layer " + name, "has a preprocessor", "it must have none");
        }
    }

    private static JsonNode layer(JsonNode vertex) {
        return vertex.path("layerConf").path("layer");
    }

    private static String simpleName(JsonNode node) {
        String name = node.path(CLASS).asText();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** A vertex's class and all that what it puts out depends on, but for parameters. */
    private static String kind(JsonNode vertex) {
        if (!simpleName(vertex).equals(LAYER_VERTEX)) {
            return "a " + simpleName(vertex);
        }
        JsonNode layer = layer(vertex);
        String kind = "a %s of %s inputs, %s outputs and %s"
                .formatted(
                        layer.path(CLASS).asText().replaceFirst("^org\\.deeplearning4j\\.nn\\.conf\\.layers\\.", ""),
                        layer.path("nin"),
                        layer.path("nout"),
                        simpleName(layer.path("activationFn")));
        return kind
                + (layer.path("hasBias").asBoolean(true) ? "" : " without biases")
                + (layer.path("hasLayerNorm").asBoolean(false) ? " normalised" : "");
    }

    private SavedDataException wrong(String where, String found, String rule) {
        return new SavedDataException("%s: %s %s; %s".formatted(file, where, found, rule));
    }
}

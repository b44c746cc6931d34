package io.github.mopospark.dl4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * DL4J's configuration of a network. It names Java classes, which DL4J loads and instantiates: they are looked at before, and
 * DL4J is given what was looked at and nothing else.
 */
final class ConfigurationJson {
    private static final String CLASS = "@class";

    /** DL4J's configurations, and what they are made of. */
    private static final List<String> ALLOWED = List.of(
            "org.deeplearning4j.nn.conf.",
            "org.deeplearning4j.nn.weights.",
            "org.nd4j.linalg.activations.impl.",
            "org.nd4j.linalg.learning.config.",
            "org.nd4j.linalg.learning.regularization.",
            "org.nd4j.linalg.lossfunctions.impl.",
            "org.nd4j.linalg.schedule.",
            "io.github.mopospark.dl4j.");

    /** One of two fields of one name would be looked at, and DL4J might take the other. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ConfigurationJson() {}

    /**
     * Reads the configuration of a graph.
     *
     * @param content the JSON
     * @param file what messages call it
     * @return the configuration
     * @throws SavedDataException if it is none, or names a class that is not DL4J's
     */
    static ComputationGraphConfiguration read(byte[] content, String file) {
        JsonNode tree;
        try {
            tree = JSON.readTree(content);
        } catch (IOException e) {
            throw new SavedDataException("%s: is not JSON (%s)".formatted(file, firstLine(e)), e);
        }
        requireAllowed(tree, file, "");
        if (!tree.path("vertices").isObject()) {
            throw new SavedDataException(
                    "%s: has no vertices; it must be a ComputationGraph's configuration, not a MultiLayerNetwork's or another's"
                            .formatted(file));
        }
        try {
            return ComputationGraphConfiguration.fromJson(JSON.writeValueAsString(tree));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new SavedDataException(
                    "%s: is no configuration that DL4J reads (%s)".formatted(file, firstLine(e)), e);
        }
    }

    private static void requireAllowed(JsonNode node, String file, String place) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                String path = place + "/" + field.getKey();
                if (field.getKey().equals(CLASS)) {
                    requireAllowedClass(field.getValue(), file, path);
                }
                requireAllowed(field.getValue(), file, path);
            }
        } else if (node.isArray()) {
            StreamSupport.stream(node.spliterator(), false).forEach(element -> requireAllowed(element, file, place));
        }
    }

    private static void requireAllowedClass(JsonNode name, String file, String path) {
        if (!name.isTextual() || ALLOWED.stream().noneMatch(name.asText()::startsWith)) {
            throw new SavedDataException(
                    "%s: %s names the class %s, which is none of DL4J's layers nor of this project's; it is not loaded"
                            .formatted(file, path, name.asText()));
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}

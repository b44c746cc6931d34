package io.github.mopospark.networks.saving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * The JSON that says what a saved model is: a record with a first component {@code formatVersion}, its names in snake case.
 * Nothing may be missing, null or unknown.
 */
public final class ManifestJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private ManifestJson() {}

    /**
     * Writes a manifest.
     *
     * @param manifest a record
     * @return UTF-8
     * @throws IOException if it is no such record
     */
    public static byte[] write(Object manifest) throws IOException {
        return JSON.writeValueAsBytes(manifest);
    }

    /**
     * Reads a manifest.
     *
     * @param <M> the record
     * @param content UTF-8
     * @param file what messages call it
     * @param what what should be saved there, such as "policy"
     * @param current the version that can be read
     * @param type the record
     * @return the manifest
     * @throws SavedDataException if it is of another version, no JSON, or not of these fields
     * @throws IOException if it cannot be read
     */
    public static <M> M read(byte[] content, String file, String what, int current, Class<M> type) throws IOException {
        try {
            JsonNode tree = JSON.readTree(content);
            JsonNode version = tree.path("format_version");
            if (!version.isInt() || version.asInt() < 1) {
                throw new SavedDataException(
                        "%s: not a saved %s (format_version is %s, but must be a whole number of at least 1)"
                                .formatted(file, what, version.isMissingNode() ? "missing" : version));
            }
            if (version.asInt() != current) {
                throw new SavedDataException(
                        "%s: format_version is %d, but this program reads %d; %s mopo-spark wrote it: take that one, or make the %s anew"
                                .formatted(
                                        file,
                                        version.asInt(),
                                        current,
                                        version.asInt() > current ? "a newer" : "an older",
                                        what));
            }
            return JSON.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new SavedDataException("%s: not a saved %s (%s)".formatted(file, what, e.getOriginalMessage()), e);
        }
    }
}

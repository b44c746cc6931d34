package io.github.mopospark.dl4j;

import io.github.mopospark.networks.saving.ManifestJson;
import io.github.mopospark.policy.SavedPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * What a policy says of where it comes from, and a network of DL4J has no place for: an entry beside DL4J's own in a zip.
 *
 * @param formatVersion of these fields
 * @param task what it acts in, by name
 * @param datasetChecksum tells the dataset that it was trained on; empty if on none
 * @param seed of the run that it was trained in
 * @param epoch how many epochs it was trained for
 */
public record PolicyOrigin(int formatVersion, String task, String datasetChecksum, long seed, int epoch) {
    /** The entry's name. */
    public static final String ENTRY = "mopo-spark.json";

    /** The version that this program writes and reads. */
    private static final int VERSION = 1;

    /** Checks that nothing is missing. */
    public PolicyOrigin {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(datasetChecksum, "datasetChecksum");
    }

    /**
     * That of a policy.
     *
     * @param policy the policy
     * @return what it says
     */
    public static PolicyOrigin of(SavedPolicy policy) {
        return new PolicyOrigin(VERSION, policy.task().name(), policy.datasetChecksum(), policy.seed(), policy.epoch());
    }

    /**
     * That of a network which DL4J made.
     *
     * @param task what it acts in, by name
     * @return no dataset, seed 0 and epoch 0
     */
    public static PolicyOrigin unknown(String task) {
        return new PolicyOrigin(VERSION, task, "", 0, 0);
    }

    /**
     * As an entry.
     *
     * @return its bytes
     */
    public byte[] toBytes() {
        try {
            return ManifestJson.write(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads an entry.
     *
     * @param content its bytes
     * @param file the zip's name
     * @return what it says
     */
    static PolicyOrigin ofBytes(byte[] content, String file) {
        try {
            return ManifestJson.read(content, file + ": " + ENTRY, "policy", VERSION, PolicyOrigin.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

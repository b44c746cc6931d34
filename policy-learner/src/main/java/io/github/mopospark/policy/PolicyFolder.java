package io.github.mopospark.policy;

import io.github.mopospark.conversion.dataset.HashedFiles;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.saving.LayerArrays;
import io.github.mopospark.networks.saving.ManifestJson;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/**
 * A saved policy on any file system that Hadoop reads: {@code model.json}, and the actor's parameters in NumPy's {@code .npz}.
 * The actor's file is named by its content and written first, {@code model.json} last, so that a folder holds the old policy
 * or the new one whenever a writer dies.
 */
public final class PolicyFolder {
    /** The manifest's name. */
    public static final String MANIFEST = "model.json";

    /** The version that this program writes and reads. */
    private static final int VERSION = 1;

    private final Storage storage;
    private final Path folder;
    private final HashedFiles files;

    /** What {@code model.json} says. */
    record Manifest(
            int formatVersion,
            String task,
            int observationSize,
            int actionSize,
            int[] hiddenSizes,
            double leastLogStd,
            double greatestLogStd,
            HashedFiles.Entry actor,
            String datasetChecksum,
            long seed,
            int epoch) {}

    /**
     * The policy in a folder, which need not exist yet.
     *
     * @param storage the file systems
     * @param folder the folder
     * @throws IOException if its file system cannot be reached
     */
    public PolicyFolder(Storage storage, Path folder) throws IOException {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.folder = storage.qualified(folder);
        files = new HashedFiles(storage, this.folder, "actor", ".npz");
    }

    /**
     * Where it is.
     *
     * @return the folder with its scheme and in full
     */
    public Path path() {
        return folder;
    }

    /**
     * Saves a policy in the place of one that may be there. A file of that one which cannot be deleted is left for the next
     * write, with a warning.
     *
     * @param policy the policy
     * @throws IllegalArgumentException if its task is none of {@link Tasks}, by which it is read; nothing is then written
     * @throws IOException if it cannot be written; what was there then stays
     */
    public void write(SavedPolicy policy) throws IOException {
        Tasks.requireKnown(policy.task());
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        NpzFile.write(content, LayerArrays.of(policy.shape(), policy.actor()));
        storage.of(folder).mkdirs(folder);
        HashedFiles.Entry actor = files.write("actor", ".npz", content.toByteArray());
        Manifest manifest = new Manifest(
                VERSION,
                policy.task().name(),
                policy.task().observationSize(),
                policy.task().actionSize(),
                policy.hiddenSizes().stream().mapToInt(Integer::intValue).toArray(),
                policy.leastLogStd(),
                policy.greatestLogStd(),
                actor,
                policy.datasetChecksum(),
                policy.seed(),
                policy.epoch());
        storage.replace(new Path(folder, MANIFEST), ManifestJson.write(manifest));
        files.deleteAllBut(List.of(actor));
    }

    /**
     * Reads a policy.
     *
     * @return the policy
     * @throws SavedDataException if there is none, it is of another version, or something in it is damaged or does not fit;
     *     the message names the file, what it holds and the rule
     * @throws IOException if it cannot be read
     */
    public SavedPolicy read() throws IOException {
        Path path = new Path(folder, MANIFEST);
        Manifest manifest = manifest(path);
        try {
            Task task = Tasks.named(manifest.task(), manifest.observationSize(), manifest.actionSize());
            List<Integer> hiddenSizes =
                    Arrays.stream(manifest.hiddenSizes()).boxed().toList();
            return new SavedPolicy(
                    task,
                    hiddenSizes,
                    manifest.leastLogStd(),
                    manifest.greatestLogStd(),
                    readActor(manifest.actor(), SavedPolicy.shape(task, hiddenSizes)),
                    manifest.datasetChecksum(),
                    manifest.seed(),
                    manifest.epoch());
        } catch (SavedDataException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new SavedDataException("%s: %s".formatted(path, e.getMessage()), e);
        }
    }

    private Manifest manifest(Path path) throws IOException {
        byte[] content;
        try {
            content = storage.readFully(path);
        } catch (FileNotFoundException e) {
            throw new SavedDataException(
                    "%s: there is no such file; not a saved policy, or one that was not written to its end"
                            .formatted(path),
                    e);
        }
        return ManifestJson.read(content, path.toString(), "policy", VERSION, Manifest.class);
    }

    private float[] readActor(HashedFiles.Entry actor, MlpShape shape) throws IOException {
        byte[] content = files.read(actor);
        NpzFile arrays = NpzFile.read(
                new ByteArrayInputStream(content), files.path(actor).toString());
        return LayerArrays.read(arrays, shape);
    }
}

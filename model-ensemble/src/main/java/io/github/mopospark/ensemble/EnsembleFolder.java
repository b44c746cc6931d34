package io.github.mopospark.ensemble;

import io.github.mopospark.conversion.dataset.HashedFiles;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.saving.LayerArrays;
import io.github.mopospark.networks.saving.ManifestJson;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/**
 * A saved ensemble on any file system that Hadoop reads: {@code model.json}, and the arrays of each member in NumPy's
 * {@code .npz}. The members' files are named by their content and written first, {@code model.json} last, so that a folder
 * holds the old ensemble or the new one whenever a writer dies.
 */
public final class EnsembleFolder {
    /** The manifest's name. */
    public static final String MANIFEST = "model.json";

    /** The version that this program writes, and the newest that it reads. */
    private static final int VERSION = 1;

    private static final String GREATEST = "max_log_variance";
    private static final String LEAST = "min_log_variance";

    private final Storage storage;
    private final Path folder;
    private final HashedFiles files;

    /** What {@code model.json} says. */
    record Manifest(
            int formatVersion,
            String task,
            int observationSize,
            int actionSize,
            EnsembleConfig config,
            Scaler scaler,
            List<HashedFiles.Entry> members,
            int[] elites,
            double[] holdoutErrors,
            String datasetChecksum) {}

    /**
     * The ensemble in a folder, which need not exist yet.
     *
     * @param storage the file systems
     * @param folder the folder
     * @throws IOException if its file system cannot be reached
     */
    public EnsembleFolder(Storage storage, Path folder) throws IOException {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.folder = storage.qualified(folder);
        files = new HashedFiles(storage, this.folder, "member-[0-9]+");
    }

    /**
     * Saves an ensemble in the place of one that may be there. Files of that one which cannot be deleted are left for the next
     * write, with a warning.
     *
     * @param ensemble the trained ensemble
     * @throws IllegalArgumentException if its task is none of {@link Tasks}, by which it is read; nothing is then written
     * @throws IOException if it cannot be written; what was there then stays
     */
    public void write(Ensemble ensemble) throws IOException {
        Tasks.requireKnown(ensemble.task());
        storage.of(folder).mkdirs(folder);
        List<HashedFiles.Entry> members = new ArrayList<>();
        for (int member = 0; member < ensemble.members().size(); member++) {
            byte[] content = encode(ensemble.shape(), ensemble.members().get(member));
            members.add(files.write("member-" + member, content));
        }
        Manifest manifest = new Manifest(
                VERSION,
                ensemble.task().name(),
                ensemble.task().observationSize(),
                ensemble.task().actionSize(),
                ensemble.config(),
                ensemble.scaler(),
                members,
                ensemble.elites(),
                ensemble.holdoutErrors(),
                ensemble.datasetChecksum());
        storage.replace(new Path(folder, MANIFEST), ManifestJson.write(manifest));
        files.deleteAllBut(members);
    }

    private static byte[] encode(MlpShape shape, MemberWeights member) throws IOException {
        Map<String, NpyArray> arrays = LayerArrays.of(shape, member.parameters());
        int size = member.bounds().length / 2;
        arrays.put(GREATEST, array(member.bounds(), 0, size));
        arrays.put(LEAST, array(member.bounds(), size, size));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzFile.write(out, arrays);
        return out.toByteArray();
    }

    private static NpyArray array(float[] numbers, int from, int count) {
        return new NpyArray(new int[] {count}, Arrays.copyOfRange(numbers, from, from + count));
    }

    /**
     * Reads an ensemble.
     *
     * @return the ensemble; it cannot be trained further
     * @throws SavedDataException if there is none, it is of a newer version, or something in it is damaged or does not fit;
     *     the message names the file, what it holds and the rule
     * @throws IOException if it cannot be read
     */
    public Ensemble read() throws IOException {
        Path path = new Path(folder, MANIFEST);
        Manifest manifest = manifest(path);
        try {
            Task task = Tasks.named(manifest.task(), manifest.observationSize(), manifest.actionSize());
            OutputLayout layout = new OutputLayout(task.observationSize());
            MlpShape shape = manifest.config().shape(task.observationSize() + task.actionSize(), layout);
            List<MemberWeights> members = new ArrayList<>();
            for (HashedFiles.Entry member : manifest.members()) {
                members.add(readMember(member, shape, layout.size()));
            }
            return new Ensemble(
                    task,
                    manifest.config(),
                    manifest.scaler(),
                    members,
                    manifest.elites(),
                    manifest.holdoutErrors(),
                    manifest.datasetChecksum());
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
                    "%s: there is no such file; not a saved ensemble, or one that was not written to its end"
                            .formatted(path),
                    e);
        }
        return ManifestJson.read(content, path.toString(), "ensemble", VERSION, Manifest.class);
    }

    private MemberWeights readMember(HashedFiles.Entry member, MlpShape shape, int size) throws IOException {
        byte[] content = files.read(member);
        NpzFile arrays = NpzFile.read(
                new ByteArrayInputStream(content), files.path(member).toString());
        float[] bounds = Arrays.copyOf(arrays.finiteValues(GREATEST, size), 2 * size);
        System.arraycopy(arrays.finiteValues(LEAST, size), 0, bounds, size, size);
        return new MemberWeights(LayerArrays.read(arrays, shape), bounds);
    }
}

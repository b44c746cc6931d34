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
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** The version that this program writes and reads; 1 had no coefficient of the bounds' distance. */
    private static final int VERSION = 2;

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
        files = new HashedFiles(storage, this.folder, "member-[0-9]+", ".npz");
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
            members.add(files.write("member-" + member, ".npz", content));
        }
        storage.replace(new Path(folder, MANIFEST), ManifestJson.write(manifest(ensemble, members)));
        files.deleteAllBut(members);
    }

    private static Manifest manifest(Ensemble ensemble, List<HashedFiles.Entry> members) {
        return new Manifest(
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
    }

    /**
     * An ensemble as bytes, to be sent to another JVM of the same version: the manifest and the members' arrays, as they are
     * saved.
     *
     * @param ensemble the ensemble, of a known task
     * @return the bytes
     */
    public static byte[] toBytes(Ensemble ensemble) {
        Tasks.requireKnown(ensemble.task());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            byte[] manifest = ManifestJson.write(manifest(ensemble, List.of()));
            out.writeInt(manifest.length);
            out.write(manifest);
            for (MemberWeights member : ensemble.members()) {
                byte[] content = encode(ensemble.shape(), member);
                out.writeInt(content.length);
                out.write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads an ensemble that came from another JVM.
     *
     * @param bytes as {@link #toBytes} gives them
     * @return the ensemble
     * @throws SavedDataException if they are something else
     */
    public static Ensemble ofBytes(byte[] bytes) {
        String name = "%,d bytes of an ensemble".formatted(bytes.length);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Manifest manifest = ManifestJson.read(readPart(in), name, "ensemble", VERSION, Manifest.class);
            List<byte[]> members = new ArrayList<>();
            while (in.available() > 0) {
                members.add(readPart(in));
            }
            return ensemble(manifest, member -> decode(members.get(member), name, manifest), members.size());
        } catch (SavedDataException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new SavedDataException("%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static byte[] readPart(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new EOFException("a part of them has %,d, but only %,d are left".formatted(length, in.available()));
        }
        return in.readNBytes(length);
    }

    /** Reads a member by its number. */
    private interface Members {
        MemberWeights read(int member) throws IOException;
    }

    private static Ensemble ensemble(Manifest manifest, Members members, int count) throws IOException {
        List<MemberWeights> weights = new ArrayList<>();
        for (int member = 0; member < count; member++) {
            weights.add(members.read(member));
        }
        return new Ensemble(
                task(manifest),
                manifest.config(),
                manifest.scaler(),
                weights,
                manifest.elites(),
                manifest.holdoutErrors(),
                manifest.datasetChecksum());
    }

    private static Task task(Manifest manifest) {
        return Tasks.named(manifest.task(), manifest.observationSize(), manifest.actionSize());
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
     * @throws SavedDataException if there is none, it is of another version, or something in it is damaged or does not fit;
     *     the message names the file, what it holds and the rule
     * @throws IOException if it cannot be read
     */
    public Ensemble read() throws IOException {
        Path path = new Path(folder, MANIFEST);
        Manifest manifest = manifest(path);
        try {
            return ensemble(
                    manifest,
                    member -> {
                        HashedFiles.Entry entry = manifest.members().get(member);
                        return decode(files.read(entry), files.path(entry).toString(), manifest);
                    },
                    manifest.members().size());
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

    private static MemberWeights decode(byte[] content, String file, Manifest manifest) throws IOException {
        Task task = task(manifest);
        OutputLayout layout = new OutputLayout(task.observationSize());
        MlpShape shape = manifest.config().shape(task.observationSize() + task.actionSize(), layout);
        int size = layout.size();
        NpzFile arrays = NpzFile.read(new ByteArrayInputStream(content), file);
        float[] bounds = Arrays.copyOf(arrays.finiteValues(GREATEST, size), 2 * size);
        System.arraycopy(arrays.finiteValues(LEAST, size), 0, bounds, size, size);
        return new MemberWeights(LayerArrays.read(arrays, shape), bounds);
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
     * Whether an ensemble was saved here.
     *
     * @return true if there is a manifest; what it names may still be damaged
     * @throws IOException if it cannot be looked at
     */
    public boolean exists() throws IOException {
        return storage.of(folder).exists(new Path(folder, MANIFEST));
    }
}

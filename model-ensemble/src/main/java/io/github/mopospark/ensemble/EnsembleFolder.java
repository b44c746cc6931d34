package io.github.mopospark.ensemble;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.MlpShape;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(EnsembleFolder.class);
    private static final Pattern MEMBER = Pattern.compile("member-[0-9]+\\.[0-9a-f]{16}\\.npz");
    private static final String GREATEST = "max_log_variance";
    private static final String LEAST = "min_log_variance";
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

    private final Storage storage;
    private final Path folder;

    /** What {@code model.json} says. */
    record Manifest(
            int formatVersion,
            String task,
            int observationSize,
            int actionSize,
            EnsembleConfig config,
            Scaler scaler,
            List<SavedMember> members,
            int[] elites,
            double[] holdoutErrors,
            String datasetChecksum) {}

    /** A member's file. */
    record SavedMember(String path, String sha256) {}

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
        requireKnown(ensemble.task());
        storage.of(folder).mkdirs(folder);
        List<SavedMember> members = new ArrayList<>();
        for (int member = 0; member < ensemble.members().size(); member++) {
            byte[] content = encode(ensemble.shape(), ensemble.members().get(member));
            String sha256 = sha256(content);
            String name = "member-%d.%s.npz".formatted(member, sha256.substring(0, 16));
            storage.replace(new Path(folder, name), content);
            members.add(new SavedMember(name, sha256));
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
        storage.replace(new Path(folder, MANIFEST), JSON.writeValueAsBytes(manifest));
        try {
            sweep(members);
        } catch (IOException e) {
            // The new ensemble is complete.
            LOG.warn("{}: files of an older ensemble could not be deleted and are left", folder, e);
        }
    }

    /** Only the task's name is read back. */
    private static void requireKnown(Task task) {
        Task known;
        try {
            known = Tasks.named(task.name());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "an ensemble that is saved must be of a known task: " + e.getMessage(), e);
        }
        if (known.observationSize() != task.observationSize()
                || known.actionSize() != task.actionSize()
                || known.terminationRule() != task.terminationRule()) {
            throw new IllegalArgumentException(
                    "an ensemble that is saved must be of a known task: %s is %s, but was given as %s"
                            .formatted(task.name(), known, task));
        }
    }

    /** Deletes the members of an older ensemble. */
    private void sweep(List<SavedMember> members) throws IOException {
        for (FileStatus file : storage.of(folder).listStatus(folder)) {
            String name = file.getPath().getName();
            if (MEMBER.matcher(name).matches()
                    && members.stream().noneMatch(member -> member.path().equals(name))) {
                storage.of(folder).delete(file.getPath(), false);
            }
        }
    }

    private static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Storage.sha256().digest(content));
    }

    private static byte[] encode(MlpShape shape, MemberWeights member) throws IOException {
        Map<String, NpyArray> arrays = new TreeMap<>();
        int place = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int weights = shape.in(layer) * shape.out(layer);
            arrays.put("W" + layer, array(member.parameters(), place, shape.in(layer), shape.out(layer)));
            arrays.put("b" + layer, array(member.parameters(), place + weights, shape.out(layer)));
            place += weights + shape.out(layer);
        }
        int size = member.bounds().length / 2;
        arrays.put(GREATEST, array(member.bounds(), 0, size));
        arrays.put(LEAST, array(member.bounds(), size, size));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzFile.write(out, arrays);
        return out.toByteArray();
    }

    private static NpyArray array(float[] numbers, int from, int... shape) {
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new NpyArray(shape, Arrays.copyOfRange(numbers, from, from + count));
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
        Task task = task(path, manifest);
        OutputLayout layout = new OutputLayout(task.observationSize());
        try {
            MlpShape shape = manifest.config().shape(task.observationSize() + task.actionSize(), layout);
            List<MemberWeights> members = new ArrayList<>();
            for (SavedMember member : manifest.members()) {
                members.add(readMember(path, member, shape, layout.size()));
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
        try {
            JsonNode tree = JSON.readTree(content);
            JsonNode version = tree.path("format_version");
            if (!version.isInt() || version.asInt() < 1) {
                throw new SavedDataException(
                        "%s: not a saved ensemble (format_version is %s, but must be a whole number of at least 1)"
                                .formatted(path, version.isMissingNode() ? "missing" : version));
            }
            if (version.asInt() > VERSION) {
                throw new SavedDataException(
                        "%s: format_version is %d, but this program reads 1 to %d; a newer mopo-spark wrote it"
                                .formatted(path, version.asInt(), VERSION));
            }
            return JSON.treeToValue(tree, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new SavedDataException("%s: not a saved ensemble (%s)".formatted(path, e.getOriginalMessage()), e);
        }
    }

    private static Task task(Path path, Manifest manifest) {
        Task task;
        try {
            task = Tasks.named(manifest.task());
        } catch (IllegalArgumentException e) {
            throw new SavedDataException("%s: %s".formatted(path, e.getMessage()), e);
        }
        if (task.observationSize() != manifest.observationSize() || task.actionSize() != manifest.actionSize()) {
            throw new SavedDataException(
                    "%s: observation_size and action_size must be %s's, %d and %d, but are %d and %d"
                            .formatted(
                                    path,
                                    task.name(),
                                    task.observationSize(),
                                    task.actionSize(),
                                    manifest.observationSize(),
                                    manifest.actionSize()));
        }
        return task;
    }

    private MemberWeights readMember(Path manifest, SavedMember member, MlpShape shape, int size) throws IOException {
        if (member == null || !MEMBER.matcher(member.path()).matches()) {
            throw new SavedDataException(
                    "%s: a member's file must lie in the folder and be named member-N.HASH.npz, but is %s"
                            .formatted(manifest, member == null ? "null" : member.path()));
        }
        Path path = new Path(folder, member.path());
        byte[] content;
        try {
            content = storage.readFully(path);
        } catch (FileNotFoundException e) {
            throw new SavedDataException("%s: there is no such file, but %s names it".formatted(path, manifest), e);
        }
        if (!sha256(content).equals(member.sha256())) {
            throw new SavedDataException("%s: its SHA-256 is %s, but must be %s, as %s says; it was damaged or changed"
                    .formatted(path, sha256(content), member.sha256(), manifest));
        }
        NpzFile arrays = NpzFile.read(new ByteArrayInputStream(content), path.toString());
        List<float[]> parameters = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            parameters.add(arrays.finiteValues("W" + layer, shape.in(layer), shape.out(layer)));
            parameters.add(arrays.finiteValues("b" + layer, shape.out(layer)));
        }
        List<float[]> bounds = List.of(arrays.finiteValues(GREATEST, size), arrays.finiteValues(LEAST, size));
        return new MemberWeights(joined(parameters), joined(bounds));
    }

    private static float[] joined(List<float[]> arrays) {
        float[] all = new float[arrays.stream().mapToInt(array -> array.length).sum()];
        int place = 0;
        for (float[] array : arrays) {
            System.arraycopy(array, 0, all, place, array.length);
            place += array.length;
        }
        return all;
    }
}

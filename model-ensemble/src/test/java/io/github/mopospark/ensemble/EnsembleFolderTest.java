package io.github.mopospark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import io.github.mopospark.tasks.TerminationRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnsembleFolderTest {
    @TempDir
    private Path folder;

    private EnsembleFolder saved;

    @BeforeEach
    void open() throws IOException {
        saved = new EnsembleFolder(
                new Storage(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve("ensemble").toUri()));
    }

    private static Ensemble ensemble(float reward) {
        float[][] means = {new float[12], new float[12], new float[12]};
        float[][] logVariances = {new float[12], new float[12], new float[12]};
        for (int member = 0; member < 3; member++) {
            for (int j = 0; j < 12; j++) {
                means[member][j] = reward + member + 0.1f * j;
                logVariances[member][j] = -member - 0.3f * j;
            }
        }
        Ensemble constant = ConstantEnsembles.of(Tasks.named("hopper"), new int[] {2, 0}, means, logVariances);
        float[] std = ConstantEnsembles.all(14, 0.1f);
        return new Ensemble(
                constant.task(),
                constant.config().withLipschitz(Lipschitz.bound(3)).withTargetUnits(TargetUnits.STANDARDISED),
                new Scaler(ConstantEnsembles.all(14, 1f / 3), std),
                constant.members(),
                constant.elites(),
                new double[] {0.25, 1.0 / 3, 1e-7},
                "abc");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("ensemble"))) {
            return files.sorted().toList();
        }
    }

    private Path member(int member) throws IOException {
        return files().stream()
                .filter(file -> file.getFileName().toString().startsWith("member-" + member))
                .findFirst()
                .orElseThrow();
    }

    private void replaceInManifest(String old, String now) throws IOException {
        Path manifest = folder.resolve("ensemble/model.json");
        String content = Files.readString(manifest);
        assertThat(content).contains(old);
        Files.writeString(manifest, content.replace(old, now));
    }

    @Test
    void comesBackAsItWas() throws IOException {
        saved.write(ensemble(0));
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(ensemble(0));
        assertThat(predict(saved.read())).isEqualTo(predict(ensemble(0)));
    }

    @Test
    void comesBackFromBytesAsItWas() {
        Ensemble back = EnsembleFolder.ofBytes(EnsembleFolder.toBytes(ensemble(0)));
        assertThat(back).usingRecursiveComparison().isEqualTo(ensemble(0));
        assertThat(predict(back)).isEqualTo(predict(ensemble(0)));
        assertThat(EnsembleFolder.toBytes(back)).isEqualTo(EnsembleFolder.toBytes(ensemble(0)));
    }

    @Test
    void bytesThatAreNoWholeEnsembleAreRefused() {
        byte[] bytes = EnsembleFolder.toBytes(ensemble(0));
        for (int length : new int[] {0, 3, 4, 100, bytes.length / 2, bytes.length - 1}) {
            assertThatThrownBy(() -> EnsembleFolder.ofBytes(Arrays.copyOf(bytes, length)))
                    .as("%d of %d bytes", length, bytes.length)
                    .isInstanceOf(SavedDataException.class)
                    .hasMessageStartingWith("%,d bytes of an ensemble: ", length);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> EnsembleFolder.ofBytes(longer)).isInstanceOf(SavedDataException.class);
        bytes[0] = -1;
        assertThatThrownBy(() -> EnsembleFolder.ofBytes(bytes))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("only");
    }

    private static float[] predict(Ensemble ensemble) {
        EnsembleNetworks.Predictor predictor = new EnsembleNetworks(CpuKernels.fastest(), ensemble).predictor(1);
        predictor.predict(new float[11], new float[3], 1);
        return predictor.variances(1);
    }

    @Test
    void isReplacedAsAWhole() throws IOException {
        saved.write(ensemble(0));
        saved.write(ensemble(5));
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(ensemble(5));
        assertThat(files()).hasSize(4);
    }

    @Test
    void aWriterThatDiedBeforeTheManifestLeavesTheOldOne() throws IOException {
        saved.write(ensemble(0));
        Files.writeString(folder.resolve("ensemble/member-0.0123456789abcdef.npz"), "half");
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(ensemble(0));
    }

    @Test
    void aFolderWithoutAManifestIsNoEnsemble() {
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("model.json")
                .hasMessageContaining("no such file");
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        saved.write(ensemble(0));
        replaceInManifest("\"format_version\" : 2", "\"format_version\" : 3");
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("model.json: format_version is 3, but this program reads 2; a newer mopo-spark");
        replaceInManifest("\"format_version\" : 3", "\"format_version\" : 1");
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("model.json: format_version is 1, but this program reads 2; an older mopo-spark");
    }

    @ParameterizedTest
    @CsvSource({"'\"other\" : 1', missing", "'\"format_version\" : 0', 0", "'\"format_version\" : \"1\"', '\"1\"'"})
    void aFileWithoutAVersionIsNoEnsembleRatherThanANewerOne(String field, String found) throws IOException {
        saved.write(ensemble(0));
        replaceInManifest("\"format_version\" : 2", field);
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("model.json: not a saved ensemble (format_version is " + found + ",");
    }

    @Test
    void oldFilesThatCannotBeDeletedDoNotFailTheWrite() throws IOException {
        saved.write(ensemble(0));
        Path stuck = folder.resolve("ensemble/member-0.0123456789abcdef.npz");
        Files.createDirectories(stuck.resolve("full"));
        saved.write(ensemble(5));
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(ensemble(5));
        assertThat(stuck).exists();
        Files.delete(stuck.resolve("full"));
        saved.write(ensemble(5));
        assertThat(files()).hasSize(4);
    }

    @Test
    void aTaskThatNoReaderKnowsIsRefusedBeforeAnythingIsWritten() throws IOException {
        saved.write(ensemble(0));
        List<Path> before = files();
        assertWriteRefused(
                new Task("toy", 11, 3, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty()), "toy");
        Task hopper = Tasks.named("hopper");
        assertWriteRefused(
                new Task("hopper", 11, 3, 100, Optional.empty(), TerminationRule.NEVER, Optional.empty()), "HOPPER");
        assertWriteRefused(
                new Task("hopper", 2, 1, 100, Optional.empty(), hopper.terminationRule(), Optional.empty()),
                "hopper is");
        assertThat(files()).isEqualTo(before);
        assertThat(saved.read()).usingRecursiveComparison().isEqualTo(ensemble(0));
    }

    private void assertWriteRefused(Task task, String message) {
        int outputs = 1 + task.observationSize();
        float[][] numbers = {ConstantEnsembles.all(outputs, 1)};
        Ensemble ensemble = ConstantEnsembles.of(task, new int[] {0}, numbers, numbers);
        assertThatThrownBy(() -> saved.write(ensemble))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be of a known task")
                .hasMessageContaining(message);
    }

    @Test
    void sizesThatAreNotTheTasksAreRefused() throws IOException {
        saved.write(ensemble(0));
        replaceInManifest("\"observation_size\" : 11", "\"observation_size\" : 12");
        assertThatThrownBy(() -> saved.read())
                .hasMessageContaining("hopper")
                .hasMessageContaining("11 and 3, but are 12 and 3");
    }

    @Test
    void anUnknownTaskOrSettingIsRefused() throws IOException {
        saved.write(ensemble(0));
        replaceInManifest("\"hopper\"", "\"juggler\"");
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("juggler");
        replaceInManifest("\"juggler\"", "\"hopper\"");
        replaceInManifest("\"bound\" : 3.0", "\"bound\" : -3.0");
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("-3.0");
    }

    @Test
    void whateverIsWrongInTheManifestIsToldWithItsFile() throws IOException {
        saved.write(ensemble(0));
        String good = Files.readString(folder.resolve("ensemble/model.json"));
        List<String> fields = List.of(
                "task",
                "observation_size",
                "config",
                "scaler",
                "members",
                "elites",
                "holdout_errors",
                "dataset_checksum",
                "hidden_sizes",
                "lipschitz",
                "mode",
                "mean",
                "path",
                "sha256",
                "format_version");
        for (String field : fields) {
            assertRefused(good.replace("\"" + field + "\"", "\"other\""));
            assertRefused(good.replaceFirst("\"" + field + "\" : [^,]*?([,\\n])", "\"" + field + "\" : null$1"));
        }
        assertRefused(good.replaceFirst("\"hidden_sizes\" : \\[ ?\\]", "\"hidden_sizes\" : [ 100000 ]"));
        assertRefused(good.replaceFirst("(?s)\"members\" : \\[.*?\\]", "\"members\" : [ null, null, null ]"));
        assertRefused(good.substring(0, good.length() / 2));
        assertRefused("");
        assertRefused("[]");
    }

    private void assertRefused(String manifest) throws IOException {
        Files.writeString(folder.resolve("ensemble/model.json"), manifest);
        assertThatThrownBy(() -> saved.read())
                .as(manifest)
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("model.json");
    }

    @Test
    void elitesThatAreNoMembersAreRefused() throws IOException {
        saved.write(ensemble(0));
        replaceInManifest("\"elites\" : [ 2, 0 ]", "\"elites\" : [ 3, 0 ]");
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("model.json")
                .hasMessageContaining("[3, 0]");
    }

    @Test
    void aDamagedMemberIsRefused() throws IOException {
        saved.write(ensemble(0));
        byte[] content = Files.readAllBytes(member(1));
        content[300] ^= 1;
        Files.write(member(1), content);
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining(member(1).getFileName().toString())
                .hasMessageContaining("SHA-256");
        Files.delete(member(1));
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void anArrayOfTheWrongLengthIsRefused() throws IOException {
        saved.write(ensemble(0));
        Map<String, NpyArray> arrays = new TreeMap<>();
        try (InputStream in = Files.newInputStream(member(1))) {
            NpzFile file = NpzFile.read(in, "member");
            file.names().forEach(name -> arrays.put(name, file.array(name)));
        }
        arrays.put("b0", new NpyArray(new int[] {25}, new float[25]));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzFile.write(out, arrays);
        String before = sha256(Files.readAllBytes(member(1)));
        Files.write(member(1), out.toByteArray());
        replaceInManifest(before, sha256(out.toByteArray()));
        assertThatThrownBy(() -> saved.read())
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("b0 has the shape (25,), but must have (24,)");
    }

    private static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Storage.sha256().digest(content));
    }
}

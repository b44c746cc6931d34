package io.github.mopospark.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.networks.saving.SavedDataException;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and with what words. */
class ModelZipTest {
    private static final String FILE = "actor.zip";
    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";

    private static byte[] policy;
    private Map<String, byte[]> entries;

    @BeforeAll
    static void writePolicy() {
        policy = ModelZip.write(PolicyGraph.of(TestModels.policy()), Map.of());
    }

    @BeforeEach
    void readEntries() throws IOException {
        entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(policy))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
    }

    private byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private void changeConfiguration(UnaryOperator<String> change) {
        String before = new String(entries.get(CONFIGURATION), StandardCharsets.UTF_8);
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        entries.put(CONFIGURATION, after.getBytes(StandardCharsets.UTF_8));
    }

    private static SavedPolicy read(byte[] zip, Task task) {
        return PolicyGraph.read(ModelZip.read(zip, FILE), task, PolicyOrigin.unknown(task.name()));
    }

    private void assertRefused(String... words) throws IOException {
        byte[] zip = zip();
        assertThatThrownBy(() -> read(zip, TestModels.TASK))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith(FILE + ": ")
                .hasMessageContainingAll(words);
    }

    @Test
    void takesWhatWasNotChanged() throws IOException {
        assertThat(read(zip(), TestModels.TASK).actor())
                .isEqualTo(TestModels.policy().actor());
    }

    @Test
    void refusesWhatIsNoZip() {
        assertThatThrownBy(() -> ModelZip.read("PK not quite".getBytes(StandardCharsets.UTF_8), FILE))
                .isInstanceOf(SavedDataException.class)
                .hasMessage(FILE + ": is no zip, or was cut off or damaged (there are no entries)");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 10_000, 100_000})
    void refusesAZipThatWasCutOff(int length) {
        assertThatThrownBy(() -> read(Arrays.copyOf(policy, length), TestModels.TASK))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith(FILE + ": ");
    }

    @Test
    void refusesAZipOfOtherThings() throws IOException {
        entries.keySet().retainAll(List.of(COEFFICIENTS));
        assertRefused("has no configuration.json", "ModelSerializer");
    }

    @Test
    void refusesANormalizer() throws IOException {
        entries.put("normalizer.bin", new byte[10]);
        assertRefused("has normalizer.bin", "save the network without");
    }

    @Test
    void refusesAMultiLayerNetwork() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder().nIn(11).nOut(3).build())
                .build());
        network.init();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, false);
        assertThatThrownBy(() -> read(bytes.toByteArray(), TestModels.TASK))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("it must be a ComputationGraph's configuration, not a MultiLayerNetwork's");
    }

    @Test
    void refusesAnotherTasksPolicy() {
        assertThatThrownBy(() -> read(policy, Tasks.named("walker2d")))
                .isInstanceOf(SavedDataException.class)
                .hasMessage(FILE + ": layer hidden-0 is a DenseLayer of 11 inputs, 256 outputs and ActivationReLU;"
                        + " it must be a DenseLayer of 17 inputs, 256 outputs and ActivationReLU");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ActivationReLU | ActivationTanH | layer hidden-0 is a DenseLayer of 11 inputs, 256 outputs and ActivationTanH",
                "\"hasBias\" : true | \"hasBias\" : false | without biases",
                "\"hasLayerNorm\" : false | \"hasLayerNorm\" : true | normalised",
                "\"networkOutputs\" : [ \"mean\", | \"networkOutputs\" : [ | its outputs are",
                "\"dataType\" : \"FLOAT\" | \"dataType\" : \"DOUBLE\" | its parameters are DOUBLE; they must be FLOAT",
            })
    void refusesOtherLayers(String found, String put, String words) throws IOException {
        changeConfiguration(text -> text.replace(found, put));
        assertRefused(words);
    }

    @Test
    void refusesLayersItDoesNotKnow() throws IOException {
        changeConfiguration(text -> text.replace("\"log-std-uncut\"", "\"other\""));
        assertRefused("layer other is not known; the layers must be hidden-0, hidden-1, mean");
    }

    @Test
    void refusesAVertexThatIsNoLayer() throws IOException {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs(PolicyGraph.OBSERVATION)
                .addLayer("hidden-0", new DenseLayer.Builder().nIn(11).nOut(8).build(), PolicyGraph.OBSERVATION)
                .addVertex("hidden-1", new L2NormalizeVertex(), "hidden-0")
                .setOutputs("hidden-1")
                .build());
        graph.init();
        byte[] zip = ModelZip.write(graph, Map.of());
        assertThatThrownBy(() -> read(zip, TestModels.TASK))
                .isInstanceOf(SavedDataException.class)
                .hasMessage(FILE + ": layer hidden-1 is a L2NormalizeVertex; it must be a DenseLayer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.github.mopospark.policy.Intruder",
                "javax.swing.JEditorPane",
                "org.deeplearning4j.nn.Intruder",
                "[Ljava.lang.Object;"
            })
    void refusesAClassThatIsNotDl4js(String name) throws IOException {
        changeConfiguration(text -> text.replace("org.deeplearning4j.nn.conf.layers.DenseLayer", name));
        assertRefused("names the class " + name, "it is not loaded");
    }

    @Test
    void loadsNoForeignClassEvenIfItIsThere() throws IOException {
        String name = "io.github.mopospark.ensemble.training.Intruder";
        changeConfiguration(text -> text.replace("org.nd4j.linalg.activations.impl.ActivationReLU", name));
        assertRefused("names the class " + name, "/activationFn/@class");
        assertThat(System.getProperty("mopo.intruder")).isNull();
    }

    /** Other ways in which Jackson takes a type. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"@class\" : \"org.nd4j.linalg.learning.config.Sgd\" | \"@class\" : \"org.nd4j.linalg.learning.config.Sgd<%s>\"",
                "\"weightNoise\" : null | \"weightNoise\" : [ \"%s\", {} ]",
                "\"idropout\" : null | \"idropout\" : [ \"%s\", {} ]",
            })
    void loadsNoForeignClassHoweverItIsNamed(String found, String put) throws IOException {
        String name = "io.github.mopospark.ensemble.training.Intruder";
        changeConfiguration(text -> text.replace(found, put.formatted(name)));
        try {
            read(zip(), TestModels.TASK);
        } catch (SavedDataException refused) {
            assertThat(refused).hasMessageContaining("it is not loaded");
        }
        assertThat(System.getProperty("mopo.intruder")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "5000", "3000000000", "null", "-1"})
    void refusesAWidthThatIsNone(String width) throws IOException {
        changeConfiguration(text -> text.replace("\"nout\" : 256", "\"nout\" : " + width));
        assertRefused("layer hidden-0 has " + width + " outputs; they must be from 1 to 4,096");
    }

    @Test
    void refusesLayersInAnotherOrder() throws IOException {
        changeConfiguration(text -> text.replace("\"mean\", \"log-std-uncut\"", "\"log-std-uncut\", \"mean\""));
        assertRefused("its order of layers are");
    }

    @Test
    void refusesAFieldThatIsThereTwice() throws IOException {
        changeConfiguration(
                text -> text.replace(
                        "\"@class\" : \"org.deeplearning4j.nn.conf.layers.DenseLayer\"",
                        "\"@class\" : \"javax.swing.JEditorPane\", \"@class\" : \"org.deeplearning4j.nn.conf.layers.DenseLayer\""));
        assertRefused("configuration.json is not JSON", "Duplicate field '@class'");
    }

    @Test
    void refusesTooFewParameters() throws IOException {
        byte[] content = entries.get(COEFFICIENTS);
        entries.put(COEFFICIENTS, Arrays.copyOf(content, content.length - 4));
        assertRefused(COEFFICIENTS, "or was cut off");
    }

    @Test
    void refusesParametersThatWouldFillTheMemory() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF("LONG_SHAPE");
            out.writeLong(1L << 60);
            out.writeUTF("LONG");
        }
        entries.put(COEFFICIENTS, bytes.toByteArray());
        assertRefused(COEFFICIENTS, "its shape says that it has 1,152,921,504,606,846,976 numbers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOUBLE", "COMPRESSED", "UTF8"})
    void refusesParametersOfAnotherType(String type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF("LONG_SHAPE");
            out.writeLong(0);
            out.writeUTF("LONG");
            out.writeUTF("MIXED_DATA_TYPES");
            out.writeLong(TestModels.policy().actor().length + 2 * 3 * 3);
            out.writeUTF(type);
        }
        entries.put(COEFFICIENTS, bytes.toByteArray());
        assertRefused(COEFFICIENTS + " has numbers of type " + type + "; they must be FLOAT");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void refusesParametersThatAreNotFinite(float number) throws IOException {
        byte[] content = entries.get(COEFFICIENTS);
        ByteBuffer.wrap(content).putFloat(content.length - 4 * 200, number);
        assertRefused("layer ", "has " + number, "parameters must be finite");
    }

    @Test
    void refusesBoundsThatDifferBetweenActions() throws IOException {
        ComputationGraph graph = PolicyGraph.of(TestModels.policy());
        graph.getLayer(PolicyGraph.LOG_STD).getParam("b").putScalar(1, 0.5);
        byte[] zip = ModelZip.write(graph, Map.of());
        assertThatThrownBy(() -> read(zip, TestModels.TASK))
                .isInstanceOf(SavedDataException.class)
                .hasMessage(
                        FILE + ": layer log-std has 0.5 at summand 1; it must be the same bounds of all actions, -1.5");
    }

    @Test
    void refusesAMemberWithAnotherScaler() {
        ComputationGraph graph = MemberGraph.of(TestModels.ensemble(), 0);
        graph.getLayer("shift").getParam("b").putScalar(2, 0.25);
        byte[] zip = ModelZip.write(graph, Map.of());
        assertThatThrownBy(() -> MemberGraph.read(ModelZip.read(zip, "member.zip"), TestModels.ensemble()))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith("member.zip: layer shift has 0.25 at summand 2; it must be the ensemble's,");
    }
}

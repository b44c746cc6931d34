package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime makes of the model. */
class OnnxModelTest {
    private final OrtEnvironment runtime = OrtEnvironment.getEnvironment();
    private final SavedPolicy policy = SavedPolicies.random("hopper", List.of(256, 256), 5);

    private void assertSameActions(SavedPolicy policy, int rows, int batch) throws OrtException {
        int observationSize = policy.task().observationSize();
        int actionSize = policy.task().actionSize();
        float[] observations = SavedPolicies.observations(policy, rows);
        float[] actions = new float[rows * actionSize];
        try (OrtSession session = runtime.createSession(OnnxModel.encode(policy, "1.2.3"))) {
            for (int row = 0; row < rows; row += batch) {
                int count = Math.min(batch, rows - row);
                FloatBuffer values = FloatBuffer.wrap(observations, row * observationSize, count * observationSize);
                long[] shape = {count, observationSize};
                try (OnnxTensor input = OnnxTensor.createTensor(runtime, values, shape);
                        OrtSession.Result result = session.run(Map.of("observation", input))) {
                    OnnxTensor output = (OnnxTensor) result.get("action").orElseThrow();
                    assertThat(output.getInfo().getShape()).containsExactly(count, actionSize);
                    output.getFloatBuffer().get(actions, row * actionSize, count * actionSize);
                }
            }
        }
        float[] expected = SavedPolicies.actions(policy, observations, rows);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actions[i]).as("number %d", i).isCloseTo(expected[i], within(1e-5f));
        }
        assertThat(expected[0]).isNotCloseTo(expected[1], within(1e-3f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void actsAsThePolicyDoes(int batch) throws OrtException {
        assertSameActions(policy, 1000, batch);
    }

    @Test
    void takesAnyNumberOfHiddenLayers() throws OrtException {
        assertSameActions(SavedPolicies.random("ant", List.of(), 2), 3, 3);
        assertSameActions(SavedPolicies.random("ant", List.of(5), 2), 3, 3);
        assertSameActions(SavedPolicies.random("ant", List.of(7, 5, 3, 9), 2), 3, 3);
    }

    @Test
    void saysWhatItIs() throws OrtException {
        byte[] model = OnnxModel.encode(policy, "1.2.3");
        try (OrtSession session = runtime.createSession(model)) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "task", "hopper",
                            "mopo_spark_version", "1.2.3",
                            "dataset_checksum", "abc",
                            "seed", "5",
                            "epoch", "30"));
            assertThat(session.getMetadata().getProducerName()).isEqualTo("mopo-spark");
            TensorInfo input =
                    (TensorInfo) session.getInputInfo().get("observation").getInfo();
            assertThat(input.getShape()).containsExactly(-1, 11);
            assertThat(input.getDimensionNames()).containsExactly("batch", "");
        }
        assertThat(OnnxModel.encode(policy, "1.2.3")).as("the same bytes again").isEqualTo(model);
    }

    @Test
    void theRuntimeRefusesOneThatIsCutOff() {
        byte[] model = OnnxModel.encode(policy, "1.2.3");
        assertThatThrownBy(() -> runtime.createSession(Arrays.copyOf(model, model.length - 7)))
                .isInstanceOf(OrtException.class);
    }
}

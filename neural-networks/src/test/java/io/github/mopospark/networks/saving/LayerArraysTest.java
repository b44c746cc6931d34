package io.github.mopospark.networks.saving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Activation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerArraysTest {
    private static final MlpShape SHAPE = new MlpShape(2, List.of(3), 1, Activation.RELU);
    private static final float[] PARAMETERS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};

    private static NpzFile file(Map<String, NpyArray> arrays) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzFile.write(out, arrays);
        return NpzFile.read(new ByteArrayInputStream(out.toByteArray()), "a.npz");
    }

    @Test
    void cutsParametersIntoWeightsAndBiasesOfEachLayer() {
        Map<String, NpyArray> arrays = LayerArrays.of(SHAPE, PARAMETERS);
        assertThat(arrays.keySet()).containsExactly("W0", "W1", "b0", "b1");
        assertThat(arrays.get("W0").shape()).containsExactly(2, 3);
        assertThat(arrays.get("W0").values()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(arrays.get("b0").shape()).containsExactly(3);
        assertThat(arrays.get("b0").values()).containsExactly(7, 8, 9);
        assertThat(arrays.get("W1").shape()).containsExactly(3, 1);
        assertThat(arrays.get("W1").values()).containsExactly(10, 11, 12);
        assertThat(arrays.get("b1").values()).containsExactly(13);
        assertThatThrownBy(() -> LayerArrays.of(SHAPE, new float[12])).hasMessageContaining("13 parameters");
    }

    @Test
    void joinsThemAgain() throws IOException {
        Map<String, NpyArray> arrays = LayerArrays.of(SHAPE, PARAMETERS);
        arrays.put("other", new NpyArray(new int[] {1}, new float[] {99}));
        assertThat(LayerArrays.read(file(arrays), SHAPE)).containsExactly(PARAMETERS);
    }

    @Test
    void refusesArraysOfAnotherNetwork() throws IOException {
        Map<String, NpyArray> arrays = LayerArrays.of(SHAPE, PARAMETERS);
        arrays.put("b0", new NpyArray(new int[] {4}, new float[4]));
        assertThatThrownBy(() -> LayerArrays.read(file(arrays), SHAPE))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("a.npz: b0 has the shape (4,), but must have (3,)");
        arrays.remove("b0");
        assertThatThrownBy(() -> LayerArrays.read(file(arrays), SHAPE)).hasMessageContaining("no array b0");
    }

    @Test
    void makesNoRoomForAShapeThatTheArraysDoNotHave() throws IOException {
        NpzFile file = file(LayerArrays.of(SHAPE, PARAMETERS));
        MlpShape huge = new MlpShape(2, Collections.nCopies(40, 8_192), 1, Activation.RELU);
        assertThatThrownBy(() -> LayerArrays.read(file, huge))
                .isInstanceOf(SavedDataException.class)
                .hasMessageContaining("(2, 3), but must have (2, 8192)");
    }
}

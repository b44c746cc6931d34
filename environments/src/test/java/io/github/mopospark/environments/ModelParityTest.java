package io.github.mopospark.environments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mopospark.environments.mujoco.MuJoCoModel;
import io.github.mopospark.environments.mujoco.ObjectKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our MJCF models compile to the arrays of Gymnasium's. */
class ModelParityTest {

    @ParameterizedTest
    @CsvSource({
        "Hopper-v4, hopper",
        "HalfCheetah-v4, half_cheetah",
        "Walker2d-v4, walker2d",
        "Ant-v4, ant",
        "Ant-v4-contact, ant",
    })
    void compilesToTheReferenceArraysToTheLastBit(String group, String modelName) throws IOException {
        try (ReferenceFigures reference = ReferenceFigures.open();
                MuJoCoModel model = MuJoCoModel.fromXml(mjcf(modelName))) {
            int numbers = 0;
            for (String field : reference.datasets(group + "/model")) {
                String path = group + "/model/" + field;
                if (field.startsWith("names_")) {
                    ObjectKind kind = ObjectKind.valueOf(
                            field.substring("names_".length()).toUpperCase(Locale.ROOT));
                    assertThat(model.names(kind)).as(path).isEqualTo(reference.strings(path));
                } else {
                    double[] expected = reference.numbers(path);
                    assertThat(model.numbers(field)).as(path).containsExactly(expected);
                    numbers += expected.length;
                }
            }
            System.out.printf("%s: %d numbers of the compiled model equal to the last bit%n", group, numbers);
            assertThat(numbers).isGreaterThan(500);
        }
    }

    static String mjcf(String modelName) throws IOException {
        try (InputStream stream = Environments.class.getResourceAsStream("models/" + modelName + ".xml")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package io.github.mopospark.ensemble.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.ensemble.ToyRows;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.saving.NpyArray;
import io.github.mopospark.networks.saving.NpzFile;
import io.github.mopospark.networks.saving.SavedDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberCheckpointTest {
    private static final Transitions ROWS = ToyRows.make(200, 0);
    private static final EnsembleConfig CONFIG = EnsembleConfig.paper()
            .withMembers(3, 2)
            .withLayers(List.of(5), List.of(0.0, 0.0))
            .withBatchSize(64)
            .withEpochs(6, EarlyStopping.NONE)
            .withLipschitz(Lipschitz.bound(2));
    private static final EnsembleTraining TRAINING =
            new EnsembleTraining(CpuKernels.fastest(), CONFIG, Preparation.of(ROWS, CONFIG, 0), ROWS);

    private static Map<String, NpyArray> saved() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MemberCheckpoint.write(out, TRAINING.train(TRAINING.start(1), 2, TrainingListener.NONE));
        NpzFile file = NpzFile.read(new ByteArrayInputStream(out.toByteArray()), "member.npz");
        Map<String, NpyArray> arrays = new TreeMap<>();
        file.names().forEach(name -> arrays.put(name, file.array(name)));
        return arrays;
    }

    /** The member as read after one of its arrays was changed; null takes the array away. */
    private static MemberState changed(String name, UnaryOperator<float[]> change) throws IOException {
        Map<String, NpyArray> arrays = saved();
        float[] numbers = change.apply(arrays.remove(name).values());
        if (numbers != null) {
            arrays.put(name, new NpyArray(new int[] {numbers.length}, numbers));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzFile.write(out, arrays);
        return MemberCheckpoint.read(new ByteArrayInputStream(out.toByteArray()), "member.npz");
    }

    private static UnaryOperator<float[]> number(int place, float number) {
        return numbers -> {
            float[] changed = numbers.clone();
            changed[place] = number;
            return changed;
        };
    }

    @Test
    void refusesANewerVersion() {
        assertThatThrownBy(() -> changed("counts", number(0, 2)))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("member.npz: its version is 2, but this program reads 1");
        assertThatThrownBy(() -> changed("counts", counts -> new float[0]))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("member.npz: its version is missing, but this program reads 1");
    }

    @Test
    void refusesCountsThatCannotBe() {
        assertThatThrownBy(() -> changed("counts", counts -> Arrays.copyOf(counts, 6)))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("member.npz: counts has the shape (6,), but must have (7,)");
        assertThatThrownBy(() -> changed("counts", number(4, -1)))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith("member.npz: counts: the number at [4] is -1.0");
        assertThatThrownBy(() -> changed("counts", number(2, 3)))
                .isInstanceOf(SavedDataException.class)
                .hasMessage("member.npz: the best epoch must be from 0 to the 2 of its curve, but is 3");
        assertThatThrownBy(() -> changed("counts", number(6, 3)))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith("member.npz: has no array left2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "counts",
                "curve",
                "parameters",
                "first_moment",
                "second_moment",
                "bounds",
                "bounds_first_moment",
                "bounds_second_moment",
                "best_parameters",
                "best_bounds",
                "left0",
                "right1",
                "norm1"
            })
    void refusesAnArrayThatIsMissingOrNotFinite(String name) throws IOException {
        assertThatThrownBy(() -> changed(name, numbers -> null))
                .isInstanceOf(SavedDataException.class)
                .hasMessageStartingWith("member.npz: has no array " + name);
        int last = saved().get(name).values().length - 1;
        for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> changed(name, number(last, wrong)))
                    .isInstanceOf(SavedDataException.class)
                    .hasMessage("member.npz: %s: the number at [%d] is %s, but must be finite"
                            .formatted(name, last, wrong));
        }
    }

    /** 4 inputs, 5 hidden, 8 outputs; moments are padded to two layers of 17 rows of 16. */
    @ParameterizedTest
    @CsvSource({
        "parameters, 73",
        "first_moment, 544",
        "second_moment, 544",
        "bounds, 8",
        "bounds_first_moment, 8",
        "bounds_second_moment, 8",
        "best_parameters, 73",
        "best_bounds, 8",
        "left0, 4",
        "right0, 5",
        "left1, 5",
        "right1, 4"
    })
    void anArrayOfTheWrongLengthIsRefusedWhenTrainingGoesOn(String name, int needed) throws IOException {
        for (int change : new int[] {-1, 1}) {
            MemberState member = changed(name, numbers -> Arrays.copyOf(numbers, numbers.length + change));
            assertThatThrownBy(() -> TRAINING.train(member, 3, TrainingListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("member 1: %s has %d numbers, but with these settings must have %d;"
                            .formatted(name, needed + change, needed));
        }
    }

    @Test
    void otherSpectralNormsAreRefusedWhenTrainingGoesOn() throws IOException {
        MemberState fewer = changed("counts", number(6, 1));
        assertThatThrownBy(() -> TRAINING.train(fewer, 3, TrainingListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("member 1 has spectral norms of 1 layers")
                .hasMessageContaining("ensemble.lipschitz")
                .hasMessageContaining("of 2;");
        EnsembleConfig off = CONFIG.withLipschitz(Lipschitz.off());
        EnsembleTraining plain = new EnsembleTraining(CpuKernels.fastest(), off, Preparation.of(ROWS, off, 0), ROWS);
        assertThatThrownBy(() -> plain.train(TRAINING.start(1), 3, TrainingListener.NONE))
                .hasMessageContaining("of 2 layers")
                .hasMessageContaining("of 0;");
        assertThatThrownBy(() -> TRAINING.train(plain.start(1), 3, TrainingListener.NONE))
                .hasMessageContaining("of 0 layers");
    }

    @Test
    void whatWasNotChangedGoesOn() throws IOException {
        MemberState member = changed("curve", UnaryOperator.identity());
        assertThat(TRAINING.train(member, 3, TrainingListener.NONE))
                .usingRecursiveComparison()
                .isEqualTo(TRAINING.train(TRAINING.start(1), 3, TrainingListener.NONE));
    }
}

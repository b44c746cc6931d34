package io.github.mopospark.dl4j;

import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.policy.SavedPolicy;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.util.List;
import java.util.stream.IntStream;

/** Models with random weights of the sizes that real ones have. */
final class TestModels {
    static final Task TASK = Tasks.named("hopper");

    private TestModels() {}

    /** Observations far from 0, and log-variances at both bounds and between. */
    static Ensemble ensemble() {
        EnsembleConfig config = EnsembleConfig.paper().withMembers(2, 1);
        OutputLayout layout = new OutputLayout(TASK.observationSize());
        int inputs = TASK.observationSize() + TASK.actionSize();
        MlpShape shape = config.shape(inputs, layout);
        Scaler scaler = new Scaler(numbers("mean", inputs, 3), std(inputs));
        List<MemberWeights> members = IntStream.range(0, 2)
                .mapToObj(member -> new MemberWeights(parameters(shape, member), bounds(layout, member)))
                .toList();
        return new Ensemble(TASK, config, scaler, members, new int[] {1}, new double[] {0.2, 0.1}, "checksum");
    }

    private static float[] bounds(OutputLayout layout, int member) {
        float[] bounds = numbers("bounds " + member, layout.networkSize(), 0.3f);
        for (int j = 0; j < layout.size(); j++) {
            bounds[j] += 0.5f;
            bounds[layout.size() + j] -= 3;
        }
        return bounds;
    }

    static SavedPolicy policy() {
        List<Integer> hiddenSizes = List.of(256, 256);
        MlpShape shape = SavedPolicy.shape(TASK, hiddenSizes);
        return new SavedPolicy(TASK, hiddenSizes, -5, 2, parameters(shape, 7), "checksum", 3, 100);
    }

    private static float[] std(int size) {
        float[] std = numbers("std", size, 1);
        for (int j = 0; j < size; j++) {
            std[j] = 0.1f + Math.abs(std[j]);
        }
        return std;
    }

    /** {@code [rows, observationSize + actionSize]}, such as the ensemble's scaler was made of. */
    static float[] inputs(int rows) {
        Scaler scaler = ensemble().scaler();
        int size = scaler.size();
        float[] inputs = numbers("inputs", rows * size, 1);
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = scaler.mean()[i % size] + scaler.std()[i % size] * inputs[i];
        }
        return inputs;
    }

    /** Some columns of packed rows. */
    static float[] columns(float[] rows, int width, int from, int count) {
        float[] columns = new float[rows.length / width * count];
        for (int row = 0; row < rows.length / width; row++) {
            System.arraycopy(rows, row * width + from, columns, row * count, count);
        }
        return columns;
    }

    private static float[] parameters(MlpShape shape, int number) {
        float[] parameters = new float[shape.parameterCount()];
        RandomStream random = RandomStream.of(number, "parameters");
        int place = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            double scale = 1 / Math.sqrt(shape.in(layer));
            for (int i = 0; i < (shape.in(layer) + 1) * shape.out(layer); i++) {
                parameters[place++] = (float) (scale * random.nextGaussian());
            }
        }
        return parameters;
    }

    private static float[] numbers(String role, int count, float scale) {
        float[] numbers = new float[count];
        RandomStream.of(1, role).fillGaussian(numbers, 0, count);
        for (int j = 0; j < count; j++) {
            numbers[j] *= scale;
        }
        return numbers;
    }
}

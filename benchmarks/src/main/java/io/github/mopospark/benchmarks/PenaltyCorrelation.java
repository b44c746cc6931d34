package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.networks.random.RandomStream;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How well the penalties of a trained ensemble tell its true one-step error, {@link Penalty#TRUE_ERROR}, which the hopper's
 * simulator knows.
 */
public final class PenaltyCorrelation {
    private static final int ROWS = 1_000;

    /** Those that do not know the truth. */
    private static final List<Penalty> PENALTIES =
            List.of(Penalty.MAX_ALEATORIC, Penalty.ENSEMBLE_DISAGREEMENT, Penalty.ENSEMBLE_STD);

    private final Task task = Tasks.named("hopper");
    private final EnsembleNetworks.Predictor predictor;

    private PenaltyCorrelation(Ensemble ensemble) {
        predictor = new EnsembleNetworks(CpuKernels.fastest(), ensemble).predictor(1);
    }

    /**
     * Prints one line a set of rows.
     *
     * @param arguments the HDF5 file that was trained on, the setting, the folder of {@link EnsembleTrainingCurves}, and files of
     *     other rows
     * @throws IOException if one cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Transitions rows = RecordedFile.read(Path.of(arguments[0]));
        EnsembleConfig config = EnsembleTrainingCurves.config(arguments[1]);
        Preparation preparation = Preparation.of(rows, config, EnsembleTrainingCurves.SEED);
        List<MemberState> members =
                EnsembleTrainingCurves.read(Path.of(arguments[2], arguments[1] + ".members"), config.members());
        Ensemble ensemble =
                EnsembleTraining.ensemble(members, config, preparation.inputs(), Tasks.named("hopper"), arguments[0]);
        PenaltyCorrelation correlation = new PenaltyCorrelation(ensemble);
        System.out.printf(
                "lipschitz %s, %d epochs. Correlation with the true error: Pearson / Spearman.%n%n",
                arguments[1], members.get(0).epoch());
        System.out.println(
                "| rows | used (at the clip, without a next observation) | true error, mean | penalty, mean | max aleatoric |"
                        + " disagreement | ensemble std | reproduction error, median / max |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        correlation.measure("holdout", rows, preparation.holdoutRows(), false);
        correlation.measure("holdout, uniform actions", rows, preparation.holdoutRows(), true);
        for (String other : List.of(arguments).subList(3, arguments.length)) {
            Transitions otherRows = RecordedFile.read(Path.of(other));
            int[] drawn = RandomStream.of(0, "rows").permutation(otherRows.rows(), ROWS);
            String name = Path.of(other).getFileName().toString().replace(".hdf5", "");
            correlation.measure(name, otherRows, drawn, false);
            correlation.measure(name + ", uniform actions", otherRows, drawn, true);
        }
    }

    private void measure(String name, Transitions rows, int[] numbers, boolean uniformActions) {
        int observationSize = task.observationSize();
        RandomStream random = RandomStream.of(0, "actions");
        double[] errors = new double[numbers.length];
        double[][] penalties = new double[PENALTIES.size()][numbers.length];
        double[] reproduction = new double[numbers.length];
        float[] reward = new float[1];
        float[] next = new float[observationSize];
        float[] number = new float[1];
        int used = 0;
        int clipped = 0;
        int withoutNext = 0;
        try (SimulatedHopper hopper = new SimulatedHopper()) {
            for (int row : numbers) {
                float[] observation =
                        Arrays.copyOfRange(rows.observations(), row * observationSize, (row + 1) * observationSize);
                float[] action =
                        Arrays.copyOfRange(rows.actions(), row * task.actionSize(), (row + 1) * task.actionSize());
                if (uniformActions) {
                    random.fillUniform(action, 0, action.length, -1, 1);
                }
                if (!rows.hasNextObservation()[row]) {
                    withoutNext++;
                    continue;
                }
                hopper.step(observation, action, 1, reward, next);
                if (Float.isNaN(reward[0])) {
                    clipped++;
                    continue;
                }
                predictor.predict(observation, action, 1);
                predictor.trueErrors(observation, reward, next, 1, number);
                errors[used] = number[0];
                for (int i = 0; i < penalties.length; i++) {
                    predictor.penalise(PENALTIES.get(i), 1, number);
                    penalties[i][used] = number[0];
                }
                reproduction[used] = reproductionError(rows, row, reward[0], next);
                used++;
            }
        }
        double[] error = Arrays.copyOf(errors, used);
        StringBuilder line = new StringBuilder("| %s | %,d (%d, %d) | %.4f | %.4f |"
                .formatted(name, used, clipped, withoutNext, mean(error), mean(Arrays.copyOf(penalties[0], used))));
        for (double[] penalty : penalties) {
            double[] values = Arrays.copyOf(penalty, used);
            line.append(String.format(
                    Locale.ROOT, " %.2f / %.2f |", pearson(values, error), pearson(ranks(values), ranks(error))));
        }
        double[] sorted = Arrays.stream(reproduction, 0, used).sorted().toArray();
        line.append(
                uniformActions
                        ? " - |"
                        : String.format(Locale.ROOT, " %.1e / %.1e |", sorted[used / 2], sorted[used - 1]));
        System.out.println(line);
    }

    /** How far the simulator is from the recorded reward and next observation. */
    private static double reproductionError(Transitions rows, int row, float reward, float[] next) {
        double square = Math.pow((double) reward - rows.rewards()[row], 2);
        for (int j = 0; j < next.length; j++) {
            square += Math.pow((double) next[j] - rows.nextObservations()[row * next.length + j], 2);
        }
        return Math.sqrt(square);
    }

    private static double mean(double[] numbers) {
        return Arrays.stream(numbers).average().orElseThrow();
    }

    private static double pearson(double[] first, double[] second) {
        double firstMean = mean(first);
        double secondMean = mean(second);
        double both = 0;
        double firstSquare = 0;
        double secondSquare = 0;
        for (int i = 0; i < first.length; i++) {
            both += (first[i] - firstMean) * (second[i] - secondMean);
            firstSquare += Math.pow(first[i] - firstMean, 2);
            secondSquare += Math.pow(second[i] - secondMean, 2);
        }
        return both / Math.sqrt(firstSquare * secondSquare);
    }

    private static double[] ranks(double[] numbers) {
        double[] ranks = new double[numbers.length];
        int[] order = IntStream.range(0, numbers.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> numbers[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int rank = 0; rank < order.length; rank++) {
            ranks[order[rank]] = rank;
        }
        return ranks;
    }
}

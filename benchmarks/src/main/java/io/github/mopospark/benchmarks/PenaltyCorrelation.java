package io.github.mopospark.benchmarks;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleNetworks;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.ensemble.training.EnsembleTraining;
import io.github.mopospark.ensemble.training.MemberState;
import io.github.mopospark.ensemble.training.Preparation;
import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
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
 * How well the penalties of a trained ensemble tell its true one-step error, which the hopper's simulator knows: the state is
 * rebuilt from the observation with x = 0. The error is the norm of (reward, change) predicted by an elite's mean minus the
 * simulator's, averaged over elites.
 */
public final class PenaltyCorrelation {
    private static final int POSITIONS = 5;
    private static final double CLIP = 10;
    private static final int ROWS = 1_000;

    /** What Penalty.NONE is not: something to correlate. */
    private static final List<Penalty> PENALTIES =
            List.of(Penalty.MAX_ALEATORIC, Penalty.ENSEMBLE_DISAGREEMENT, Penalty.ENSEMBLE_STD);

    private final Task task = Tasks.named("hopper");
    private final Ensemble ensemble;
    private final EnsembleNetworks.Predictor predictor;

    private PenaltyCorrelation(Ensemble ensemble) {
        this.ensemble = ensemble;
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
                EnsembleTraining.ensemble(members, config, preparation, Tasks.named("hopper"), arguments[0]);
        PenaltyCorrelation correlation = new PenaltyCorrelation(ensemble);
        System.out.printf(
                "lipschitz %s, %d epochs. Correlation with the true error: Pearson / Spearman.%n%n",
                arguments[1], members.get(0).epoch());
        System.out.println("| rows | used (at the clip) | true error, mean | penalty, mean | max aleatoric |"
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
        int used = 0;
        int clipped = 0;
        try (Environment environment = Environments.create(task)) {
            for (int row : numbers) {
                float[] observation =
                        Arrays.copyOfRange(rows.observations(), row * observationSize, (row + 1) * observationSize);
                float[] action =
                        Arrays.copyOfRange(rows.actions(), row * task.actionSize(), (row + 1) * task.actionSize());
                if (uniformActions) {
                    random.fillUniform(action, 0, action.length, -1, 1);
                }
                if (isClipped(observation)) {
                    clipped++;
                    continue;
                }
                double[] truth = step(environment, observation, action);
                predictor.predict(observation, action, 1);
                errors[used] = meanError(truth);
                float[] penalty = new float[1];
                for (int i = 0; i < penalties.length; i++) {
                    predictor.penalise(PENALTIES.get(i), 1, penalty);
                    penalties[i][used] = penalty[0];
                }
                reproduction[used] = reproductionError(rows, row, truth);
                used++;
            }
        }
        double[] error = Arrays.copyOf(errors, used);
        StringBuilder line = new StringBuilder("| %s | %,d (%d) | %.4f | %.4f |"
                .formatted(name, used, clipped, mean(error), mean(Arrays.copyOf(penalties[0], used))));
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

    private static boolean isClipped(float[] observation) {
        for (int j = POSITIONS; j < observation.length; j++) {
            if (Math.abs(observation[j]) >= CLIP) {
                return true;
            }
        }
        return false;
    }

    /** The reward and the change that the simulator gives. */
    private static double[] step(Environment environment, float[] observation, float[] action) {
        double[] positions = new double[environment.positionSize()];
        double[] velocities = new double[environment.velocitySize()];
        for (int j = 0; j < POSITIONS; j++) {
            positions[1 + j] = observation[j];
        }
        for (int j = 0; j < velocities.length; j++) {
            velocities[j] = observation[POSITIONS + j];
        }
        double[] next = new double[observation.length];
        environment.reset(positions, velocities, next);
        OutputLayout layout = new OutputLayout(observation.length);
        double[] truth = new double[layout.size()];
        truth[layout.reward(0)] = environment.step(action, next);
        for (int j = 0; j < observation.length; j++) {
            truth[layout.change(0) + j] = next[j] - observation[j];
        }
        return truth;
    }

    private double meanError(double[] truth) {
        double sum = 0;
        for (int elite : ensemble.elites()) {
            double square = 0;
            for (int j = 0; j < truth.length; j++) {
                square += Math.pow(predictor.means(elite)[j] - truth[j], 2);
            }
            sum += Math.sqrt(square);
        }
        return sum / ensemble.elites().length;
    }

    /** How far the simulator is from the recorded reward and next observation. */
    private static double reproductionError(Transitions rows, int row, double[] truth) {
        OutputLayout layout = new OutputLayout(rows.observationSize());
        double square = Math.pow(truth[layout.reward(0)] - rows.rewards()[row], 2);
        for (int j = 0; j < rows.observationSize(); j++) {
            int place = row * rows.observationSize() + j;
            double change = (double) rows.nextObservations()[place] - rows.observations()[place];
            square += Math.pow(truth[layout.change(0) + j] - change, 2);
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

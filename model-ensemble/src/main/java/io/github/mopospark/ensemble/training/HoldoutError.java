package io.github.mopospark.ensemble.training;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.MemberWeights;
import io.github.mopospark.ensemble.OutputLayout;
import io.github.mopospark.ensemble.Scaler;
import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Kernels;
import java.util.Objects;

/**
 * The error by which members are compared: the mean over held-out rows and outputs of the squared error of the mean, in raw
 * units. For one thread.
 */
public final class HoldoutError {
    private static final int BATCH = 500;

    private final Kernels kernels;
    private final MlpShape shape;
    private final TrainingRows holdout;
    private final Scaler targets;
    private final MlpPass pass;

    /**
     * Takes the held-out rows, for members whose weights are in raw units.
     *
     * @param kernels what is computed with
     * @param shape the members' sizes
     * @param inputs what inputs are standardised by
     * @param rows the dataset
     * @param numbers which of its rows are held out, at least 1
     */
    public HoldoutError(Kernels kernels, MlpShape shape, Scaler inputs, Transitions rows, int[] numbers) {
        this(kernels, shape, TrainingRows.of(kernels, rows, numbers, inputs, rawUnits(rows)), rawUnits(rows));
    }

    /**
     * Takes held-out rows, for members in the units of their targets.
     *
     * @param kernels what is computed with
     * @param shape the members' sizes
     * @param holdout the rows, at least 1
     * @param targets what their targets were standardised by
     */
    HoldoutError(Kernels kernels, MlpShape shape, TrainingRows holdout, Scaler targets) {
        this.kernels = Objects.requireNonNull(kernels, "kernels");
        this.shape = Objects.requireNonNull(shape, "shape");
        if (holdout.count() < 1) {
            throw new IllegalArgumentException("there must be at least 1 held-out row, but there were 0");
        }
        this.holdout = holdout;
        this.targets = targets;
        pass = MlpPass.forInference(kernels, shape, BATCH);
    }

    private static Scaler rawUnits(Transitions rows) {
        return Scaler.identity(new OutputLayout(rows.observationSize()).size());
    }

    /**
     * Measures a member.
     *
     * @param member its weights, in raw units
     * @return the error; NaN or infinite if the member puts out such numbers
     */
    public float of(MemberWeights member) {
        Mlp network = new Mlp(kernels, shape);
        network.parameters().set(member.parameters());
        return of(network);
    }

    /**
     * Measures a network.
     *
     * @param network puts out means in the units of the targets, then log-variances
     * @return the error, in raw units; NaN or infinite if the network puts out such numbers
     */
    float of(Mlp network) {
        int size = targets.size();
        int[] numbers = new int[BATCH];
        float[] wanted = new float[BATCH * size];
        float[] output = new float[BATCH * 2 * size];
        double[] sums = new double[size];
        for (int from = 0; from < holdout.count(); from += BATCH) {
            int rows = Math.min(BATCH, holdout.count() - from);
            for (int i = 0; i < rows; i++) {
                numbers[i] = from + i;
            }
            holdout.gather(numbers, rows, pass.input(), wanted);
            network.forward(pass, 0, rows);
            pass.output().readRows(0, rows, output, 0);
            for (int row = 0; row < rows; row++) {
                for (int j = 0; j < size; j++) {
                    double error = output[row * 2 * size + j] - wanted[row * size + j];
                    sums[j] += error * error;
                }
            }
        }
        double sum = 0;
        for (int j = 0; j < size; j++) {
            double unit = targets.std()[j];
            sum += sums[j] * unit * unit;
        }
        return (float) (sum / holdout.count() / size);
    }
}

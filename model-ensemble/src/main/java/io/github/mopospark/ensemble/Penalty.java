package io.github.mopospark.ensemble;

import java.util.Arrays;

/** How far a model is not to be trusted with an observation and an action: what lambda is multiplied by. */
public enum Penalty {
    /**
     * The greatest, over all members and not only elites, of the norm of the predicted standard deviation, the reward's
     * included: MOPO's.
     */
    MAX_ALEATORIC {
        @Override
        void compute(OutputLayout layout, float[][] means, float[][] variances, int rows, float[] penalties) {
            int size = layout.size();
            for (int row = 0; row < rows; row++) {
                float greatest = 0;
                for (float[] variance : variances) {
                    float sum = 0;
                    for (int j = row * size; j < (row + 1) * size; j++) {
                        sum += variance[j];
                    }
                    greatest = Math.max(greatest, sum);
                }
                penalties[row] = (float) Math.sqrt(greatest);
            }
        }
    },

    /** The greatest distance of a member's mean next observation from the mean of all members'. */
    ENSEMBLE_DISAGREEMENT {
        @Override
        void compute(OutputLayout layout, float[][] means, float[][] variances, int rows, float[] penalties) {
            int size = layout.observationSize();
            double[] center = new double[size];
            for (int row = 0; row < rows; row++) {
                center(layout, means, row, center);
                double greatest = 0;
                for (float[] mean : means) {
                    greatest = Math.max(greatest, squaredDistance(mean, layout.change(row), center));
                }
                penalties[row] = (float) Math.sqrt(greatest);
            }
        }
    },

    /** The root of the variance over members of the mean next observation, averaged over its numbers. */
    ENSEMBLE_STD {
        @Override
        void compute(OutputLayout layout, float[][] means, float[][] variances, int rows, float[] penalties) {
            int size = layout.observationSize();
            double[] center = new double[size];
            for (int row = 0; row < rows; row++) {
                center(layout, means, row, center);
                double sum = 0;
                for (float[] mean : means) {
                    sum += squaredDistance(mean, layout.change(row), center);
                }
                penalties[row] = (float) Math.sqrt(sum / means.length / size);
            }
        }
    },

    /**
     * What the model is truly off by, which only a {@link TrueModel} tells: the norm of (reward, change) as an elite's mean has it
     * minus the true one, averaged over elites, of which each is as likely to draw the sample. An oracle: what the other
     * penalties estimate.
     */
    TRUE_ERROR {
        @Override
        void compute(OutputLayout layout, float[][] means, float[][] variances, int rows, float[] penalties) {
            throw new IllegalArgumentException(
                    "the penalty true-error is not known from predictions alone: it takes a true model's step");
        }
    },

    /** None: MBPO. */
    NONE {
        @Override
        void compute(OutputLayout layout, float[][] means, float[][] variances, int rows, float[] penalties) {
            Arrays.fill(penalties, 0, rows, 0);
        }
    };

    /**
     * Computes the penalties of rows.
     *
     * @param layout what a row holds
     * @param means what each member predicted {@code [member][rows, outputs]}
     * @param variances what each member predicted {@code [member][rows, outputs]}
     * @param rows how many rows
     * @param penalties {@code [rows]}, written
     */
    abstract void compute(OutputLayout layout, float[][] means, float[][] variances, int rows, float[] penalties);

    /** The mean of the members' mean changes; that of their next observations differs by a constant. */
    private static void center(OutputLayout layout, float[][] means, int row, double[] center) {
        for (int j = 0; j < center.length; j++) {
            double sum = 0;
            for (float[] mean : means) {
                sum += mean[layout.change(row) + j];
            }
            center[j] = sum / means.length;
        }
    }

    private static double squaredDistance(float[] mean, int start, double[] center) {
        double sum = 0;
        for (int j = 0; j < center.length; j++) {
            double difference = mean[start + j] - center[j];
            sum += difference * difference;
        }
        return sum;
    }
}

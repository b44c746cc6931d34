package io.github.mopospark.ensemble;

import io.github.mopospark.networks.Mlp;
import io.github.mopospark.networks.MlpPass;
import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;

/** The networks of a trained ensemble, built to predict. Never changed: several threads may predict, each with its own memory. */
public final class EnsembleNetworks {
    private final Kernels kernels;
    private final Ensemble ensemble;
    private final OutputLayout layout;
    private final MlpShape shape;
    private final List<Mlp> networks = new ArrayList<>();

    /**
     * Builds the networks.
     *
     * @param kernels what they compute with
     * @param ensemble the trained ensemble
     */
    public EnsembleNetworks(Kernels kernels, Ensemble ensemble) {
        this.kernels = kernels;
        this.ensemble = ensemble;
        layout = ensemble.layout();
        shape = ensemble.shape();
        for (MemberWeights member : ensemble.members()) {
            Mlp network = new Mlp(kernels, shape);
            network.parameters().set(member.parameters());
            networks.add(network);
        }
    }

    /**
     * What they were built of.
     *
     * @return the ensemble
     */
    public Ensemble ensemble() {
        return ensemble;
    }

    /**
     * Makes the memory for predictions.
     *
     * @param capacity rows of the largest batch; 500 keeps a pass in the cache
     * @return a predictor for one thread
     */
    public Predictor predictor(int capacity) {
        return new Predictor(capacity);
    }

    /** Predicts with all members; what it predicted last stays in it. For one thread. */
    public final class Predictor {
        private final int capacity;
        private final MlpPass pass;
        private final float[] inputs;
        private final float[] output;
        private final GaussianHead[] heads;
        private final float[][] means;
        private final float[][] variances;

        private Predictor(int capacity) {
            this.capacity = capacity;
            pass = MlpPass.forInference(kernels, shape, capacity);
            inputs = new float[Math.multiplyExact(capacity, shape.inputSize())];
            output = new float[Math.multiplyExact(capacity, layout.networkSize())];
            int members = networks.size();
            heads = new GaussianHead[members];
            means = new float[members][capacity * layout.size()];
            variances = new float[members][capacity * layout.size()];
            for (int member = 0; member < members; member++) {
                heads[member] = new GaussianHead(kernels.functions(), layout, capacity);
                heads[member].setBounds(ensemble.members().get(member).bounds());
            }
        }

        /**
         * Predicts what follows on observations and actions, with every member.
         *
         * @param observations {@code [rows, observationSize]}, packed; longer arrays are cut
         * @param actions {@code [rows, actionSize]}, packed; longer arrays are cut
         * @param rows how many, at most the capacity
         */
        public void predict(float[] observations, float[] actions, int rows) {
            if (rows < 1 || rows > capacity) {
                throw new IllegalArgumentException(
                        "rows must be from 1 to %,d, but were %,d".formatted(capacity, rows));
            }
            int observationSize = ensemble.task().observationSize();
            int actionSize = ensemble.task().actionSize();
            int inputSize = shape.inputSize();
            for (int row = 0; row < rows; row++) {
                System.arraycopy(observations, row * observationSize, inputs, row * inputSize, observationSize);
                System.arraycopy(actions, row * actionSize, inputs, row * inputSize + observationSize, actionSize);
            }
            ensemble.scaler().standardise(inputs, rows);
            pass.input().writeRows(0, rows, inputs, 0);
            for (int member = 0; member < heads.length; member++) {
                networks.get(member).forward(pass, 0, rows);
                pass.output().readRows(0, rows, output, 0);
                heads[member].predict(output, rows, means[member], variances[member]);
            }
        }

        /**
         * How far the predictions are not to be trusted.
         *
         * @param penalty by which measure, but {@link Penalty#TRUE_ERROR}
         * @param rows how many rows were predicted last
         * @param penalties {@code [rows]}, written
         * @throws IllegalArgumentException if it is that one
         */
        public void penalise(Penalty penalty, int rows, float[] penalties) {
            penalty.compute(layout, means, variances, rows, penalties);
        }

        /**
         * How far the predictions are off: {@link Penalty#TRUE_ERROR}.
         *
         * @param observations what was predicted from {@code [rows, observationSize]}
         * @param rewards the true ones {@code [rows]}
         * @param nextObservations the true ones {@code [rows, observationSize]}
         * @param rows how many rows were predicted last
         * @param errors {@code [rows]}, written; NaN where the truth is
         */
        public void trueErrors(
                float[] observations, float[] rewards, float[] nextObservations, int rows, float[] errors) {
            int[] elites = ensemble.elites();
            int size = layout.observationSize();
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                for (int elite : elites) {
                    float[] mean = means[elite];
                    double difference = (double) mean[layout.reward(row)] - rewards[row];
                    double square = difference * difference;
                    for (int j = 0; j < size; j++) {
                        int place = row * size + j;
                        double change = (double) nextObservations[place] - observations[place];
                        difference = mean[layout.change(row) + j] - change;
                        square += difference * difference;
                    }
                    sum += Math.sqrt(square);
                }
                errors[row] = (float) (sum / elites.length);
            }
        }

        /**
         * What elites expect: the mean of their means, without the noise that a rollout draws.
         *
         * @param observations what was predicted from {@code [rows, observationSize]}
         * @param rows how many rows were predicted last
         * @param rewards {@code [rows]}, written
         * @param nextObservations {@code [rows, observationSize]}, written
         */
        public void expect(float[] observations, int rows, float[] rewards, float[] nextObservations) {
            int[] elites = ensemble.elites();
            int size = layout.observationSize();
            for (int row = 0; row < rows; row++) {
                rewards[row] = (float) meanOver(elites, layout.reward(row));
                for (int j = 0; j < size; j++) {
                    int place = row * size + j;
                    nextObservations[place] = (float) (observations[place] + meanOver(elites, layout.change(row) + j));
                }
            }
        }

        private double meanOver(int[] elites, int place) {
            double sum = 0;
            for (int elite : elites) {
                sum += means[elite][place];
            }
            return sum / elites.length;
        }

        /**
         * How many members predict.
         *
         * @return all of them, not only elites
         */
        public int members() {
            return heads.length;
        }

        /**
         * What a predicted row holds.
         *
         * @return the reward, and the change of the observation
         */
        public OutputLayout layout() {
            return layout;
        }

        /**
         * The means that a member predicted last.
         *
         * @param member from 0
         * @return {@code [capacity, outputs]}, in raw units; not a copy
         */
        public float[] means(int member) {
            return means[member];
        }

        /**
         * The variances that a member predicted last.
         *
         * @param member from 0
         * @return {@code [capacity, outputs]}, in raw units; not a copy
         */
        public float[] variances(int member) {
            return variances[member];
        }
    }
}

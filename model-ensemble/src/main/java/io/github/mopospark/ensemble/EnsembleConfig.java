package io.github.mopospark.ensemble;

import io.github.mopospark.networks.MlpShape;
import io.github.mopospark.networks.kernels.Activation;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * How an ensemble is made and trained.
 *
 * @param members how many; 1 is MBPO without an ensemble
 * @param elites how many of the best draw samples
 * @param hiddenSizes the width of each hidden layer
 * @param weightDecay the coefficient of half the squared norm of each layer's weights; both heads are the last layer
 * @param learningRate Adam's
 * @param boundCoefficient what keeps the log-variance bounds close: the coefficient of sum max - sum min in the sum of all
 *     members' losses, of which each member pays its share
 * @param batchSize rows of an update
 * @param maxEpochs passes over the training rows at most
 * @param earlyStopping when training stops before
 * @param lipschitz whether spectral norms are kept small
 * @param targetUnits in which units targets are learned
 */
public record EnsembleConfig(
        int members,
        int elites,
        List<Integer> hiddenSizes,
        List<Double> weightDecay,
        double learningRate,
        double boundCoefficient,
        int batchSize,
        int maxEpochs,
        EarlyStopping earlyStopping,
        Lipschitz lipschitz,
        TargetUnits targetUnits)
        implements Serializable {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its rule; the message names it, its value and the rule
     */
    public EnsembleConfig {
        requireAtLeastOne("members", members);
        if (elites < 1 || elites > members) {
            throw new IllegalArgumentException(
                    "ensemble.elites must be from 1 to members = %d, but was %d".formatted(members, elites));
        }
        hiddenSizes = List.copyOf(hiddenSizes);
        hiddenSizes.forEach(size -> requireAtLeastOne("hidden-sizes", size));
        weightDecay = List.copyOf(weightDecay);
        if (weightDecay.size() != hiddenSizes.size() + 1) {
            throw new IllegalArgumentException(
                    "ensemble.weight-decay must have a number for each of %d hidden layers and the output layer, but has %d"
                            .formatted(hiddenSizes.size(), weightDecay.size()));
        }
        for (double decay : weightDecay) {
            if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "ensemble.weight-decay must be numbers of at least 0, but one was %s".formatted(decay));
            }
        }
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "ensemble.learning-rate must be a positive number, but was %s".formatted(learningRate));
        }
        if (!(boundCoefficient >= 0 && boundCoefficient < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("ensemble.bound-coefficient must be a number of at least 0, but was %s"
                    .formatted(boundCoefficient));
        }
        requireAtLeastOne("batch-size", batchSize);
        requireAtLeastOne("max-epochs", maxEpochs);
        Objects.requireNonNull(earlyStopping, "earlyStopping");
        Objects.requireNonNull(lipschitz, "lipschitz");
        Objects.requireNonNull(targetUnits, "targetUnits");
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("ensemble.%s must be at least 1, but was %d".formatted(name, value));
        }
    }

    /**
     * The paper's settings. Its code has no greatest number of epochs: early stopping is to end the training.
     *
     * @return 7 members of 4 times 200, 5 elites
     */
    public static EnsembleConfig paper() {
        return new EnsembleConfig(
                7,
                5,
                Collections.nCopies(4, 200),
                List.of(2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4),
                1e-3,
                0.01,
                256,
                500,
                EarlyStopping.ENSEMBLE,
                Lipschitz.off(),
                TargetUnits.RAW);
    }

    /**
     * With another number of members.
     *
     * @param count how many
     * @param best how many of them are elites
     * @return a changed copy
     */
    public EnsembleConfig withMembers(int count, int best) {
        Fields fields = new Fields(this);
        fields.members = count;
        fields.elites = best;
        return fields.toConfig();
    }

    /**
     * With other layers.
     *
     * @param sizes the width of each hidden layer
     * @param decays the weight decay of each layer
     * @return a changed copy
     */
    public EnsembleConfig withLayers(List<Integer> sizes, List<Double> decays) {
        Fields fields = new Fields(this);
        fields.hiddenSizes = sizes;
        fields.weightDecay = decays;
        return fields.toConfig();
    }

    /**
     * With another batch.
     *
     * @param rows rows of an update
     * @return a changed copy
     */
    public EnsembleConfig withBatchSize(int rows) {
        Fields fields = new Fields(this);
        fields.batchSize = rows;
        return fields.toConfig();
    }

    /**
     * With another step of Adam.
     *
     * @param rate its learning rate
     * @return a changed copy
     */
    public EnsembleConfig withLearningRate(double rate) {
        Fields fields = new Fields(this);
        fields.learningRate = rate;
        return fields.toConfig();
    }

    /**
     * With another end of training.
     *
     * @param epochs passes over the training rows at most
     * @param rule when it stops before
     * @return a changed copy
     */
    public EnsembleConfig withEpochs(int epochs, EarlyStopping rule) {
        Fields fields = new Fields(this);
        fields.maxEpochs = epochs;
        fields.earlyStopping = rule;
        return fields.toConfig();
    }

    /**
     * With another distance of the log-variance bounds.
     *
     * @param coefficient of all members together
     * @return a changed copy
     */
    public EnsembleConfig withBoundCoefficient(double coefficient) {
        Fields fields = new Fields(this);
        fields.boundCoefficient = coefficient;
        return fields.toConfig();
    }

    /**
     * With other regularisation.
     *
     * @param setting whether spectral norms are kept small
     * @return a changed copy
     */
    public EnsembleConfig withLipschitz(Lipschitz setting) {
        Fields fields = new Fields(this);
        fields.lipschitz = setting;
        return fields.toConfig();
    }

    /**
     * With other units.
     *
     * @param units in which targets are learned
     * @return a changed copy
     */
    public EnsembleConfig withTargetUnits(TargetUnits units) {
        Fields fields = new Fields(this);
        fields.targetUnits = units;
        return fields.toConfig();
    }

    /**
     * What a member pays for the distance of its own bounds. The authors' members share one pair of bounds and their losses are
     * summed, so that the distance is paid for once by all of them; a member that paid the whole by itself would press its bounds
     * together until many a variance, or all that count, are the same for all rows.
     *
     * @return the coefficient of sum max - sum min in a member's loss
     */
    public double memberBoundCoefficient() {
        return boundCoefficient / members;
    }

    /**
     * The sizes of a member's network.
     *
     * @param inputSize numbers in an input
     * @param layout what an output holds
     * @return a network with both heads in its output layer
     */
    public MlpShape shape(int inputSize, OutputLayout layout) {
        return new MlpShape(inputSize, hiddenSizes, layout.networkSize(), Activation.SWISH);
    }

    /** What a changed copy is made from. */
    private static final class Fields {
        private int members;
        private int elites;
        private List<Integer> hiddenSizes;
        private List<Double> weightDecay;
        private double learningRate;
        private double boundCoefficient;
        private int batchSize;
        private int maxEpochs;
        private EarlyStopping earlyStopping;
        private Lipschitz lipschitz;
        private TargetUnits targetUnits;

        Fields(EnsembleConfig config) {
            members = config.members;
            elites = config.elites;
            hiddenSizes = config.hiddenSizes;
            weightDecay = config.weightDecay;
            learningRate = config.learningRate;
            boundCoefficient = config.boundCoefficient;
            batchSize = config.batchSize;
            maxEpochs = config.maxEpochs;
            earlyStopping = config.earlyStopping;
            lipschitz = config.lipschitz;
            targetUnits = config.targetUnits;
        }

        EnsembleConfig toConfig() {
            return new EnsembleConfig(
                    members,
                    elites,
                    hiddenSizes,
                    weightDecay,
                    learningRate,
                    boundCoefficient,
                    batchSize,
                    maxEpochs,
                    earlyStopping,
                    lipschitz,
                    targetUnits);
        }
    }
}

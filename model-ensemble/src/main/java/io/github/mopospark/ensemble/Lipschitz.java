package io.github.mopospark.ensemble;

import io.github.mopospark.networks.SpectralWeights;
import java.io.Serializable;
import java.util.Objects;

/**
 * Whether the layers of a member's mean are kept from stretching their input: spectral regularisation of every layer except
 * the log-variance head (MOPO's paper, appendix C; its published code never calls it).
 *
 * @param mode how
 * @param bound the greatest spectral norm that {@link Mode#BOUND} leaves; not read by the others
 */
public record Lipschitz(Mode mode, double bound) implements SpectralWeights.Scaling, Serializable {
    /** The bound that cost no accuracy on hopper-medium-replay. */
    private static final double DEFAULT_BOUND = 4;

    /** How. */
    public enum Mode {
        /** Weights as they are learned. */
        OFF,
        /** Weights divided by their spectral norm: the paper's. */
        NORMALISE,
        /** Weights divided by what their spectral norm exceeds the bound by, if it does. */
        BOUND
    }

    /**
     * Checks the bound.
     *
     * @throws IllegalArgumentException if it is not a positive number
     */
    public Lipschitz {
        Objects.requireNonNull(mode, "mode");
        if (!(bound > 0 && bound < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "ensemble.lipschitz.bound must be a positive number, but was %s".formatted(bound));
        }
    }

    /**
     * None.
     *
     * @return the default
     */
    public static Lipschitz off() {
        return new Lipschitz(Mode.OFF, DEFAULT_BOUND);
    }

    /**
     * The paper's.
     *
     * @return a spectral norm of 1
     */
    public static Lipschitz normalise() {
        return new Lipschitz(Mode.NORMALISE, DEFAULT_BOUND);
    }

    /**
     * A bound.
     *
     * @param bound the greatest spectral norm
     * @return a spectral norm of at most that
     */
    public static Lipschitz bound(double bound) {
        return new Lipschitz(Mode.BOUND, bound);
    }

    @Override
    public double scale(double norm) {
        return switch (mode) {
            case OFF -> 1;
            case NORMALISE -> 1 / norm;
            case BOUND -> Math.min(1, bound / norm);
        };
    }

    @Override
    public double slope(double norm) {
        return switch (mode) {
            case OFF -> 0;
            case NORMALISE -> -1 / (norm * norm);
            case BOUND -> norm > bound ? -bound / (norm * norm) : 0;
        };
    }
}

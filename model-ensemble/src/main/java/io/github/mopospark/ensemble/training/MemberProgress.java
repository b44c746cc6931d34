package io.github.mopospark.ensemble.training;

import io.github.mopospark.networks.Adam;
import io.github.mopospark.networks.SpectralNorm;
import java.util.List;

/**
 * All that a member's next update depends on.
 *
 * @param parameters what is learned {@code [parameterCount]}
 * @param adam moments of the parameters
 * @param bounds the greatest log-variances, then the least
 * @param boundsAdam moments of the bounds
 * @param spectralNorms the singular vectors of each layer; empty without spectral regularisation
 */
public record MemberProgress(
        float[] parameters,
        Adam.State adam,
        float[] bounds,
        Adam.State boundsAdam,
        List<SpectralNorm.State> spectralNorms) {}

package io.github.mopospark.tasks;

/**
 * The returns between which D4RL places a score: 0 is a random policy, 100 an expert. D4RL uses the same pair for all
 * dataset kinds and versions of a task.
 *
 * @param random return of a random policy
 * @param expert return of an expert policy
 * @see <a href="https://github.com/Farama-Foundation/D4RL">D4RL, d4rl/infos.py</a>
 */
public record ReferenceReturns(double random, double expert) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException unless both are finite and expert is above random
     */
    public ReferenceReturns {
        if (!(Double.isFinite(random) && Double.isFinite(expert) && expert > random)) {
            throw new IllegalArgumentException(
                    "reference returns must be finite with expert above random, but were random " + random
                            + " and expert " + expert);
        }
    }

    /**
     * The normalised score of a return: 100 (return - random) / (expert - random).
     *
     * @param episodeReturn undiscounted sum of an episode's rewards
     * @return the score, 0 for random and 100 for expert; not clipped
     */
    public double score(double episodeReturn) {
        return 100 * (episodeReturn - random) / (expert - random);
    }

    /**
     * The spread of scores that belongs to a spread of returns. It is divided by the range and not shifted.
     *
     * @param returnDeviation standard deviation of returns
     * @return standard deviation of scores
     */
    public double scoreDeviation(double returnDeviation) {
        return 100 * returnDeviation / (expert - random);
    }
}

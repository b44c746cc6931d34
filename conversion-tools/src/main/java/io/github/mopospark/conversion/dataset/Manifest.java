package io.github.mopospark.conversion.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.mopospark.conversion.preparation.Findings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code dataset.json} says: the parts a dataset consists of, where they come from, and what is in them. Lengths of lists of
 * numbers are observationSize, actionSize or 1.
 *
 * @param schemaVersion of the columns and of this file
 * @param task the task's name; null if unknown
 * @param observationSize numbers in an observation
 * @param actionSize numbers in an action
 * @param rows rows in all parts
 * @param parts in the order of their rows
 * @param sources the files they were made from, in order
 * @param choices how they were made
 * @param findings what was found in the source's rows
 * @param statistics of the rows
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Manifest(
        int schemaVersion,
        String task,
        int observationSize,
        int actionSize,
        long rows,
        List<Part> parts,
        List<Source> sources,
        Choices choices,
        Findings findings,
        Statistics statistics) {
    /** The version that this program writes and reads. */
    public static final int VERSION = TransitionSchema.VERSION;

    /** A part lies in the dataset's folder: its path has no empty step, none that begins with a dot, and no scheme. */
    private static final Pattern PART_PATH = Pattern.compile("(?!\\.)[\\w.-]+(/(?!\\.)[\\w.-]+)*");

    /** What a reader could not work with; empty if nothing. */
    Optional<String> fault() {
        if (observationSize < 1 || actionSize < 1 || rows < 1) {
            return Optional.of("observation_size %d, action_size %d and rows %d must be at least 1"
                    .formatted(observationSize, actionSize, rows));
        }
        if (parts == null || sources == null || choices == null || findings == null || statistics == null) {
            return Optional.of("parts, sources, choices, findings or statistics is null");
        }
        if (sources.stream().anyMatch(Objects::isNull)) {
            return Optional.of("a source is null");
        }
        if (statistics.episodeReturns == null
                || statistics.episodeLengths == null
                || sources.stream().anyMatch(source -> source.skippedKeys == null)) {
            return Optional.of("episode_returns, episode_lengths or skipped_keys is null");
        }
        // Memory is asked for by these sizes, so a damaged one must not be believed.
        if (!hasWidth(statistics.observation, observationSize)
                || !hasWidth(statistics.action, actionSize)
                || !hasWidth(statistics.reward, 1)
                || (statistics.nextObservation != null && !hasWidth(statistics.nextObservation, observationSize))) {
            return Optional.of("statistics are not of observation_size %d and action_size %d numbers"
                    .formatted(observationSize, actionSize));
        }
        for (Part part : parts) {
            if (part == null || part.path == null || part.sha256 == null) {
                return Optional.of("a part, its path or its sha256 is null");
            }
            if (!PART_PATH.matcher(part.path).matches()) {
                return Optional.of("the part " + part.path + " is not in the dataset's folder");
            }
            if (part.rows < 0 || part.rows > Integer.MAX_VALUE) {
                return Optional.of("the part %s has %d rows".formatted(part.path, part.rows));
            }
        }
        return Optional.empty();
    }

    private static boolean hasWidth(Column column, int width) {
        return column != null
                && Stream.of(column.mean, column.std, column.min, column.max)
                        .allMatch(numbers -> numbers != null && numbers.length == width);
    }

    /**
     * A Parquet file.
     *
     * @param path in the dataset's folder
     * @param rows rows in it
     * @param bytes its size
     * @param sha256 of its bytes, hexadecimal
     */
    public record Part(String path, long rows, long bytes, String sha256) implements java.io.Serializable {}

    /**
     * A file that rows were read from.
     *
     * @param uri where it was
     * @param sha256 of its bytes, hexadecimal
     * @param bytes its size
     * @param layout d4rl_v2, d4rl_v0 or minari
     * @param rows rows in it
     * @param skippedKeys datasets in it that were not converted
     */
    public record Source(String uri, String sha256, long bytes, String layout, long rows, List<String> skippedKeys) {}

    /**
     * The options of the conversion. A dataset whose sources and choices are the same need not be made again.
     *
     * @param boundary what ends an episode besides a terminal row
     * @param relabel the task whose reward replaces the recorded one; null for none
     * @param speedCap how halfcheetah-jump caps the speed; null unless relabelled for it
     * @param dropNonfinite whether rows that are not finite were left out
     * @param maxEpisodes how many episodes were taken from the start; null for all
     * @param topFraction the share of episodes kept, by return; null for all
     * @param sample how many of the remaining rows were drawn; null for all
     * @param seed of the draw; null without one
     */
    public record Choices(
            String boundary,
            String relabel,
            String speedCap,
            boolean dropNonfinite,
            Long maxEpisodes,
            Double topFraction,
            Long sample,
            Long seed) {}

    /**
     * Numbers of a column, one a dimension.
     *
     * @param count rows they were taken over
     * @param mean the mean
     * @param std the standard deviation, with n - 1
     * @param min the smallest
     * @param max the largest
     */
    public record Column(long count, double[] mean, double[] std, double[] min, double[] max) {}

    /**
     * Statistics of the rows.
     *
     * @param observation of the observations
     * @param action of the actions
     * @param reward of the rewards
     * @param nextObservation of the next observations, where recorded; null if none is
     * @param actionsAtBounds the share of action numbers with |a| of at least 1 - 1e-4
     * @param episodeReturns the sum of rewards of each episode, in order
     * @param episodeLengths the rows of each episode
     * @param normalisedScore 100 (mean return - random) / (expert - random), D4RL's; null without a task or its constants
     */
    public record Statistics(
            Column observation,
            Column action,
            Column reward,
            Column nextObservation,
            double actionsAtBounds,
            double[] episodeReturns,
            long[] episodeLengths,
            Double normalisedScore) {}
}

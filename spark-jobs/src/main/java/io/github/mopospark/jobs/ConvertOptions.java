package io.github.mopospark.jobs;

import io.github.mopospark.conversion.dataset.Manifest;
import io.github.mopospark.conversion.preparation.Preparation;
import io.github.mopospark.tasks.JumpReward;
import io.github.mopospark.tasks.Tasks;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What {@link ConvertJob} is asked for.
 *
 * @param inputs files, or patterns of them
 * @param output the folder that takes a dataset a file, each named like its file; with {@code merge} the dataset's own
 * @param task the task's name, {@code none}, or null to take it from each file's name
 * @param preparation what is done to each row
 * @param merge whether all files become one dataset, in the order of their paths
 * @param maxEpisodes how many episodes to take from the start; null for all
 * @param topFraction the share of those episodes to keep, by return; null for all
 * @param sample how many of the remaining rows to draw; null for all
 * @param seed of the draw
 * @param slices into how many slices a file is cut; 0 for one every 250,000 rows
 * @param overwrite whether a dataset that is there is made again and replaced
 */
public record ConvertOptions(
        List<String> inputs,
        String output,
        String task,
        Preparation preparation,
        boolean merge,
        Long maxEpisodes,
        Double topFraction,
        Long sample,
        long seed,
        int slices,
        boolean overwrite) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if there is no input, the task is unknown, or a number is out of its range
     */
    public ConvertOptions {
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(preparation, "preparation");
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("--input is missing: name a file or a pattern");
        }
        if (task != null && !task.equals(FileSurvey.NO_TASK)) {
            Tasks.named(task);
        }
        if (maxEpisodes != null && maxEpisodes < 1) {
            throw new IllegalArgumentException("--max-episodes must be at least 1, but was " + maxEpisodes);
        }
        if (topFraction != null && !(topFraction > 0 && topFraction <= 1)) {
            throw new IllegalArgumentException("--top-fraction must be above 0 and at most 1, but was " + topFraction);
        }
        if (sample != null && sample < 1) {
            throw new IllegalArgumentException("--sample must be at least 1, but was " + sample);
        }
        if (slices < 0) {
            throw new IllegalArgumentException("--slices must not be negative, but was " + slices);
        }
    }

    Manifest.Choices choices() {
        boolean isJump = preparation
                .relabelledReward()
                .filter(JumpReward.class::isInstance)
                .isPresent();
        return new Manifest.Choices(
                preparation.boundary().toString(),
                preparation.relabel(),
                isJump ? preparation.speedCap().name().toLowerCase(Locale.ROOT) : null,
                preparation.dropNonfinite(),
                maxEpisodes,
                topFraction,
                sample,
                sample == null ? null : seed);
    }
}

package io.github.mopospark.reports;

import io.github.mopospark.conversion.dataset.Manifest;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says how a dataset was made. */
public final class DatasetChoices {
    private DatasetChoices() {}

    /**
     * The choices of a conversion.
     *
     * @param choices from the manifest
     * @return what was chosen and how, in words; settings that do not matter are left out
     */
    public static Map<String, String> of(Manifest.Choices choices) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("boundary", choices.boundary());
        words.put("rewards", choices.relabel() == null ? "as recorded" : "recomputed for " + choices.relabel());
        if (choices.speedCap() != null) {
            words.put("speed cap", choices.speedCap());
        }
        words.put("rows that are not finite", choices.dropNonfinite() ? "left out" : "refused");
        words.put(
                "episodes",
                choices.maxEpisodes() == null ? "all" : "the first " + Numbers.count(choices.maxEpisodes()));
        if (choices.topFraction() != null) {
            words.put("of these, by return", "the best " + Numbers.percent(choices.topFraction()));
        }
        words.put(
                "rows",
                choices.sample() == null
                        ? "all"
                        : Numbers.count(choices.sample()) + " drawn at random, seed " + choices.seed());
        return words;
    }
}

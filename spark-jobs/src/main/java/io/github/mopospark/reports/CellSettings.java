package io.github.mopospark.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the trials of a cell have in common; they differ in their seeds.
 *
 * @param length h, steps of a rollout
 * @param penaltyCoefficient lambda
 * @param others other settings in which cells of the dataset differ, by their keys
 */
record CellSettings(int length, double penaltyCoefficient, Map<String, String> others)
        implements Comparable<CellSettings> {
    private static final Comparator<CellSettings> ORDER = Comparator.comparing(
                    (CellSettings settings) -> settings.others().toString())
            .thenComparingInt(CellSettings::length)
            .thenComparingDouble(CellSettings::penaltyCoefficient);

    CellSettings {
        others = new TreeMap<>(others);
    }

    /** The settings of a trial, without the keys that are the same in all of its dataset. */
    static CellSettings of(SweepSummary.Trial trial, List<String> otherKeys) {
        Map<String, String> others = new TreeMap<>();
        for (String key : otherKeys) {
            others.put(key, Objects.requireNonNullElse(trial.otherSettings().get(key), "-"));
        }
        return new CellSettings(trial.length(), trial.penaltyCoefficient(), others);
    }

    String lengthText() {
        return Integer.toString(length);
    }

    String penaltyText() {
        return Numbers.plain(penaltyCoefficient);
    }

    String othersText() {
        List<String> words = new ArrayList<>();
        others.forEach((key, value) -> words.add(key + " = " + value));
        return String.join(", ", words);
    }

    @Override
    public String toString() {
        String text = "h = %s, lambda = %s".formatted(lengthText(), penaltyText());
        return others.isEmpty() ? text : text + ", " + othersText();
    }

    @Override
    public int compareTo(CellSettings other) {
        return ORDER.compare(this, other);
    }
}

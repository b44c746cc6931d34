package io.github.mopospark.configuration;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys that a configuration may have: those that the defaults have. */
final class Keys {
    private static final String PRESET = "preset";
    private static final String PRESETS = "presets";

    private final ConfigObject defaults;
    /** Of values, as {@code rollout.length}. */
    private final Set<String> keys = new LinkedHashSet<>();
    /** Of values and of the blocks they are in. */
    private final Set<String> keysAndBlocks = new LinkedHashSet<>();

    Keys(ConfigObject defaults) {
        this.defaults = defaults;
        gather("", defaults);
    }

    private void gather(String prefix, ConfigObject block) {
        for (Map.Entry<String, ConfigValue> entry : inOrder(block)) {
            String path = prefix + entry.getKey();
            keysAndBlocks.add(path);
            if (entry.getValue() instanceof ConfigObject inner) {
                gather(path + ".", inner);
            } else {
                keys.add(path);
            }
        }
    }

    private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject block) {
        return block.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, ConfigValue> entry) ->
                                entry.getValue().origin().lineNumber())
                        .thenComparing(Map.Entry::getKey))
                .toList();
    }

    /**
     * Checks one key.
     *
     * @param key such as {@code rollout.length}
     * @param place where it was set
     * @throws ConfigurationException if it is not known, or a block of keys
     */
    void requireKnown(String key, String place) {
        if (!keys.contains(key)) {
            throw new ConfigurationException(
                    place + ": " + (keysAndBlocks.contains(key) ? aBlock(key) : unknown("", key, keys)));
        }
    }

    /**
     * Checks a file.
     *
     * @param file its keys, and those of a preset alone under {@code presets.<preset>}
     * @throws ConfigurationException if it has others; the message has a line for each
     */
    void requireKnown(ConfigObject file) {
        List<String> problems = new ArrayList<>();
        collect("", "", file.withoutKey(PRESETS), defaults, problems);
        if (file.containsKey(PRESETS)) {
            collectPresets(file.get(PRESETS), problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("\n", problems));
        }
    }

    private void collectPresets(ConfigValue value, List<String> problems) {
        if (!(value instanceof ConfigObject presets)) {
            problems.add(at(value) + aBlock(PRESETS));
            return;
        }
        for (Map.Entry<String, ConfigValue> entry : inOrder(presets)) {
            String path = PRESETS + "." + entry.getKey();
            if (Arrays.stream(Preset.values())
                    .noneMatch(preset -> preset.toString().equals(entry.getKey()))) {
                problems.add("%s%s is not a preset: these are %s"
                        .formatted(at(entry.getValue()), path, Words.allOf(Preset.class)));
            } else if (entry.getValue() instanceof ConfigObject settings) {
                collect(path + ".", "", settings, defaults, problems);
                if (settings.containsKey(PRESET)) {
                    problems.add("%s%s.preset: a preset cannot choose another; set preset outside of presets"
                            .formatted(at(settings.get(PRESET)), path));
                }
            } else {
                problems.add(at(entry.getValue()) + aBlock(path));
            }
        }
    }

    /** Of a block at a path, below a preset's path or none. */
    private void collect(String preset, String prefix, ConfigObject block, ConfigObject known, List<String> problems) {
        for (Map.Entry<String, ConfigValue> entry : inOrder(block)) {
            String path = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            ConfigValue expected = known.get(entry.getKey());
            if (expected == null) {
                problems.add(at(value) + unknown(preset, path, value instanceof ConfigObject ? keysAndBlocks : keys));
            } else if (expected instanceof ConfigObject inner) {
                if (value instanceof ConfigObject given) {
                    collect(preset, path + ".", given, inner, problems);
                } else {
                    problems.add(at(value) + aBlock(preset + path));
                }
            }
        }
    }

    private static String at(ConfigValue value) {
        return value.origin().description() + ": ";
    }

    private static String aBlock(String path) {
        return path + " is a block of keys; set one of these";
    }

    private static String unknown(String preset, String path, Set<String> candidates) {
        String nearest = candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(path, candidate)))
                .orElseThrow();
        return "%1$s%2$s is not a key; did you mean %1$s%3$s?".formatted(preset, path, nearest);
    }

    /** How many letters differ; the right word in another block is near too. */
    private static int distance(String path, String candidate) {
        return Math.min(edits(path, candidate), 1 + edits(lastWord(path), lastWord(candidate)));
    }

    private static String lastWord(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The least number of letters to insert, delete or replace (Levenshtein). */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}

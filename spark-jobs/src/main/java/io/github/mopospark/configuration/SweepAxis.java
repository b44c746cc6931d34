package io.github.mopospark.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.github.mopospark.networks.random.RandomStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An axis of a sweep, as a block of its file: the values of a key, choices of several settings together, or random samples.
 *
 * @param choices what a trial can have of it
 */
record SweepAxis(List<Choice> choices) {
    /** The file of a configuration that the other settings are laid over; no key of configurations themselves. */
    static final String CONFIG = "config";

    private static final String NAME = "name";
    private static final int MOST_REPEATS = 10_000;
    private static final MathContext SAMPLED_DIGITS = new MathContext(4);

    /**
     * Settings that go together.
     *
     * @param name what a trial is called after it
     * @param settings values by their keys
     */
    record Choice(String name, Map<String, String> settings) {
        Choice and(Choice other) {
            Map<String, String> all = new LinkedHashMap<>(settings);
            all.putAll(other.settings);
            return new Choice(name.isEmpty() ? other.name : name + "_" + other.name, all);
        }
    }

    static SweepAxis of(Config axis) {
        Set<String> keys = new TreeSet<>(axis.root().keySet());
        try {
            if (keys.equals(Set.of("key", "values"))) {
                return new SweepAxis(values(axis.getString("key"), axis).stream()
                        .map(settings -> new Choice(name(settings), settings))
                        .toList());
            }
            if (keys.equals(Set.of("choices"))) {
                return new SweepAxis(axis.getConfigList("choices").stream()
                        .map(SweepAxis::choice)
                        .toList());
            }
            if (keys.equals(Set.of("samples", "seed", "keys"))) {
                return sampled(axis);
            }
        } catch (ConfigException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
        throw new ConfigurationException(
                "%s: an axis must have key and values, or choices, or samples, seed and keys, but has %s"
                        .formatted(axis.root().origin().description(), keys));
    }

    private static List<Map<String, String>> values(String key, Config axis) {
        return axis.getList("values").stream()
                .map(value -> Map.of(key, text(value)))
                .toList();
    }

    private static Choice choice(Config choice) {
        Map<String, String> settings = settings(choice.withoutPath(NAME));
        return new Choice(choice.hasPath(NAME) ? fileName(choice.getString(NAME)) : name(settings), settings);
    }

    /** Every key of a block, of its blocks too. */
    static Map<String, String> settings(Config block) {
        Map<String, String> settings = new LinkedHashMap<>();
        block.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry ->
                        settings.put(String.join(".", ConfigUtil.splitPath(entry.getKey())), text(entry.getValue())));
        return settings;
    }

    private static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                ? (String) value.unwrapped()
                : value.render(ConfigRenderOptions.concise());
    }

    private static SweepAxis sampled(Config axis) {
        int samples = axis.getInt("samples");
        long seed = axis.getLong("seed");
        List<? extends Config> keys = axis.getConfigList("keys");
        Set<Map<String, String>> drawn = new LinkedHashSet<>();
        for (int draw = 0; drawn.size() < samples; draw++) {
            if (draw == samples + MOST_REPEATS) {
                throw new ConfigurationException(
                        "%s: samples = %d, but only %d different ones were drawn; ask for fewer, or give the keys more values"
                                .formatted(axis.root().origin().description(), samples, drawn.size()));
            }
            RandomStream random = RandomStream.of(seed, "sweep", draw);
            Map<String, String> settings = new LinkedHashMap<>();
            for (Config key : keys) {
                settings.put(key.getString("key"), sample(key, random));
            }
            // What was drawn before would be the same trial.
            drawn.add(settings);
        }
        return new SweepAxis(drawn.stream()
                .map(settings -> new Choice(name(settings), settings))
                .toList());
    }

    private static String sample(Config key, RandomStream random) {
        Set<String> keys = new TreeSet<>(key.root().keySet());
        if (keys.equals(Set.of("key", "values"))) {
            List<Map<String, String>> values = values(key.getString("key"), key);
            return values.get(random.nextInt(values.size())).get(key.getString("key"));
        }
        if (!keys.equals(Set.of("key", "from", "to", "scale"))) {
            throw new ConfigurationException("%s: a sampled key must have values, or from, to and scale, but has %s"
                    .formatted(key.root().origin().description(), keys));
        }
        double from = key.getDouble("from");
        double to = key.getDouble("to");
        // 53 bits, as many as a double has.
        double share = (random.nextLong() >>> 11) * 0x1.0p-53;
        String scale = key.getString("scale").toLowerCase(Locale.ROOT);
        double value;
        if (scale.equals("linear") && from <= to) {
            value = from + share * (to - from);
        } else if (scale.equals("log") && from > 0 && from <= to) {
            value = from * Math.pow(to / from, share);
        } else {
            throw new ConfigurationException(
                    "%s: from must be at most to, scale linear or log, and from positive with log, but they were %s, %s and %s"
                            .formatted(key.root().origin().description(), from, to, scale));
        }
        return new BigDecimal(value).round(SAMPLED_DIGITS).toPlainString();
    }

    private static String name(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> name(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining("_"));
    }

    private static String name(String key, String value) {
        String file = value.substring(value.lastIndexOf('/') + 1);
        return switch (key) {
            case CONFIG -> fileName(file.replaceFirst("\\.conf$", ""));
            case "data" -> fileName(file.replaceFirst("\\.(hdf5|h5)$", ""));
            default -> fileName(key.substring(key.lastIndexOf('.') + 1) + "=" + value);
        };
    }

    /** What every file system takes. */
    private static String fileName(String text) {
        return text.replaceAll("[^A-Za-z0-9.=+-]+", "-");
    }
}

package io.github.mopospark.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The values of a merged configuration, each of exactly the type it is asked for in; an error says where it was set. */
final class Values {
    /** A value that is computed from others. */
    private static final String AUTO = "auto";
    /** Up to here every whole double is one whole number. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private final Config config;
    private final Set<String> keys;

    Values(Config config) {
        this.config = config;
        this.keys = config.entrySet().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    String text(String key) {
        return text(key, "text");
    }

    private String text(String key, String rule) {
        ConfigValue value = value(key);
        if (value.valueType() != ConfigValueType.STRING) {
            throw mistake(key, value, rule);
        }
        return (String) value.unwrapped();
    }

    boolean isAuto(String key) {
        return AUTO.equals(value(key).unwrapped());
    }

    boolean flag(String key) {
        ConfigValue value = value(key);
        if (value.valueType() != ConfigValueType.BOOLEAN) {
            throw mistake(key, value, "true or false");
        }
        return (boolean) value.unwrapped();
    }

    double number(String key) {
        return number(key, value(key), "a number");
    }

    long longNumber(String key) {
        return whole(key, value(key), "a whole number");
    }

    int wholeNumber(String key) {
        return integer(key, value(key), "a whole number");
    }

    List<Integer> wholeNumbers(String key) {
        String rule = "a list of whole numbers such as [200, 200]";
        List<Integer> numbers = new ArrayList<>();
        for (ConfigValue element : list(key, rule)) {
            numbers.add(integer(key, element, rule));
        }
        return numbers;
    }

    List<Double> numbers(String key) {
        String rule = "a list of numbers such as [5e-5, 1e-4]";
        List<Double> numbers = new ArrayList<>();
        for (ConfigValue element : list(key, rule)) {
            numbers.add(number(key, element, rule));
        }
        return numbers;
    }

    <E extends Enum<E>> E word(String key, Class<E> type) {
        String rule = "one of " + Words.allOf(type);
        return Words.find(type, text(key, rule)).orElseThrow(() -> mistake(key, value(key), rule));
    }

    /** What another's parser makes of a text; what it refuses is told with the place. */
    <T> T parsed(String key, Function<String, T> parser) {
        String text = text(key);
        return checked(key, all -> parser.apply(text));
    }

    /** What is made of a block's values; a rule that one breaks is told with the place. */
    <T> T checked(String block, Function<Values, T> maker) {
        try {
            return maker.apply(this);
        } catch (ConfigurationException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(placed(block, e.getMessage()), e);
        }
    }

    /** Most messages begin with the key, or with its last word. */
    private String placed(String block, String message) {
        String first = message.split(" ", 2)[0];
        String parent = block.contains(".") ? block.substring(0, block.lastIndexOf('.')) : block;
        for (String key : List.of(first, parent + "." + first)) {
            if (keys.contains(key)) {
                return "%s: %s%s".formatted(place(value(key)), key, message.substring(first.length()));
            }
        }
        return keys.contains(block)
                ? "%s: %s: %s".formatted(place(value(block)), block, message)
                : "%s: %s".formatted(block, message);
    }

    private ConfigValue value(String key) {
        ConfigValue value = config.root();
        for (String part : key.split("\\.", -1)) {
            value = value instanceof Map<?, ?> block ? (ConfigValue) block.get(part) : null;
        }
        if (value == null) {
            throw new IllegalStateException("the defaults have no key " + key);
        }
        return value;
    }

    private ConfigList list(String key, String rule) {
        ConfigValue value = value(key);
        if (value instanceof ConfigList list) {
            return list;
        }
        throw mistake(key, value, rule);
    }

    private static int integer(String key, ConfigValue value, String rule) {
        long whole = whole(key, value, rule);
        if (whole != (int) whole) {
            throw mistake(key, value, "%s from %d to %d".formatted(rule, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        return (int) whole;
    }

    private static long whole(String key, ConfigValue value, String rule) {
        if (value.unwrapped() instanceof Integer || value.unwrapped() instanceof Long) {
            return ((Number) value.unwrapped()).longValue();
        }
        double number = number(key, value, rule);
        if (number != Math.rint(number) || Math.abs(number) > LARGEST_WHOLE) {
            throw mistake(key, value, rule);
        }
        return (long) number;
    }

    private static double number(String key, ConfigValue value, String rule) {
        if (value.unwrapped() instanceof Number number) {
            return number.doubleValue();
        }
        throw mistake(key, value, rule);
    }

    private static ConfigurationException mistake(String key, ConfigValue value, String rule) {
        return new ConfigurationException("%s: %s must be %s, but was %s"
                .formatted(place(value), key, rule, value.render(ConfigRenderOptions.concise())));
    }

    private static String place(ConfigValue value) {
        return value.origin().description();
    }
}

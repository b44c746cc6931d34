package io.github.mopospark.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** The layers of a configuration: how each is parsed, checked for unknown keys, and laid over the others. */
final class Layers {
    private static final String PRESETS = "presets";
    private static final Set<String> PATHS = Set.of("data", "ensemble.trained");
    private static final String COMMAND_LINE = "the command line";
    private static final String NUMBER = "-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?";

    private Layers() {}

    /**
     * Parses a file.
     *
     * @param text HOCON
     * @param name what the file is called in errors
     * @param home what {@code ${mopo.home}} stands for
     * @return its keys, substitutions resolved
     */
    static Config parse(String text, String name, String home) {
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(name)
                .setIncluder(new NoIncludes(name));
        try {
            Config parsed = ConfigFactory.parseString(text, options);
            // Only for substitutions: the property itself is no key.
            return parsed.resolveWith(parsed.withFallback(ConfigFactory.parseMap(Map.of("mopo.home", home))));
        } catch (ConfigException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /**
     * Lays all layers over one another.
     *
     * @param file a parsed file
     * @param overrides keys and values of the command line
     * @return every key, each with the value that wins
     * @throws ConfigurationException if a layer has a key that is not known
     */
    static Config merge(Config file, Map<String, String> overrides) {
        Config defaults = resource("defaults.conf", "the defaults");
        Keys keys = new Keys(defaults.root());
        Config command = commandLine(keys, overrides);
        keys.requireKnown(file.root());
        Config settings = file.withoutPath(PRESETS);
        Preset preset = new Values(command.withFallback(settings).withFallback(defaults)).word("preset", Preset.class);
        return command.withFallback(ofPreset(file, preset))
                .withFallback(settings)
                .withFallback(resource(preset + ".conf", "the preset " + preset))
                .withFallback(defaults);
    }

    private static Config ofPreset(Config file, Preset preset) {
        return file.root().get(PRESETS) instanceof ConfigObject presets
                        && presets.get(preset.toString()) instanceof ConfigObject settings
                ? settings.toConfig()
                : ConfigFactory.empty();
    }

    private static Config resource(String name, String description) {
        try (InputStream in = Layers.class.getResourceAsStream(name)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), description, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Config commandLine(Keys keys, Map<String, String> overrides) {
        Config layer = ConfigFactory.empty();
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            String key = override.getKey();
            keys.requireKnown(key, COMMAND_LINE);
            // A name may be all digits.
            Object value = PATHS.contains(key) ? override.getValue() : typed(key, override.getValue());
            layer = layer.withValue(key, ConfigValueFactory.fromAnyRef(value, COMMAND_LINE));
        }
        return layer;
    }

    /** A word of the command line as what it looks like; not HOCON, where the : and // of a URI have meanings. */
    private static Object typed(String key, String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (text.matches(NUMBER) || text.startsWith("[")) {
            return parse("value = " + text, "%s: %s".formatted(COMMAND_LINE, key), "")
                    .getValue("value")
                    .unwrapped();
        }
        return text;
    }

    /** Refuses includes: the library would look for them in places of its own and take a file that is not there for empty. */
    private record NoIncludes(String file)
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
        private ConfigurationException refused(String what) {
            return new ConfigurationException(
                    "%s: include is not supported; write the keys of %s into the file".formatted(file, what));
        }

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            throw refused(what.toString());
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            throw refused(what.toString());
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            throw refused(what);
        }
    }
}

package io.github.mopospark.configuration;

import io.github.mopospark.conversion.dataset.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Configurations of tests. */
final class Configs {
    private Configs() {}

    static ConfigReader reader() {
        return new ConfigReader(new Storage(new Configuration()), "/home of mopo");
    }

    /** Of the task hopper and pairs of keys and values. */
    static RunConfig with(String... settings) {
        Map<String, String> overrides = new LinkedHashMap<>();
        overrides.put("task", "hopper");
        for (int i = 0; i < settings.length; i += 2) {
            overrides.put(settings[i], settings[i + 1]);
        }
        return reader().read(overrides);
    }

    /** Of a file in a folder. */
    static RunConfig ofFile(Path folder, String text, Map<String, String> overrides) throws IOException {
        Path file = Files.writeString(folder.resolve("x.conf"), text);
        return reader().read(new org.apache.hadoop.fs.Path(file.toString()), overrides);
    }
}

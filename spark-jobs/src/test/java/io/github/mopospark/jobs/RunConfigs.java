package io.github.mopospark.jobs;

import io.github.mopospark.configuration.ConfigReader;
import io.github.mopospark.configuration.RunConfig;
import io.github.mopospark.conversion.dataset.Storage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Configurations of tests. */
final class RunConfigs {
    private RunConfigs() {}

    /** Of a task and pairs of keys and values; else the defaults. */
    static RunConfig of(String task, String... settings) {
        Map<String, String> overrides = new LinkedHashMap<>();
        overrides.put("task", task);
        for (int i = 0; i < settings.length; i += 2) {
            overrides.put(settings[i], settings[i + 1]);
        }
        return new ConfigReader(new Storage(new Configuration())).read(overrides);
    }
}

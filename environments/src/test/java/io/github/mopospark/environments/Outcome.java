package io.github.mopospark.environments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a process left: its exit code, and everything it printed. */
record Outcome(int exitCode, String output) {

    static Outcome of(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }
}

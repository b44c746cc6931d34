package io.github.mopospark.environments;

import io.github.mopospark.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@link JarAloneIT} runs in a JVM of its own: an episode, then the native libraries that are mapped. */
final class JarProbe {
    private JarProbe() {}

    public static void main(String[] arguments) throws IOException {
        double[] observation = new double[11];
        try (Environment environment = Environments.create(Tasks.named("hopper"))) {
            environment.reset(0, observation);
            double episodeReturn = 0;
            while (!environment.terminated()) {
                episodeReturn += environment.step(new float[3], observation);
            }
            System.out.println("return " + episodeReturn);
        }
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            lines.filter(line -> line.contains("ujoco") || line.contains("uJoCo"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .forEach(path -> System.out.println("mapped " + path));
        }
    }
}

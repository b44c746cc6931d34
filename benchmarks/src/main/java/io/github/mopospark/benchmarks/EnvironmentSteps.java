package io.github.mopospark.benchmarks;

import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.tasks.Tasks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One contestant of {@code benchmarks/environment-steps/compare.py}: for each line "N" read, runs the recorded episodes N
 * times and prints the seconds spent in steps and the sum of the last qpos, by which the contestants are held together.
 */
final class EnvironmentSteps {
    private final Environment environment;
    private final int steps;
    private final int[] startIndex;
    private final double[][] startPositions;
    private final double[][] startVelocities;
    private final float[][] actions;
    private final double[] observation;

    private EnvironmentSteps(Environment environment, ByteBuffer episodes) {
        this.environment = environment;
        this.observation = new double[environment.observationSpace().size()];
        this.steps = episodes.getInt();
        this.startIndex = new int[episodes.getInt()];
        for (int i = 0; i < startIndex.length; i++) {
            startIndex[i] = episodes.getInt();
        }
        this.startPositions = rows(episodes, startIndex.length, environment.positionSize());
        this.startVelocities = rows(episodes, startIndex.length, environment.velocitySize());
        double[][] recorded = rows(episodes, steps, environment.actionSpace().size());
        this.actions = new float[steps][environment.actionSpace().size()];
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < actions[step].length; i++) {
                actions[step][i] = (float) recorded[step][i];
            }
        }
    }

    private static double[][] rows(ByteBuffer from, int count, int size) {
        double[][] rows = new double[count][size];
        for (double[] row : rows) {
            for (int i = 0; i < size; i++) {
                row[i] = from.getDouble();
            }
        }
        return rows;
    }

    /** Runs all episodes once; returns the nanoseconds spent in steps, resets left out. */
    private long run() {
        long nanoseconds = 0;
        for (int episode = 0; episode < startIndex.length; episode++) {
            environment.reset(startPositions[episode], startVelocities[episode], observation);
            int end = episode + 1 < startIndex.length ? startIndex[episode + 1] : steps;
            long before = System.nanoTime();
            for (int step = startIndex[episode]; step < end; step++) {
                environment.step(actions[step], observation);
            }
            nanoseconds += System.nanoTime() - before;
        }
        return nanoseconds;
    }

    private double checksum() {
        double[] positions = new double[environment.positionSize()];
        environment.state(positions, new double[environment.velocitySize()]);
        double sum = 0;
        for (double position : positions) {
            sum += position;
        }
        return sum;
    }

    /**
     * Serves until the input ends.
     *
     * @param arguments the task's name and the file of episodes
     * @throws IOException if the file or the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        ByteBuffer episodes =
                ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[1]))).order(ByteOrder.LITTLE_ENDIAN);
        try (Environment environment = Environments.create(Tasks.named(arguments[0]));
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            EnvironmentSteps worker = new EnvironmentSteps(environment, episodes);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                long nanoseconds = 0;
                for (int i = Integer.parseInt(line); i > 0; i--) {
                    nanoseconds += worker.run();
                }
                System.out.printf(Locale.ROOT, "%.9f %.17g%n", nanoseconds / 1e9, worker.checksum());
            }
        }
    }
}

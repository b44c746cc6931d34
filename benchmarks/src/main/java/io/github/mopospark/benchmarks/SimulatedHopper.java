package io.github.mopospark.benchmarks;

import io.github.mopospark.ensemble.TrueModel;
import io.github.mopospark.environments.Environment;
import io.github.mopospark.environments.Environments;
import io.github.mopospark.tasks.Tasks;

/**
 * The hopper's simulator, set to the state of each observation with x = 0, on which nothing depends. Observed velocities are
 * clipped: one at the clip tells only that it was there or beyond, and the row gets NaN.
 */
final class SimulatedHopper implements TrueModel, AutoCloseable {
    private static final int OBSERVED_POSITIONS = 5;
    private static final double CLIP = 10;

    private final Environment environment = Environments.create(Tasks.named("hopper"));
    private final int observationSize = environment.task().observationSize();
    private final double[] positions = new double[environment.positionSize()];
    private final double[] velocities = new double[environment.velocitySize()];
    private final double[] next = new double[observationSize];
    private final float[] action = new float[environment.task().actionSize()];

    @Override
    public void step(float[] observations, float[] actions, int rows, float[] rewards, float[] nextObservations) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(actions, row * action.length, action, 0, action.length);
            rewards[row] =
                    reset(observations, row * observationSize) ? (float) environment.step(action, next) : Float.NaN;
            for (int j = 0; j < observationSize; j++) {
                nextObservations[row * observationSize + j] = Float.isNaN(rewards[row]) ? Float.NaN : (float) next[j];
            }
        }
    }

    /** False where the observation does not tell the state. */
    private boolean reset(float[] observations, int from) {
        for (int j = 0; j < OBSERVED_POSITIONS; j++) {
            positions[1 + j] = observations[from + j];
        }
        for (int j = 0; j < velocities.length; j++) {
            velocities[j] = observations[from + OBSERVED_POSITIONS + j];
            if (Math.abs(velocities[j]) >= CLIP) {
                return false;
            }
        }
        environment.reset(positions, velocities, next);
        return true;
    }

    @Override
    public void close() {
        environment.close();
    }
}

package io.github.mopospark.environments;

import io.github.mopospark.tasks.Task;
import java.awt.image.BufferedImage;

/**
 * A simulated task, after Gymnasium's {@code Env}: reset, then step until the episode is terminated or truncated. For one
 * thread at a time. It holds native memory: close it. After close, reset, step, state, warnings and render throw
 * {@link IllegalStateException}.
 *
 * <pre>{@code
 * try (Environment environment = Environments.create(Tasks.named("hopper"))) {
 *     double[] observation = new double[environment.observationSpace().size()];
 *     double episodeReturn = 0;
 *     environment.reset(seed, observation);
 *     while (!environment.terminated() && !environment.truncated()) {
 *         episodeReturn += environment.step(policy.action(observation), observation);
 *     }
 * }
 * }</pre>
 */
public interface Environment extends AutoCloseable {

    /**
     * The task that is simulated.
     *
     * @return its facts
     */
    Task task();

    /**
     * What observations look like.
     *
     * @return a box of the task's observation size, without bounds
     */
    Box observationSpace();

    /**
     * What actions look like.
     *
     * @return a box of the task's action size with bounds -1 and 1
     */
    Box actionSpace();

    /**
     * The simulated time of one step.
     *
     * @return seconds
     */
    double stepSeconds();

    /**
     * The length of the simulator's position vector (qpos).
     *
     * @return numbers in it
     */
    int positionSize();

    /**
     * The length of the simulator's velocity vector (qvel).
     *
     * @return numbers in it
     */
    int velocitySize();

    /**
     * Starts an episode from the task's distribution of initial states. The same seed gives the same state on every
     * machine; the distribution is Gymnasium's, its random numbers are not.
     *
     * @param seed any number
     * @param observation receives the first observation, {@code [observationSize]}
     */
    void reset(long seed, double[] observation);

    /**
     * Starts an episode from a recorded state of the simulator; warm-start and time begin anew, as after Gymnasium's
     * {@code set_state} on a fresh reset.
     *
     * @param positions qpos, {@code [positionSize]}
     * @param velocities qvel, {@code [velocitySize]}
     * @param observation receives the first observation, {@code [observationSize]}
     * @throws IllegalArgumentException if a length is wrong or a number is not finite
     */
    void reset(double[] positions, double[] velocities, double[] observation);

    /**
     * Takes one step of the episode. Allocates nothing.
     *
     * @param action {@code [actionSize]}; beyond [-1, 1] the simulator clamps it, yet the reward's control cost counts it
     *     as it is
     * @param observation receives the next observation, {@code [observationSize]}
     * @return the reward
     * @throws IllegalArgumentException if a length is wrong or an action is not finite
     * @throws IllegalStateException before the first reset, after the episode's end, or after close
     */
    double step(float[] action, double[] observation);

    /**
     * Whether the task ended: a state was reached after which there is no value.
     *
     * @return true after the step that ended it, until the next reset
     */
    boolean terminated();

    /**
     * Whether the time limit cut the episode off.
     *
     * @return true after the step that reached the limit, until the next reset
     */
    boolean truncated();

    /**
     * Copies the simulator's state.
     *
     * @param positions receives qpos, {@code [positionSize]}
     * @param velocities receives qvel, {@code [velocitySize]}
     * @throws IllegalStateException before the first reset, or after close
     */
    void state(double[] positions, double[] velocities);

    /**
     * How often the simulator has warned in this episode, of a state that diverged for example.
     *
     * @return 0 in a sound episode
     */
    int warnings();

    /**
     * Draws the present state, without a GPU or a display.
     *
     * @param width pixels
     * @param height pixels
     * @return a picture from the side, the torso in its middle
     * @throws IllegalArgumentException if a side is below 16 pixels
     * @throws IllegalStateException before the first reset, or after close
     */
    BufferedImage render(int width, int height);

    /** Frees the simulator. A second call does nothing. */
    @Override
    void close();
}

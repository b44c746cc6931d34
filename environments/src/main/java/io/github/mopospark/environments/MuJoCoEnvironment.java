package io.github.mopospark.environments;

import io.github.mopospark.environments.mujoco.MuJoCoModel;
import io.github.mopospark.environments.mujoco.MuJoCoSimulation;
import io.github.mopospark.environments.rendering.Camera;
import io.github.mopospark.environments.rendering.SideView;
import io.github.mopospark.tasks.RelabelledReward;
import io.github.mopospark.tasks.Task;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;

/** What all tasks share: the order of a step, episodes, the time limit and the checks. A task adds its three formulas. */
abstract sealed class MuJoCoEnvironment implements Environment permits PlanarEnvironment, Ant {
    private final Task task;
    private final Box observationSpace;
    private final Box actionSpace;
    private final int frameSkip;
    private final boolean withContactForces;
    /** How many leading positions the observation leaves out: where the torso is, for the dynamics do not depend on it. */
    private final int hiddenPositions;

    private final double[] initialPositions;
    private final double stepSeconds;
    private final SideView view;
    private final MuJoCoSimulation simulation;
    private final double[] positions;
    private final double[] velocities;
    /** Positions without the hidden ones, then velocities as the simulator has them. */
    private final double[] features;

    private Phase phase = Phase.NEW;
    private boolean terminated;
    private boolean truncated;
    private int elapsedSteps;

    private enum Phase {
        NEW("reset the environment first"),
        RUNNING("the episode is running"),
        OVER("the episode is over; reset the environment before the next step"),
        CLOSED("this environment is closed");

        private final String description;

        Phase(String description) {
            this.description = description;
        }
    }

    /**
     * Compiles the model and makes a simulation of it.
     *
     * @param modelName the MJCF file beside this class, without its ending
     * @param frameSkip MuJoCo steps a step of the task
     */
    MuJoCoEnvironment(
            Task task, String modelName, int frameSkip, int hiddenPositions, boolean withContactForces, Camera camera) {
        this.task = task;
        this.observationSpace = Box.unbounded(task.observationSize());
        this.actionSpace = new Box(task.actionSize(), -1, 1);
        this.frameSkip = frameSkip;
        this.withContactForces = withContactForces;
        this.hiddenPositions = hiddenPositions;
        // Closed at once: the simulation alone keeps the compiled model alive, and ends it.
        try (MuJoCoModel model = MuJoCoModel.fromXml(resource("models/" + modelName + ".xml"))) {
            this.initialPositions = model.numbers("qpos0");
            this.positions = new double[model.positionSize()];
            this.velocities = new double[model.velocitySize()];
            this.stepSeconds = model.timestep() * frameSkip;
            this.view = SideView.of(model, camera);
            this.simulation = new MuJoCoSimulation(model);
        }
        this.features = new double[positions.length - hiddenPositions + velocities.length];
    }

    private static String resource(String name) {
        try (InputStream stream = MuJoCoEnvironment.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the jar of the environments lacks " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + name + " from the jar of the environments", e);
        }
    }

    /** Adds the initial noise to the model's initial positions and to velocities of zero. */
    abstract void addNoise(Random random, double[] positions, double[] velocities);

    /** Notes what the reward needs of the state before a step. */
    abstract void beforeStep(MuJoCoSimulation simulation, double[] positions);

    /** The reward of the step just taken, after {@link #observe}. */
    abstract double reward(double squaredAction, MuJoCoSimulation simulation, double[] positions);

    /** Writes the observation that belongs to the features. */
    abstract void observe(double[] features, MuJoCoSimulation simulation, double[] observation);

    @Override
    public final void reset(long seed, double[] observation) {
        double[] startPositions = initialPositions.clone();
        double[] startVelocities = new double[velocities.length];
        addNoise(new Random(mix(seed)), startPositions, startVelocities);
        reset(startPositions, startVelocities, observation);
    }

    /** SplitMix64's output function: neighbouring seeds of {@link Random} would begin with alike numbers. */
    private static long mix(long seed) {
        long mixed = seed + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    @Override
    public final void reset(double[] startPositions, double[] startVelocities, double[] observation) {
        requireLength("observation", Objects.requireNonNull(observation, "observation").length, observationSpace);
        // MuJoCo would put a state that is not finite back to the initial one without a word.
        requireFinite("positions", Objects.requireNonNull(startPositions, "positions"));
        requireFinite("velocities", Objects.requireNonNull(startVelocities, "velocities"));
        simulation.reset(startPositions, startVelocities);
        terminated = false;
        truncated = false;
        elapsedSteps = 0;
        readState();
        observe(features, simulation, observation);
        phase = Phase.RUNNING;
    }

    @Override
    public final double step(float[] action, double[] observation) {
        requireLength("action", Objects.requireNonNull(action, "action").length, actionSpace);
        requireLength("observation", Objects.requireNonNull(observation, "observation").length, observationSpace);
        if (phase != Phase.RUNNING) {
            throw new IllegalStateException(phase.description);
        }
        beforeStep(simulation, positions);
        simulation.step(action, frameSkip, withContactForces);
        readState();
        elapsedSteps++;
        terminated = task.terminationRule().terminates(features);
        truncated = elapsedSteps >= task.timeLimit();
        if (terminated || truncated) {
            phase = Phase.OVER;
        }
        observe(features, simulation, observation);
        return reward(RelabelledReward.squaredNorm(action), simulation, positions);
    }

    private void readState() {
        simulation.positions(positions);
        simulation.velocities(velocities);
        int visible = positions.length - hiddenPositions;
        System.arraycopy(positions, hiddenPositions, features, 0, visible);
        System.arraycopy(velocities, 0, features, visible, velocities.length);
    }

    private static void requireFinite(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(name + "[" + i + "] must be finite, but was " + values[i]);
            }
        }
    }

    private void requireReset() {
        if (phase == Phase.NEW) {
            throw new IllegalStateException(phase.description);
        }
    }

    private static void requireLength(String name, int found, Box space) {
        if (found != space.size()) {
            throw new IllegalArgumentException(name + " must have length " + space.size() + ", but has " + found);
        }
    }

    @Override
    public final Task task() {
        return task;
    }

    @Override
    public final Box observationSpace() {
        return observationSpace;
    }

    @Override
    public final Box actionSpace() {
        return actionSpace;
    }

    @Override
    public final double stepSeconds() {
        return stepSeconds;
    }

    @Override
    public final int positionSize() {
        return positions.length;
    }

    @Override
    public final int velocitySize() {
        return velocities.length;
    }

    @Override
    public final boolean terminated() {
        return terminated;
    }

    @Override
    public final boolean truncated() {
        return truncated;
    }

    @Override
    public final void state(double[] toPositions, double[] toVelocities) {
        requireReset();
        simulation.positions(toPositions);
        simulation.velocities(toVelocities);
    }

    @Override
    public final int warnings() {
        return simulation.warnings();
    }

    @Override
    public final BufferedImage render(int width, int height) {
        requireReset();
        return view.draw(simulation, width, height);
    }

    @Override
    public final void close() {
        phase = Phase.CLOSED;
        simulation.close();
    }
}

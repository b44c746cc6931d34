package io.github.mopospark.environments.mujoco;

import java.nio.DoubleBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;

/**
 * A running simulation of a model (mjData). Different simulations of one model run in parallel; the methods of one exclude
 * each other, so that a close from another thread waits for the step to end. Its memory is native: close it. After a
 * {@link MuJoCoException} the state is undefined until the next {@link #reset}.
 *
 * <p>A step is one native call and allocates nothing.
 */
public final class MuJoCoSimulation implements AutoCloseable {
    private final MuJoCoModel model;
    private final MuJoCo.NativeModel modelAddress;
    private final MuJoCo.NativeData data;
    // Views of mjData's own memory, which stays where it is until mj_deleteData.
    private final DoubleBuffer qpos;
    private final DoubleBuffer qvel;
    private final DoubleBuffer ctrl;
    private final DoubleBuffer bodyPositions;
    private final DoubleBuffer geomPositions;
    private final DoubleBuffer geomRotations;
    private final DoubleBuffer contactForces;
    private boolean closed;
    private boolean failed;

    /**
     * A simulation in the model's initial state; where bodies and geoms are is computed by the first reset or step.
     *
     * @param model an open model
     * @throws MuJoCoException if there is no memory for it
     * @throws IllegalStateException if the model is closed
     */
    public MuJoCoSimulation(MuJoCoModel model) {
        this.model = Objects.requireNonNull(model, "model");
        this.data = model.newData();
        this.modelAddress = model.address();
        this.qpos = view(data.qpos(), model.positionSize());
        this.qvel = view(data.qvel(), model.velocitySize());
        this.ctrl = view(data.ctrl(), model.controlSize());
        this.bodyPositions = view(data.xpos(), 3 * model.bodyCount());
        this.geomPositions = view(data.geom_xpos(), 3 * model.geomCount());
        this.geomRotations = view(data.geom_xmat(), 9 * model.geomCount());
        this.contactForces = view(data.cfrc_ext(), 6 * model.bodyCount());
    }

    private static DoubleBuffer view(DoublePointer field, int size) {
        // A model without controls has no memory for them.
        return size == 0 ? DoubleBuffer.allocate(0) : field.capacity(size).asBuffer();
    }

    /**
     * Starts again from a state: mj_resetData, the state set, mj_forward.
     *
     * @param positions {@code [nq]}
     * @param velocities {@code [nv]}
     * @throws IllegalArgumentException if a length is wrong
     * @throws IllegalStateException after close
     * @throws MuJoCoException if MuJoCo reports an error
     */
    public synchronized void reset(double[] positions, double[] velocities) {
        requireOpen();
        requireLength("positions", positions, qpos.capacity());
        requireLength("velocities", velocities, qvel.capacity());
        failed = false;
        check(MuJoCo.mopo_reset(modelAddress, data));
        qpos.put(0, positions);
        qvel.put(0, velocities);
        check(MuJoCo.mopo_forward(modelAddress, data));
    }

    /**
     * Applies a control and lets time pass.
     *
     * @param control {@code [nu]}; MuJoCo clamps it to each actuator's range
     * @param steps how many of MuJoCo's steps to take
     * @param withContactForces whether {@link #contactForces} is to be brought up to date (mj_rnePostConstraint)
     * @throws IllegalArgumentException if the length is wrong, a control is not finite or steps is below 1
     * @throws IllegalStateException after close, or after an error without a reset
     * @throws MuJoCoException if MuJoCo reports an error
     */
    public synchronized void step(float[] control, int steps, boolean withContactForces) {
        requireOpen();
        if (failed) {
            throw new IllegalStateException("this MuJoCo simulation failed; reset it first");
        }
        Objects.requireNonNull(control, "control");
        requireLength("control", control.length, ctrl.capacity());
        if (steps < 1) {
            throw new IllegalArgumentException("steps must be at least 1, but was " + steps);
        }
        for (int i = 0; i < control.length; i++) {
            // MuJoCo would take it for 0 without a word.
            if (!Float.isFinite(control[i])) {
                throw new IllegalArgumentException("control[" + i + "] must be finite, but was " + control[i]);
            }
            ctrl.put(i, control[i]);
        }
        check(MuJoCo.mopo_step(modelAddress, data, steps, withContactForces));
    }

    /**
     * Copies the positions.
     *
     * @param to {@code [nq]}
     * @throws IllegalArgumentException if the length is wrong
     * @throws IllegalStateException after close
     */
    public synchronized void positions(double[] to) {
        read(qpos, "positions", to);
    }

    /**
     * Copies the velocities.
     *
     * @param to {@code [nv]}
     * @throws IllegalArgumentException if the length is wrong
     * @throws IllegalStateException after close
     */
    public synchronized void velocities(double[] to) {
        read(qvel, "velocities", to);
    }

    /**
     * A coordinate of a body's frame in the world, as of the last time MuJoCo computed it: after {@link #step} that is the
     * start of its last inner step, as in MuJoCo's xpos.
     *
     * @param body the body's id
     * @param axis 0, 1 or 2 for x, y or z
     * @return metres
     * @throws IndexOutOfBoundsException if there is no such body or axis
     * @throws IllegalStateException after close
     */
    public synchronized double bodyPosition(int body, int axis) {
        requireOpen();
        Objects.checkIndex(axis, 3);
        return bodyPositions.get(3 * Objects.checkIndex(body, model.bodyCount()) + axis);
    }

    /**
     * Copies the positions of the geoms in the world.
     *
     * @param to {@code [ngeom * 3]}, metres
     * @throws IllegalArgumentException if the length is wrong
     * @throws IllegalStateException after close
     */
    public synchronized void geomPositions(double[] to) {
        read(geomPositions, "geomPositions", to);
    }

    /**
     * Copies the rotations of the geoms in the world.
     *
     * @param to {@code [ngeom * 9]}, a row-major matrix a geom
     * @throws IllegalArgumentException if the length is wrong
     * @throws IllegalStateException after close
     */
    public synchronized void geomRotations(double[] to) {
        read(geomRotations, "geomRotations", to);
    }

    /**
     * Copies the external forces on the bodies (cfrc_ext).
     *
     * @param to {@code [nbody * 6]}, torque and force a body
     * @throws IllegalArgumentException if the length is wrong
     * @throws IllegalStateException after close
     */
    public synchronized void contactForces(double[] to) {
        read(contactForces, "contactForces", to);
    }

    /**
     * How often MuJoCo has warned since the last reset: of a diverged state that it put back to the initial one, of a full
     * contact buffer and the like. It warns nowhere else.
     *
     * @return the number of warnings
     * @throws IllegalStateException after close
     */
    public synchronized int warnings() {
        requireOpen();
        return MuJoCo.mopo_warnings(data);
    }

    /** Frees the native memory. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            model.release(data);
        }
    }

    private void read(DoubleBuffer from, String name, double[] to) {
        requireOpen();
        requireLength(name, to, from.capacity());
        from.get(0, to);
    }

    private void check(boolean succeeded) {
        if (!succeeded) {
            failed = true;
            throw new MuJoCoException(MuJoCo.mopo_error());
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this MuJoCo simulation is closed");
        }
    }

    private static void requireLength(String name, double[] array, int length) {
        Objects.requireNonNull(array, name);
        requireLength(name, array.length, length);
    }

    private static void requireLength(String name, int found, int length) {
        if (found != length) {
            throw new IllegalArgumentException(name + " must have length " + length + ", but has " + found);
        }
    }
}

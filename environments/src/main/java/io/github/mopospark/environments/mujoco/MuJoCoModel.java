package io.github.mopospark.environments.mujoco;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A compiled MuJoCo model (mjModel), which never changes. Any number of simulations on any number of threads may share it.
 * Its memory is native: close it. It is freed once it and all its simulations are closed, in whatever order.
 */
public final class MuJoCoModel implements AutoCloseable {
    private final MuJoCo.NativeModel address;
    private final int positionSize;
    private final int velocitySize;
    private final int controlSize;
    private final int bodyCount;
    private final int geomCount;
    private final double timestep;

    /** Guarded by this. */
    private int openSimulations;

    /** Guarded by this. */
    private boolean closed;

    private MuJoCoModel(MuJoCo.NativeModel address) {
        this.address = address;
        this.positionSize = (int) numbers("nq")[0];
        this.velocitySize = (int) numbers("nv")[0];
        this.controlSize = (int) numbers("nu")[0];
        this.bodyCount = (int) numbers("nbody")[0];
        this.geomCount = (int) numbers("ngeom")[0];
        this.timestep = numbers("opt_timestep")[0];
    }

    /**
     * Compiles a model.
     *
     * @param mjcf MuJoCo's XML
     * @return the model, to be closed by the caller
     * @throws MuJoCoException if it does not compile; the message is MuJoCo's, with the line
     */
    public static MuJoCoModel fromXml(String mjcf) {
        Objects.requireNonNull(mjcf, "mjcf");
        MuJoCo.NativeModel address = MuJoCo.mopo_load_xml(mjcf);
        if (address == null) {
            throw new MuJoCoException("the model does not compile: " + MuJoCo.mopo_error());
        }
        return new MuJoCoModel(address);
    }

    /**
     * A numeric field, whatever its type in C.
     *
     * @param field MuJoCo's name of a field of mjModel ({@code body_mass}, {@code nq}), or of its mjOption after
     *     {@code opt_} ({@code opt_timestep})
     * @return a copy of its numbers, row after row
     * @throws IllegalArgumentException if mjModel has no such field
     * @throws IllegalStateException after close
     */
    public synchronized double[] numbers(String field) {
        requireOpen();
        Objects.requireNonNull(field, "field");
        int count = MuJoCo.mopo_numbers(address, field, new double[1], 0);
        if (count < 0) {
            throw new IllegalArgumentException("mjModel has no numeric field '" + field + "'");
        }
        // JNI hands over no pointer for an empty array.
        double[] numbers = new double[Math.max(count, 1)];
        MuJoCo.mopo_numbers(address, field, numbers, count);
        return count == 0 ? new double[0] : numbers;
    }

    /**
     * The names of all objects of a kind.
     *
     * @param kind which objects
     * @return names in the order of MuJoCo's ids, empty for an object without a name
     * @throws IllegalStateException after close
     */
    public synchronized List<String> names(ObjectKind kind) {
        int count = (int) numbers(kind.countField())[0];
        List<String> names = new ArrayList<>(count);
        for (int id = 0; id < count; id++) {
            names.add(MuJoCo.mopo_name(address, kind.typeName(), id));
        }
        return List.copyOf(names);
    }

    /**
     * The length of the position vector.
     *
     * @return MuJoCo's nq
     */
    public int positionSize() {
        return positionSize;
    }

    /**
     * The length of the velocity vector.
     *
     * @return MuJoCo's nv
     */
    public int velocitySize() {
        return velocitySize;
    }

    /**
     * The length of the control vector.
     *
     * @return MuJoCo's nu
     */
    public int controlSize() {
        return controlSize;
    }

    /**
     * How many bodies there are, the world included.
     *
     * @return MuJoCo's nbody
     */
    public int bodyCount() {
        return bodyCount;
    }

    /**
     * How many geoms there are, the floor included.
     *
     * @return MuJoCo's ngeom
     */
    public int geomCount() {
        return geomCount;
    }

    /**
     * The time between two of MuJoCo's steps.
     *
     * @return seconds
     */
    public double timestep() {
        return timestep;
    }

    MuJoCo.NativeModel address() {
        return address;
    }

    /** Takes native memory for a simulation and keeps the model alive until {@link #release}. */
    synchronized MuJoCo.NativeData newData() {
        requireOpen();
        MuJoCo.NativeData data = MuJoCo.mopo_make_data(address);
        if (data == null) {
            throw new MuJoCoException("no memory for a simulation: " + MuJoCo.mopo_error());
        }
        openSimulations++;
        return data;
    }

    synchronized void release(MuJoCo.NativeData data) {
        MuJoCo.mj_deleteData(data);
        openSimulations--;
        freeIfUnused();
    }

    /** Ends the use of this model. Simulations that are still open go on. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            freeIfUnused();
        }
    }

    private void freeIfUnused() {
        if (closed && openSimulations == 0) {
            MuJoCo.mj_deleteModel(address);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this MuJoCo model is closed");
        }
    }
}

package io.github.mopospark.environments.mujoco;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.MemberGetter;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The native calls, declared for JavaCPP by hand: a dozen functions of {@code mujoco_calls.h} and the few fields of mjData
 * that are read. Nothing here checks its arguments; {@link MuJoCoModel} and {@link MuJoCoSimulation} do.
 */
@Platform(
        include = "mujoco_calls.h",
        // The suffix is the library's soname, so that the loader extracts the file by the name the linker noted.
        link = "mujoco@.3.3.7",
        compiler = "cpp17")
final class MuJoCo {
    static {
        Loader.load();
        requireSameVersion(mopo_header_version(), mj_version());
        mopo_install_handlers();
    }

    private MuJoCo() {}

    /** A header and a library of different versions disagree about where fields lie. */
    static void requireSameVersion(int header, int library) {
        if (header != library) {
            throw new MuJoCoException("the MuJoCo library that was loaded is version " + library
                    + ", but the binding was built for " + header
                    + "; remove the other libmujoco from java.library.path and the classpath");
        }
    }

    /** A compiled model: mjModel. */
    @Name("mjModel")
    static final class NativeModel extends Pointer {
        NativeModel(Pointer address) {
            super(address);
        }
    }

    /** The state of a simulation: mjData. */
    @Name("mjData")
    static final class NativeData extends Pointer {
        NativeData(Pointer address) {
            super(address);
        }

        @MemberGetter
        native DoublePointer qpos();

        @MemberGetter
        native DoublePointer qvel();

        @MemberGetter
        native DoublePointer ctrl();

        @MemberGetter
        native DoublePointer xpos();

        @MemberGetter
        native DoublePointer geom_xpos();

        @MemberGetter
        native DoublePointer geom_xmat();

        @MemberGetter
        native DoublePointer cfrc_ext();
    }

    static native int mj_version();

    static native int mopo_header_version();

    static native void mopo_install_handlers();

    static native String mopo_error();

    static native NativeModel mopo_load_xml(String xml);

    static native void mj_deleteModel(NativeModel model);

    static native int mopo_numbers(@Const NativeModel model, String field, double[] to, int capacity);

    static native String mopo_name(@Const NativeModel model, String type, int id);

    static native NativeData mopo_make_data(@Const NativeModel model);

    static native void mj_deleteData(NativeData data);

    static native @Cast("bool") boolean mopo_reset(@Const NativeModel model, NativeData data);

    static native @Cast("bool") boolean mopo_forward(@Const NativeModel model, NativeData data);

    static native @Cast("bool") boolean mopo_step(
            @Const NativeModel model, NativeData data, int steps, @Cast("bool") boolean contactForces);

    static native int mopo_warnings(@Const NativeData data);
}

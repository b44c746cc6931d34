package io.github.mopospark.environments.mujoco;

/** The kinds of named objects in a model. */
public enum ObjectKind {
    /** Rigid bodies; 0 is the world. */
    BODY("body", "nbody"),
    /** Joints. */
    JOINT("joint", "njnt"),
    /** Geoms: the shapes that collide. */
    GEOM("geom", "ngeom"),
    /** Actuators: the motors that actions drive. */
    ACTUATOR("actuator", "nu");

    private final String typeName;
    private final String countField;

    ObjectKind(String typeName, String countField) {
        this.typeName = typeName;
        this.countField = countField;
    }

    /** MuJoCo's word for the type. */
    String typeName() {
        return typeName;
    }

    /** The field of mjModel that counts these objects. */
    String countField() {
        return countField;
    }
}

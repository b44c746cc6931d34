package io.github.mopospark.environments.mujoco;

/** An error of MuJoCo itself: a model that does not compile, memory that does not suffice, a library that does not fit. */
public final class MuJoCoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MuJoCoException(String message) {
        super(message);
    }
}

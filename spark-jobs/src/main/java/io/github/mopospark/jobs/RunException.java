package io.github.mopospark.jobs;

/** A run cannot go on, for a reason that running it again does not change: a line tells it, no trace. */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message what is wrong, where, and what to do
     */
    public RunException(String message) {
        super(message);
    }
}

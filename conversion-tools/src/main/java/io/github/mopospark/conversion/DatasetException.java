package io.github.mopospark.conversion;

/** Data that cannot be taken as they are. The message says what was wrong, in which file, dataset and row, and what to do. */
public final class DatasetException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * An exception without a cause.
     *
     * @param message what was wrong, where, and what to do
     */
    public DatasetException(String message) {
        super(message);
    }

    /**
     * An exception with a cause.
     *
     * @param message what was wrong, where, and what to do
     * @param cause what a library said
     */
    public DatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
